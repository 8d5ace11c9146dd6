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
