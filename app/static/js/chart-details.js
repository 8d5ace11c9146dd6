// Details of charts on pointing at them and by keys; without this every figure stands in the table below.
// [data-chart] holds a drawing. Parts with [data-label] say what they are; with data-chart-table the
// drawing has one bar for each row of that table, which says what it is. The line for the details is made
// before anyone points, so that nothing moves.
const LINE = "sarn-chart-details";

function labelsOf(chart) {
  const table = document.getElementById(chart.dataset.chartTable || "");
  if (!table) {
    return Array.from(chart.querySelectorAll("[data-label]"), (part) => part.dataset.label);
  }
  const head = Array.from(table.querySelectorAll("thead th"), (cell) => cell.textContent.trim());
  return Array.from(table.querySelectorAll("tbody tr"), (row) =>
    Array.from(row.cells, (cell, place) =>
      place === 0 ? cell.textContent.trim() : `${head[place]} ${cell.textContent.trim()}`,
    ).join(" · "),
  );
}

function prepare(chart) {
  const picture = chart.querySelector("svg");
  const labels = labelsOf(chart);
  if (!picture || labels.length === 0) {
    return;
  }
  const line = document.createElement("p");
  line.className = LINE;
  line.setAttribute("role", "status");
  picture.after(line);
  let place = -1;
  const show = (words) => {
    line.textContent = words ?? "";
  };
  const step = (by) => {
    place = (place + by + labels.length) % labels.length;
    show(labels[place]);
  };
  picture.setAttribute("tabindex", "0");
  picture.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      step(place === -1 && by < 0 ? 0 : by);
    } else if (event.key === "Escape") {
      show("");
    }
  });
  picture.addEventListener("focus", () => {
    if (place === -1) {
      step(1);
    }
  });
  picture.addEventListener("pointermove", (event) => {
    if (chart.dataset.chartTable) {
      const box = picture.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      place = Math.min(labels.length - 1, Math.max(0, Math.floor(share * labels.length)));
      show(labels[place]);
    } else {
      show(event.target.dataset?.label);
    }
  });
  picture.addEventListener("pointerleave", () => show(""));
}

document.querySelectorAll("[data-chart]").forEach(prepare);
