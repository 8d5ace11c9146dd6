// A row of links that scrolls sideways (.sarn-subnav) begins where the present page is in sight.
for (const link of document.querySelectorAll(".sarn-subnav [aria-current]")) {
  const row = link.closest("ul");
  const end = link.getBoundingClientRect().right - row.getBoundingClientRect().left;
  if (end > row.clientWidth) {
    row.scrollLeft = end - (row.clientWidth + link.clientWidth) / 2;
  }
}
