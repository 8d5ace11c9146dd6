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
// Words selected inside [data-clause-body] can be commented on: a bar at the foot of the window offers the
// address of the nearest [data-quote-link] with the words and what stands around them. The link itself
// stays as it is, for a comment on the whole clause. Its data-quote-text holds the words of the offer.
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
  anchor.textContent = link.dataset.quoteText || link.textContent;
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
// Single keys on pages with .sarn-shortcuts that are marked data-shortcuts: j and k go on and back, along
// the stops of a list ([data-key-stop]) or by the links that carry the key ([data-key]); the number of a
// decision chooses it. Whoever is writing types letters: nothing listens in a field.
function isWriting(target) {
  return target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

function step(stops, distance) {
  const place = stops.indexOf(document.activeElement);
  const next = place === -1 ? 0 : Math.min(stops.length - 1, Math.max(0, place + distance));
  stops[next].focus();
  stops[next].scrollIntoView({ block: "center" });
}

function onShortcut(event) {
  const off = !document.querySelector("[data-shortcuts]");
  if (off || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isWriting(event.target)) {
    return;
  }
  const stops = Array.from(document.querySelectorAll("[data-key-stop]"));
  const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (stops.length > 0 && (event.key === "j" || event.key === "k")) {
    event.preventDefault();
    step(stops, event.key === "j" ? 1 : -1);
  } else if (link) {
    event.preventDefault();
    link.click();
    link.focus();
  }
}

document.addEventListener("keydown", onShortcut);
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
