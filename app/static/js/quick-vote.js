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
