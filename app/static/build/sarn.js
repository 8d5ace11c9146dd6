{
// Says when there is no connection, and sends no form into the void: what was typed stays in the form
// (and on this device, see draft-keeper.js) until it can be sent. Registers the worker that keeps what was read.
const status = document.querySelector("[data-connection]");

function say(text) {
  if (status) {
    status.textContent = text ?? "";
  }
}

function sayConnection() {
  say(window.navigator.onLine ? "" : status?.dataset.offline);
}

document.addEventListener(
  "submit",
  (event) => {
    if (!window.navigator.onLine && event.target.method !== "get") {
      event.preventDefault();
      event.stopImmediatePropagation();
      say(status?.dataset.notSent);
    }
  },
  true,
);
window.addEventListener("offline", sayConnection);
window.addEventListener("online", sayConnection);
sayConnection();

if ("serviceWorker" in window.navigator && window.isSecureContext) {
  window.addEventListener("load", () => {
    window.navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
  });
}
}
{
// A link marked data-copy-link also puts its own address on the clipboard, and says so in the words of the
// nearest data-copied. Without a clipboard it stays what it is: a link to that place.
const SHOWN = 4000;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-copy-link]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  navigator.clipboard?.writeText(link.href).then(() => {
    document.querySelector(".sarn-copy-link")?.remove();
    const note = document.createElement("span");
    note.className = "sarn-copy-link";
    note.setAttribute("role", "status");
    link.after(note);
    note.textContent = link.closest("[data-copied]")?.dataset.copied ?? "";
    window.setTimeout(() => note.remove(), SHOWN);
  });
});
}
{
// What is typed into a form marked data-keep stays in this browser until it was received, so that a lost
// connection or a closed window loses nothing. It is forgotten after a week, when the server says that
// the text arrived ([data-keep-done]), when the form is no longer there after sending, and at sign-out.
const PREFIX = "sarn-kept:";
const LIFETIME = 7 * 24 * 60 * 60 * 1000;
const PAUSE = 400;
const KEPT = "textarea, input[type=text], input[type=search], input[type=url], input:not([type])";

function store() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function keyOf(form) {
  return PREFIX + (form.dataset.keep || window.location.pathname);
}

function load(key) {
  try {
    return JSON.parse(store()?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function save(key, kept) {
  try {
    store()?.setItem(key, JSON.stringify(kept));
  } catch {
    return;
  }
}

function forget(match) {
  const kept = store();
  for (const key of Object.keys(kept ?? {})) {
    if (key.startsWith(PREFIX) && match(load(key), key)) {
      kept.removeItem(key);
    }
  }
}

function keep(form, sent) {
  const fields = {};
  for (const control of form.querySelectorAll(KEPT)) {
    if (control.name && control.value) {
      fields[control.name] = control.value;
    }
  }
  if (Object.keys(fields).length === 0) {
    store()?.removeItem(keyOf(form));
  } else {
    save(keyOf(form), { fields, sent, at: Date.now() });
  }
}

function announce(form) {
  const note = document.createElement("p");
  note.className = "sarn-draft-keeper";
  note.setAttribute("role", "status");
  form.prepend(note);
  note.textContent = document.body.dataset.textRestored;
}

function restore(form) {
  const kept = load(keyOf(form));
  let restored = false;
  for (const control of kept ? form.querySelectorAll(KEPT) : []) {
    const value = kept.fields[control.name];
    if (value && value !== control.value && (!control.value || !kept.sent)) {
      control.value = value;
      restored = true;
    }
  }
  if (restored) {
    announce(form);
  }
}

function start(forms) {
  const present = new Set(forms.map(keyOf));
  const received = document.querySelector("[data-keep-done]") !== null;
  const oldest = Date.now() - LIFETIME;
  forget((kept, key) => !kept || kept.at < oldest || (kept.sent && (received || !present.has(key))));
  for (const form of forms) {
    let waiting = 0;
    restore(form);
    form.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => keep(form, false), PAUSE);
    });
    form.addEventListener("submit", () => {
      window.clearTimeout(waiting);
      keep(form, true);
    });
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) {
    forget(() => true);
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.target.matches("form[data-keep]")) {
    store()?.removeItem(keyOf(event.target));
  }
});
start(Array.from(document.querySelectorAll("form[data-keep]")));
}
{
// A form that came back with errors begins at the list of them.
document.querySelector(".govuk-error-summary")?.focus();
}
{
// Keys inside [data-quick-vote]: 1, 2 and 3 vote, the arrows move between the buttons. Whoever votes by
// key finds the focus on the next statement, so that the keys go on working. Outside nothing listens.
const MEMORY = "sarn-vote-by-key";

function buttons(area) {
  return Array.from(area.querySelectorAll("button[name=choice]"));
}

function remembered() {
  try {
    return window.sessionStorage.getItem(MEMORY) === "yes";
  } catch {
    return false;
  }
}

function remember(byKey) {
  try {
    window.sessionStorage.setItem(MEMORY, byKey ? "yes" : "no");
  } catch {
    return;
  }
}

function move(area, step) {
  const all = buttons(area);
  const place = all.indexOf(document.activeElement);
  const next = place === -1 ? 0 : (place + step + all.length) % all.length;
  all[next]?.focus();
}

function onKey(event) {
  const area = event.target.closest?.("[data-quick-vote]");
  const typing = event.target.matches?.("input:not([type=hidden]), textarea, select");
  if (!area || typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    event.preventDefault();
    move(area, event.key === "ArrowRight" ? 1 : -1);
  } else if (/^[1-9]$/.test(event.key) && !event.repeat) {
    const chosen = buttons(area)[Number(event.key) - 1];
    if (chosen) {
      event.preventDefault();
      remember(true);
      chosen.click();
    }
  }
}

function goOn() {
  if (remembered() && document.activeElement === document.body) {
    buttons(document)[0]?.focus();
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", () => remember(false));
document.addEventListener("htmx:afterSettle", goOn);
goOn();
}
{
// The contents of a draft ([data-reading-place]) mark the clause that is being read, keep the mark in
// sight, and fold away again on a small screen once a clause was chosen.
const contents = document.querySelector("[data-reading-place]");
const links = new Map();
for (const link of contents?.querySelectorAll("a[href^='#']") ?? []) {
  links.set(decodeURIComponent(link.hash.slice(1)), link);
}
const seen = new Set();
let current = null;

function keepInSight(link) {
  if (contents.scrollHeight > contents.clientHeight) {
    const top = link.offsetTop - contents.offsetTop;
    if (top < contents.scrollTop || top > contents.scrollTop + contents.clientHeight - 60) {
      contents.scrollTop = top - contents.clientHeight / 3;
    }
  }
}

function mark() {
  const first = Array.from(links.keys()).find((id) => seen.has(id));
  const link = links.get(first);
  if (!link || link === current) {
    return;
  }
  current?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "location");
  current = link;
  keepInSight(link);
}

if (links.size > 0) {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
      }
      mark();
    },
    { rootMargin: "-10% 0px -60% 0px" },
  );
  for (const id of links.keys()) {
    const clause = document.getElementById(id);
    if (clause) {
      watcher.observe(clause);
    }
  }
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a")) {
      contents.querySelector("details")?.removeAttribute("open");
    }
  });
}
}
{
// Words selected inside [data-clause-body] can be commented on: a bar at the foot of the window offers the
// address of the nearest [data-quote-link] with the words and what stands around them. The link itself
// stays as it is, for a comment on the whole clause. The nearest data-quote-text around it holds the words
// of the offer.
const CONTEXT = 32;
const LONGEST = 600;
let bar = null;

function closestLink(body) {
  for (let place = body; place; place = place.parentElement) {
    const link = place.querySelector("[data-quote-link]");
    if (link) {
      return link;
    }
  }
  return null;
}

function bodyOf(range) {
  const start = range.commonAncestorContainer;
  const element = start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement;
  return element?.closest("[data-clause-body]") ?? null;
}

function textBetween(body, node, offset, before) {
  const range = document.createRange();
  range.selectNodeContents(body);
  if (before) {
    range.setEnd(node, offset);
  } else {
    range.setStart(node, offset);
  }
  return range.toString();
}

function quoteOf(selection) {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) {
    return null;
  }
  const range = selection.getRangeAt(0);
  const body = bodyOf(range);
  const exact = range.toString();
  if (!body || !exact.trim() || exact.length > LONGEST) {
    return null;
  }
  const before = textBetween(body, range.startContainer, range.startOffset, true);
  const after = textBetween(body, range.endContainer, range.endOffset, false);
  return { body, exact, prefix: before.slice(-CONTEXT), suffix: after.slice(0, CONTEXT) };
}

function addressOf(link, quote) {
  const address = new URL(link.href);
  for (const part of ["exact", "prefix", "suffix"]) {
    address.searchParams.set(part, quote[part]);
  }
  return address.href;
}

function makeBar() {
  const made = document.createElement("div");
  made.className = "sarn-quote-bar";
  made.setAttribute("role", "status");
  const words = document.createElement("bdi");
  words.className = "sarn-quote-bar__words";
  const link = document.createElement("a");
  link.className = "govuk-button";
  made.append(words, link);
  document.body.append(made);
  return made;
}

function offer() {
  const quote = quoteOf(document.getSelection());
  const link = quote && closestLink(quote.body);
  if (!link) {
    if (bar && !bar.contains(document.activeElement)) {
      bar.hidden = true;
    }
    return;
  }
  bar = bar ?? makeBar();
  const [words, anchor] = bar.children;
  words.textContent = `“${quote.exact.trim()}”`;
  anchor.textContent = link.closest("[data-quote-text]")?.dataset.quoteText || link.textContent;
  anchor.href = addressOf(link, quote);
  bar.hidden = false;
}

if (document.querySelector("[data-clause-body]")) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(offer, 200);
  });
}
}
{
// A form that is being sent is not sent again by a second press. Scripts that send a form themselves
// (htmx) are left alone: they have prevented the event before it comes here.
const RELEASE_AFTER = 8000;
const sending = new WeakSet();

function release(form) {
  sending.delete(form);
  for (const button of form.querySelectorAll("button[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") {
    return;
  }
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  sending.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
  window.setTimeout(() => release(form), RELEASE_AFTER);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const form of document.forms) {
      release(form);
    }
  }
});
}
