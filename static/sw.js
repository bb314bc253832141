// Keeps the files of one build, so that the page opens without a network. It answers for these files alone, each as its hash says,
// and once they are here it asks the network for nothing. scripts/offline.mjs fills in what stands between the bars.
const FILES = {/*|files|*/};
const VERSION = "/*|version|*/";

const here = (path) => new URL(path, self.registration.scope).href;
// Caches belong to the origin, where several pages like this one may live.
const OURS = `oomscope ${self.registration.scope} `;

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(OURS + VERSION);
    const take = async ([path, integrity]) => cache.put(here(path), await fetch(here(path), { integrity }));
    await Promise.all(Object.entries(FILES).map(take));
    // A page has all of its files by the time it runs: it is not disturbed by those of the next one.
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const settle = async () => {
    const known = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== OURS + VERSION);
    // A page that is loading just now may still need the files of the build before.
    await Promise.all(known.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(settle());
});

// What another program shares with the installed page, until that page asks for it. It came as a form, which goes no further.
let shared;
self.addEventListener("message", ({ ports }) => {
  ports[0]?.postMessage(shared);
  shared = undefined;
});

const answer = async (request) => {
  if (request.method === "POST" && request.mode === "navigate") {
    shared = [...(await request.formData()).values()];
    return Response.redirect(here("./#shared"), 303);
  }
  const url = new URL(request.url);
  const path = request.mode === "navigate" && url.pathname.endsWith("/index.html") ? here("./") : url.href.split("#")[0];
  const kept = await (await caches.open(OURS + VERSION)).match(path);
  if (kept) return kept;
  for (const name of await caches.keys()) {
    const before = name.startsWith(OURS) && (await (await caches.open(name)).match(path));
    if (before) return before;
  }
  return new Response("Not found\n", { status: 404, headers: { "content-type": "text/plain; charset=utf-8" } });
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});
