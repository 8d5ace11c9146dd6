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
