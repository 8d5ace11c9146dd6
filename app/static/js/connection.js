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
