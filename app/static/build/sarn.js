{
// Details of charts on pointing at them and by keys; without this every figure stands in the table below.
// [data-chart] holds a drawing. Parts with [data-label] say what they are; with data-chart-table the
// drawing has one bar for each row of that table, which says what it is. The line for the details is made
// before anyone points, so that nothing moves.
const LINE = "sarn-chart-details";

function labelsOf(chart) {
  const table = document.getElementById(chart.dataset.chartTable || "");
  if (!table) {
    return Array.from(chart.querySelectorAll("[data-label]"), (part) => part.dataset.label);
  }
  const head = Array.from(table.querySelectorAll("thead th"), (cell) => cell.textContent.trim());
  return Array.from(table.querySelectorAll("tbody tr"), (row) =>
    Array.from(row.cells, (cell, place) =>
      place === 0 ? cell.textContent.trim() : `${head[place]} ${cell.textContent.trim()}`,
    ).join(" · "),
  );
}

function prepare(chart) {
  const picture = chart.querySelector("svg");
  const labels = labelsOf(chart);
  if (!picture || labels.length === 0) {
    return;
  }
  const line = document.createElement("p");
  line.className = LINE;
  line.setAttribute("role", "status");
  picture.after(line);
  let place = -1;
  const show = (words) => {
    line.textContent = words ?? "";
  };
  const step = (by) => {
    place = (place + by + labels.length) % labels.length;
    show(labels[place]);
  };
  picture.setAttribute("tabindex", "0");
  picture.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      step(place === -1 && by < 0 ? 0 : by);
    } else if (event.key === "Escape") {
      show("");
    }
  });
  picture.addEventListener("focus", () => {
    if (place === -1) {
      step(1);
    }
  });
  picture.addEventListener("pointermove", (event) => {
    if (chart.dataset.chartTable) {
      const box = picture.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      place = Math.min(labels.length - 1, Math.max(0, Math.floor(share * labels.length)));
      show(labels[place]);
    } else {
      show(event.target.dataset?.label);
    }
  });
  picture.addEventListener("pointerleave", () => show(""));
}

document.querySelectorAll("[data-chart]").forEach(prepare);
}
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
// Buttons with data-copy="ID" copy the value of that field; without script the field itself can be copied.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const done = button.parentElement.querySelector("[data-copied]");
  if (!field || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      done.textContent = done.dataset.copied;
    } catch {
      field.select();
    }
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
// Where words are covered, a button puts the words that are selected in [data-cover-source] on lines of their own
// into the field that carries data-cover-target, whose value names the button.
function addSelection(source, field) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !source.contains(selection.anchorNode)) {
    return;
  }
  const lines = selection.toString().split("\n").map((line) => line.trim()).filter(Boolean);
  field.value = [field.value.trim(), ...lines].filter(Boolean).join("\n");
  field.focus();
}

function offerButton(source, field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = field.dataset.coverTarget;
  // A click elsewhere would clear the selection before it is read.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => addSelection(source, field));
  source.after(button);
}

const coverSource = document.querySelector("[data-cover-source]");
const coverTarget = document.querySelector("[data-cover-target]");
if (coverSource && coverTarget) {
  offerButton(coverSource, coverTarget);
}
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
// Keys inside [data-quick-vote]: 1, 2, 3 or A, D, U vote, wherever those letters are on the keyboard; the
// arrows move between the buttons. Outside nothing listens, and typing is never taken for a vote.
const CHOICES = { KeyA: "agree", KeyD: "disagree", KeyU: "pass" };

function buttons(area) {
  return Array.from(area.querySelectorAll("button[name=choice]"));
}

function move(area, step) {
  const all = buttons(area);
  const place = all.indexOf(document.activeElement);
  const next = place === -1 ? 0 : (place + step + all.length) % all.length;
  all[next]?.focus();
}

function chosen(area, event) {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const all = buttons(area);
  return digit ? all[Number(digit) - 1] : all.find((each) => each.value === CHOICES[event.code]);
}

document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("[data-quick-vote]");
  const typing = event.target.matches?.("input:not([type=hidden]), textarea, select");
  if (!area || typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    event.preventDefault();
    move(area, event.key === "ArrowRight" ? 1 : -1);
    return;
  }
  const button = event.repeat ? undefined : chosen(area, event);
  if (button) {
    event.preventDefault();
    button.click();
  }
});
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
// Single keys on pages with .sarn-shortcuts that are marked data-shortcuts: j and k go on and back, along
// the stops of a list ([data-key-stop]) or by the links that carry the key ([data-key]); the number of a
// decision chooses it; x ticks the box beside the stop that holds the focus, or clears it. Whoever is writing types letters: nothing listens in a field.
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
  } else if (event.key === "x" && stops.includes(document.activeElement)) {
    event.preventDefault();
    document.activeElement.closest("article")?.querySelector("input[type=checkbox]")?.click();
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
{
// A row of links that scrolls sideways (.sarn-subnav) begins where the present page is in sight.
for (const link of document.querySelectorAll(".sarn-subnav [aria-current]")) {
  const row = link.closest("ul");
  const end = link.getBoundingClientRect().right - row.getBoundingClientRect().left;
  if (end > row.clientWidth) {
    row.scrollLeft = end - (row.clientWidth + link.clientWidth) / 2;
  }
}
}
{
// Inside [data-vote-queue] the next statement comes at once, while votes go to the server one after the
// other. A vote waits on this device until the server has said that it counts: it survives a lost
// connection, a closed window and an expired sign-in, and is sent for nobody but the person who cast it.
// The numbers on the page are the server's, so that nothing is shown as counted before it is.
const KEPT = "sarn-kept:votes:";
const LONGEST_PAUSE = 30000;
const RETRIED = new Set([0, 408, 425, 429]);

function start(area) {
  const key = KEPT + area.dataset.voteQueue;
  const state = area.querySelector("[data-vote-state]");
  const retry = area.querySelector("[data-vote-retry]");
  const place = area.querySelector("#vote-card");
  const upcoming = area.querySelector("#vote-upcoming");
  const seen = new Set();
  let waiting = load();
  let sending = null;
  let failures = 0;
  let timer = 0;

  function load() {
    try {
      return JSON.parse(window.localStorage.getItem(key) ?? "null")?.votes ?? [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      if (waiting.length > 0) {
        window.localStorage.setItem(key, JSON.stringify({ votes: waiting, at: Date.now() }));
      } else {
        window.localStorage.removeItem(key);
      }
    } catch {
      return;
    }
  }

  function say(words, canRetry = false) {
    state.querySelector("p").textContent = words ?? "";
    state.hidden = !words;
    retry.hidden = !canRetry;
  }

  function shown() {
    return place.querySelector("[data-vote-card]");
  }

  function showNext() {
    const next = upcoming.querySelector("[data-vote-card]");
    const card = next ?? area.querySelector("#vote-waiting [data-vote-card]").cloneNode(true);
    seen.add(card.dataset.voteCard);
    place.replaceChildren(card);
    area.querySelector("#vote-skip")?.remove();
    card.focus();
  }

  function dropSeen() {
    const cast = waiting.map((vote) => vote.reference);
    for (const card of upcoming.querySelectorAll("[data-vote-card]")) {
      if (seen.has(card.dataset.voteCard) || cast.includes(card.dataset.voteCard)) {
        card.remove();
      }
    }
  }

  function send() {
    window.clearTimeout(timer);
    if (sending || waiting.length === 0) {
      return;
    }
    sending = waiting[0];
    say(state.dataset.sending);
    const besides = [shown()?.dataset.voteCard, ...waiting.map((vote) => vote.reference)];
    window.htmx.ajax("POST", sending.address, {
      source: upcoming,
      target: upcoming,
      swap: "innerHTML",
      values: {
        choice: sending.choice,
        csrf_token: document.querySelector("[name=csrf_token]")?.value ?? "",
        besides: besides.join(","),
      },
    });
  }

  function settle() {
    waiting = waiting.filter((vote) => vote !== sending);
    failures = 0;
    keep();
  }

  function fail(status, pause) {
    if (RETRIED.has(status) || status >= 500) {
      failures += 1;
      say(state.dataset.waiting, true);
      timer = window.setTimeout(send, pause || Math.min(LONGEST_PAUSE, 1000 * 2 ** failures));
    } else if (status === 400 && !sending.again) {
      sending.again = true; // the form was open for too long: a fresh page can send it
      keep();
      window.location.reload();
    } else {
      settle();
      say(state.dataset.refused);
    }
  }

  area.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("#vote-card button[name=choice]");
      if (button) {
        event.preventDefault();
        event.stopPropagation();
        const reference = button.closest("[data-vote-card]").dataset.voteCard;
        const vote = { reference, choice: button.value, address: button.form.getAttribute("action") };
        waiting = [...waiting.filter((each) => each.reference !== reference || each === sending), vote];
        seen.add(reference);
        keep();
        dropSeen();
        showNext();
        send();
      }
    },
    true,
  );
  upcoming.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) {
      event.preventDefault();
    }
  });
  upcoming.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, successful } = event.detail;
    if (xhr.status === 204) {
      return; // on the way to the sign-in page; the vote stays here
    }
    if (successful) {
      settle();
      say("");
    } else {
      fail(xhr.status, 1000 * Number(xhr.getResponseHeader("Retry-After") ?? 0));
    }
    sending = null;
    if (failures === 0) {
      send();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === upcoming) {
      dropSeen();
      if (shown()?.dataset.voteCard === "" && upcoming.querySelector("[data-vote-card]")) {
        showNext();
      }
    }
  });
  retry.addEventListener("click", send);
  window.addEventListener("online", send);
  dropSeen();
  seen.add(shown()?.dataset.voteCard);
  if (waiting.some((vote) => vote.reference === shown()?.dataset.voteCard)) {
    showNext();
  }
  send();
}

const area = document.querySelector("[data-vote-queue]");
if (area) {
  window.addEventListener("DOMContentLoaded", () => start(area));
}
}
