// Solves the calculation of a page that asks to wait; the page says everything without it too.
const form = document.querySelector("[data-challenge]");
const status = document.querySelector("[data-challenge-status]");

function say(what) {
  status.textContent = status.dataset[what];
}

function solve(challenge) {
  const worker = new Worker(form.dataset.worker);
  const began = performance.now();
  worker.addEventListener("message", ({ data }) => {
    worker.terminate();
    if (!data || data.error) {
      say("failed");
      return;
    }
    const solution = { counter: data.counter, derivedKey: data.derivedKey, time: performance.now() - began };
    form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution }));
    say("done");
  });
  worker.addEventListener("error", () => say("failed"));
  worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, timeout: 180000 });
}

if (form && status) {
  say("working");
  try {
    solve(JSON.parse(form.dataset.challenge));
  } catch {
    say("failed");
  }
}
