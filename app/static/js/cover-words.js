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
