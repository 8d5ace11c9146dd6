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
