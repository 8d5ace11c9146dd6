// Words selected inside [data-clause-body] can be commented on: a bar at the foot of the window offers the
// address of the nearest [data-quote-link] with the words and what stands around them. The link itself
// stays as it is, for a comment on the whole clause. The nearest data-quote-text around it holds the words
// of the offer.
const CONTEXT = 32;
const LONGEST = 600;
let bar = null;

function closestLink(body) {
  for (let place = body; place; place = place.parentElement) {
    const link = place.querySelector("[data-quote-link]");
    if (link) {
      return link;
    }
  }
  return null;
}

function bodyOf(range) {
  const start = range.commonAncestorContainer;
  const element = start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement;
  return element?.closest("[data-clause-body]") ?? null;
}

function textBetween(body, node, offset, before) {
  const range = document.createRange();
  range.selectNodeContents(body);
  if (before) {
    range.setEnd(node, offset);
  } else {
    range.setStart(node, offset);
  }
  return range.toString();
}

function quoteOf(selection) {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) {
    return null;
  }
  const range = selection.getRangeAt(0);
  const body = bodyOf(range);
  const exact = range.toString();
  if (!body || !exact.trim() || exact.length > LONGEST) {
    return null;
  }
  const before = textBetween(body, range.startContainer, range.startOffset, true);
  const after = textBetween(body, range.endContainer, range.endOffset, false);
  return { body, exact, prefix: before.slice(-CONTEXT), suffix: after.slice(0, CONTEXT) };
}

function addressOf(link, quote) {
  const address = new URL(link.href);
  for (const part of ["exact", "prefix", "suffix"]) {
    address.searchParams.set(part, quote[part]);
  }
  return address.href;
}

function makeBar() {
  const made = document.createElement("div");
  made.className = "sarn-quote-bar";
  made.setAttribute("role", "status");
  const words = document.createElement("bdi");
  words.className = "sarn-quote-bar__words";
  const link = document.createElement("a");
  link.className = "govuk-button";
  made.append(words, link);
  document.body.append(made);
  return made;
}

function offer() {
  const quote = quoteOf(document.getSelection());
  const link = quote && closestLink(quote.body);
  if (!link) {
    if (bar && !bar.contains(document.activeElement)) {
      bar.hidden = true;
    }
    return;
  }
  bar = bar ?? makeBar();
  const [words, anchor] = bar.children;
  words.textContent = `“${quote.exact.trim()}”`;
  anchor.textContent = link.closest("[data-quote-text]")?.dataset.quoteText || link.textContent;
  anchor.href = addressOf(link, quote);
  bar.hidden = false;
}

if (document.querySelector("[data-clause-body]")) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(offer, 200);
  });
}
