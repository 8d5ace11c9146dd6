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
