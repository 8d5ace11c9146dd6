// Leaves rules out of the compiled GOV.UK stylesheet whose classes nothing of ours names.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const CLASS = /govuk-[\w-]+/g;
const FOREIGN = /static\/(?:build|vendor)\//;

// Every word that begins with govuk-, in templates, Python and scripts. One that ends in a hyphen is the
// beginning of names that are put together there.
export function namedClasses(folder) {
  const words = new Set();
  for (const name of readdirSync(folder, { recursive: true })) {
    if (/\.(?:html|py|js)$/.test(name) && !FOREIGN.test(name)) {
      for (const [word] of readFileSync(join(folder, name), "utf8").matchAll(CLASS)) {
        words.add(word);
      }
    }
  }
  return words;
}

export function withoutUnused(css, words) {
  const beginnings = [...words].filter((word) => word.endsWith("-"));
  const isNamed = (name) => words.has(name) || beginnings.some((each) => name.startsWith(each));
  const isUsed = (selector) => [...selector.matchAll(CLASS)].every(([name]) => isNamed(name));
  return keep(css, isUsed);
}

function keep(css, isUsed) {
  let kept = "";
  for (let start = 0, open = css.indexOf("{"); open !== -1; open = css.indexOf("{", start)) {
    const end = closing(css, open);
    const [head, body] = [css.slice(start, open).trim(), css.slice(open + 1, end)];
    const isGroup = head.startsWith("@");
    const inside = isGroup && body.includes("{") ? keep(body, isUsed) : body;
    const selectors = isGroup ? head : head.split(/,(?![^(]*\))/).filter(isUsed).join(",");
    if (selectors && inside) {
      kept += `${selectors}{${inside}}`;
    }
    start = end + 1;
  }
  return kept;
}

function closing(css, open) {
  let depth = 1;
  let place = open;
  while (depth > 0) {
    place += 1;
    depth += { "{": 1, "}": -1 }[css[place]] ?? 0;
  }
  return place;
}
