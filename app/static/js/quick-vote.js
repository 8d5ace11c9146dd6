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
