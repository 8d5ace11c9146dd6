// Keeps what was read readable without a connection: the front page, consultations and drafts.
// Kept pages are those that everybody sees: what only one person sees is never kept on the device.
// Everything else is asked of the server, always.
const PAGES = "sarn-pages-1";
const FILES = "sarn-files-1";
const OFFLINE = "/offline";
const MOST_PAGES = 40;
const READABLE = /^\/(?:consultations\/[^/]+(?:\/draft(?:\/\d+)?|\/summary|\/results(?:\/(?!me$|progress$)[a-z]+)?|\/responses)?)?$/;

self.addEventListener("install", (event) => {
  event.waitUntil(keepOfflinePage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers([PAGES, FILES]).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) {
    return;
  }
  if (event.request.mode === "navigate") {
    event.respondWith(page(event, address));
  } else if (address.pathname.startsWith("/static/") && address.searchParams.has("v")) {
    event.respondWith(file(event.request));
  }
});

async function keepOfflinePage() {
  const response = await fetch(OFFLINE, { credentials: "omit" });
  if (!response.ok) {
    throw new Error(`${OFFLINE}: ${response.status}`);
  }
  const files = filesIn(await response.clone().text(), /(?:href|src)="(\/static\/[^"]+\?v=[^"]+)"/g);
  for (const styles of files.filter((name) => name.includes(".css?"))) {
    const text = await (await fetch(styles)).text();
    const fonts = filesIn(text, /url\("([^"]+\?v=[^"]+)"\)/g);
    files.push(...fonts.map((name) => new URL(name, new URL(styles, self.location)).href));
  }
  await (await caches.open(PAGES)).put(OFFLINE, response);
  const whole = files.map((name) => new URL(name, self.location).href);
  await (await caches.open(FILES)).addAll([...new Set(whole)]);
}

function filesIn(text, pattern) {
  return [...text.matchAll(pattern)].map((found) => found[1]);
}

async function dropOthers(names) {
  const others = (await caches.keys()).filter((name) => !names.includes(name));
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function page(event, address) {
  const readable = event.request.method === "GET" && READABLE.test(address.pathname) && !address.search;
  try {
    const response = await fetch(event.request);
    if (readable && response.ok && response.type === "basic") {
      event.waitUntil(keepPage(address.pathname, response.clone()).catch(() => undefined));
    }
    return response;
  } catch (error) {
    const kept = readable ? await caches.match(address.pathname, { cacheName: PAGES }) : undefined;
    const shown = kept ?? (await caches.match(OFFLINE, { cacheName: PAGES }));
    if (!shown) {
      throw error;
    }
    return shown;
  }
}

// A page that was made for somebody who is signed in says no-store. Of such a page the version that
// everybody sees is fetched, without cookies.
async function keepPage(path, response) {
  const personal = (response.headers.get("Cache-Control") ?? "").includes("no-store");
  const language = response.headers.get("Content-Language") ?? "th";
  const shared = personal
    ? await fetch(path, { credentials: "omit", headers: { "Accept-Language": language } })
    : response;
  if (!shared.ok || shared.redirected) {
    return;
  }
  const pages = await caches.open(PAGES);
  await pages.delete(path);
  await pages.put(path, shared);
  const kept = (await pages.keys()).filter((request) => new URL(request.url).pathname !== OFFLINE);
  await Promise.all(kept.slice(0, -MOST_PAGES).map((request) => pages.delete(request)));
}

async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) {
    return kept;
  }
  const response = await fetch(request);
  if (response.ok) {
    const path = new URL(request.url).pathname;
    for (const other of await files.keys()) {
      if (new URL(other.url).pathname === path) {
        await files.delete(other);
      }
    }
    await files.put(request, response.clone());
  }
  return response;
}
