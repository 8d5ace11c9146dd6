// Makes the committed front-end files in app/static from the packages in node_modules and from our own
// sources: `npm ci --ignore-scripts && node build.mjs`. Running it twice changes nothing.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Resvg, initWasm } from "@resvg/resvg-wasm";
import * as sass from "sass";
import { namedClasses, withoutUnused } from "./unused.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const root = join(here, "..");
const target = join(root, "app", "static");

const FONTS = ["thai-400", "thai-700", "latin-400", "latin-700"];
// Whole fonts, Thai and Latin in one file: a PDF whose font is split draws one script with the other's glyphs.
const PDF_FONTS = ["400Regular/Sarabun_400Regular.ttf", "700Bold/Sarabun_700Bold.ttf"];
const ICONS = [
  { source: "img/favicon.svg", name: "img/icon-192.png", width: 192 },
  { source: "img/favicon.svg", name: "img/icon-512.png", width: 512 },
  { source: "img/mask.svg", name: "img/icon-mask-192.png", width: 192 },
  { source: "img/mask.svg", name: "img/icon-mask-512.png", width: 512 },
];

const made = [];

function read(name) {
  return readFileSync(join(target, name), "utf8");
}

function write(name, content) {
  const path = join(target, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  made.push(`app/static/${name}`);
}

// The packed forms stand beside the file, as app/static_files.py sends them.
function writePacked(name, content) {
  write(name, content);
  write(`${name}.br`, brotliCompressSync(content));
  write(`${name}.gz`, gzipSync(content, { level: 9 }));
}

function copy(source, name, folder = "app/static") {
  const path = join(root, folder, name);
  mkdirSync(dirname(path), { recursive: true });
  cpSync(source, path);
  made.push(`${folder}/${name}`);
}

function listed(folder, ending) {
  return readdirSync(join(target, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

// Drops rules that only one old browser read through a malformed query, braces matched.
function withoutBlocks(css, opening) {
  let kept = css;
  for (let start = kept.indexOf(opening); start !== -1; start = kept.indexOf(opening)) {
    let depth = 0;
    let end = kept.indexOf("{", start);
    do {
      depth += { "{": 1, "}": -1 }[kept[end]] ?? 0;
      end += 1;
    } while (depth > 0);
    kept = kept.slice(0, start) + kept.slice(end);
  }
  return kept;
}

// GOV.UK's colours stand in the compiled file as fallbacks of custom properties and in one block of
// definitions; tokens.css defines every one of those properties, so both are taken out.
function withoutForeignBrand(css) {
  const named = namedClasses(join(here, "..", "app"));
  const clean = withoutUnused(withoutBlocks(css, "@media screen\uFFFD"), named)
    .replace(/^\uFEFF/, "")
    .replace(/\u00A0/g, "\\a0 ")
    .replace(/:root\{--govuk-brand-colour:[^}]*\}/, "")
    .replace(/@media print\{:root\{--govuk-text-colour:[^}]*\}\}/, "")
    .replace(/var\((--govuk-[a-z-]+-colour), #[0-9a-f]+\)/g, "var($1)")
    .replace(/\}/g, "}\n");
  if (/url\(|crest|GDS Transport/.test(clean)) {
    throw new Error("the compiled file still names assets that must not be shipped");
  }
  return clean;
}

// The address of a font changes when its content does, as static_url() does it for pages.
function versioned(css) {
  return css.replace(/url\("\.\.\/(fonts\/[^"]+)"\)/g, (_whole, name) => {
    const digest = createHash("sha256").update(readFileSync(join(target, name))).digest("hex");
    return `url("../${name}?v=${digest.slice(0, 10)}")`;
  });
}

// Mirrored by tests/app/test_components.py: comments and indentation go, nothing else changes.
function compact(css) {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line)
    .map((line) => `${line}\n`)
    .join("");
}

function buildVendor() {
  const compiled = sass.compile(join(here, "sass", "sarn.scss"), {
    loadPaths: [packages],
    style: "compressed",
    quietDeps: true,
  });
  write("vendor/govuk-frontend/govuk.css", withoutForeignBrand(compiled.css));
  copy(join(here, "licences", "govuk-frontend.txt"), "vendor/govuk-frontend/LICENSE.txt");
  copy(join(packages, "htmx.org", "dist", "htmx.min.js"), "vendor/htmx/htmx.min.js");
  copy(join(packages, "htmx.org", "LICENSE"), "vendor/htmx/LICENSE.txt");
  copy(join(packages, "altcha", "dist", "workers", "pbkdf2.js"), "vendor/altcha/pbkdf2.js");
  copy(join(packages, "altcha", "LICENSE.txt"), "vendor/altcha/LICENSE.txt");
  for (const font of FONTS) {
    const name = `sarabun-${font}-normal.woff2`;
    copy(join(packages, "@fontsource", "sarabun", "files", name), `fonts/${name}`);
  }
  copy(join(packages, "@fontsource", "sarabun", "LICENSE"), "fonts/OFL.txt");
  const whole = join(packages, "@expo-google-fonts", "sarabun");
  for (const font of PDF_FONTS) copy(join(whole, font), basename(font), "consultations/reporting/fonts");
  copy(join(whole, "LICENSE_FONT"), "OFL.txt", "consultations/reporting/fonts");
}

async function buildIcons() {
  await initWasm(readFileSync(join(packages, "@resvg", "resvg-wasm", "index_bg.wasm")));
  for (const { source, name, width } of ICONS) {
    const picture = new Resvg(read(source), { fitTo: { mode: "width", value: width } });
    write(name, picture.render().asPng());
  }
}

function buildStyles() {
  const sources = [
    "vendor/govuk-frontend/govuk.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    ...listed("css/components", ".css"),
    "css/print.css",
  ];
  writePacked("build/sarn.css", sources.map((name) => versioned(compact(read(name)))).join(""));
}

// One file for each kind of page: a request costs an old phone more than the bytes that both carry.
function buildScripts() {
  const blocks = listed("js", ".js").map((name) => `{\n${read(name)}}\n`);
  const htmx = `${read("vendor/htmx/htmx.min.js")}\nwindow.htmx = htmx;\n`;
  writePacked("build/sarn.js", blocks.join(""));
  writePacked("build/sarn-htmx.js", [htmx, ...blocks].join(""));
}

function writeSums() {
  const lines = made.sort().map((name) => {
    const digest = createHash("sha256").update(readFileSync(join(root, name))).digest("hex");
    return `${digest}  ${name}\n`;
  });
  writeFileSync(join(here, "SHA256SUMS"), lines.join(""));
}

buildVendor();
await buildIcons();
buildStyles();
buildScripts();
writeSums();
