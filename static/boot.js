// Everything that needs the network happens here, once. Afterwards the page may not connect to anything any more.

// Frames of earlier versions name this page; the card is one of its own.
if (/[#&]embed=1(&|$)/.test(location.hash)) {
  location.replace(new URL(`embed.html${location.hash.replace(/embed=1&?/, "")}`, document.baseURI));
  await new Promise(() => {});
}

const { dataset } = document.querySelector("script[data-wasm]");
const file = (name) => new URL(name, document.baseURI);
// The worker's files have fixed names; the app's hashed name tells one build's files from another's.
const ofThisBuild = (name) => file(`${name}?${dataset.wasm.split("/").pop()}`);

const loaded = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response;
};

const script = (src) =>
  new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${src} could not be loaded`));
    element.src = src;
    document.head.append(element);
  });

// The worker starts from a Blob, so that it runs under this page's policy and starts again without a request. Where none
// can start, its code runs here, behind a port in place of the worker's messages; a script tag, since the policy forbids
// to run text.
globalThis.oomscopeWorker = Promise.all([
  loaded(ofThisBuild("worker.js")).then((response) => response.text()),
  WebAssembly.compileStreaming(loaded(ofThisBuild("worker_bg.wasm"))),
  script(ofThisBuild("worker.js")),
]).then(([source, module]) => {
  const start = `
self.onmessage = ({ data: { module, ...words } }) => {
  self.onmessage = null;
  Object.assign(self, words);
  wasm_bindgen.initSync({ module });
};
`;
  const url = URL.createObjectURL(new Blob([source, start], { type: "text/javascript" }));
  const onPage = async () => {
    const { port1, port2 } = new MessageChannel();
    globalThis.oomscopePort = port2;
    wasm_bindgen.initSync({ module });
    return port1;
  };
  return { url, module, onPage };
});

// Where the page's wasm ends (memory that the browser does not give, or a fault), nothing in it can say so any more: the
// sentence stands there from the start, hidden.
const ended = ({ error, reason }) => {
  const what = error ?? reason;
  if (what instanceof WebAssembly.RuntimeError || what instanceof RangeError) document.getElementById("ended")?.removeAttribute("hidden");
};
addEventListener("error", ended);
addEventListener("unhandledrejection", ended);

const noConnections = () => {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "connect-src 'none'";
  document.head.append(policy);
};

// For the next visit without a network. Not in another page's frame: there it would be that page's matter.
const keepForOffline = async () => {
  if (self !== top || !navigator.serviceWorker) return;
  let before = navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // Another build is here, and stands ready for a reload; the first screen says so.
    if (before) document.documentElement.dataset.newer = "";
    before = navigator.serviceWorker.controller;
  });
  // Fails where the browser keeps nothing, or for a page from disk: then there is no page without a network.
  await navigator.serviceWorker.register(file("sw.js")).catch(() => {});
};

try {
  const { default: init } = await import(file(dataset.js));
  const app = WebAssembly.compileStreaming(loaded(file(dataset.wasm)));
  await Promise.allSettled([app, globalThis.oomscopeWorker]);
  noConnections();
  await init({ module_or_path: await app });
  await keepForOffline();
} catch (error) {
  document.getElementById("app").textContent = `oomscope could not start: ${error}`;
  throw error;
}
