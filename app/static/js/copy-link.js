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
