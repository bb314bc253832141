// The first thing that runs, before anything is painted: it asks for all that needs the network, once, and when that answers, the
// page may not connect to anything any more. Until the page's wasm is there it keeps the first screen of index.html working.
(async () => {
  const root = document.documentElement;
  // True where the page is one file: all that is asked for here is inside of it (static/one-file.js).
  const isInside = "oomscopeInside" in globalThis;

  // What a browser may lack: a sentence in index.html stands there until it is known that nothing is missing. The module has one
  // instruction of SIMD in it, which came last.
  const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  if (!globalThis.WebAssembly?.validate(new Uint8Array(SIMD)) || !globalThis.DecompressionStream) return;

  // Frames of earlier versions name this page; the card is one of its own.
  if (/[#&]embed=1(&|$)/.test(location.hash) && !isInside) {
    location.replace(new URL(`embed.html${location.hash.replace(/embed=1&?/, "")}`, document.baseURI));
    return;
  }

  const file = (name) => new URL(name, document.baseURI);
  const askedFor = ({ dataset }) => {
    // The worker's files have fixed names; the app's hashed name tells one build's files from another's.
    const ofThisBuild = (name) => file(`${name}?${dataset.wasm.split("/").pop()}`);
    const loaded = async (url) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${response.status} ${url}`);
      return response;
    };
    const answers = [ofThisBuild("worker_bg.wasm"), ofThisBuild("worker.js"), file(dataset.wasm)].map(loaded);
    const [module, source] = [WebAssembly.compileStreaming(answers[0]), answers[1].then((response) => response.text())];
    const script = (src) =>
      new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.onload = resolve;
        element.onerror = () => reject(new Error(`${src} could not be loaded`));
        element.src = src;
        document.head.append(element);
      });
    const page = [import(file(dataset.js)), WebAssembly.compileStreaming(answers[2])];
    return { answers, module, source, page, workerOnPage: script(ofThisBuild("worker.js")) };
  };
  const { answers, module, source, page, workerOnPage, workerReads = true } = isInside ? globalThis.oomscopeInside() : askedFor(document.currentScript);

  // What has begun to arrive needs no leave any more. No worker and no page starts before.
  const closed = Promise.allSettled(answers).then(() => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "connect-src 'none'";
    document.head.append(policy);
  });

  // Language and theme, and whether the address leads to a report: index.html and the page ask the root for them.
  const kept = (memory, name) => {
    try {
      return globalThis[memory].getItem(name);
    } catch {
      return null; // Inside other sites' pages.
    }
  };
  const chosen = (name) => kept("localStorage", `oomscope.${name}`)?.replaceAll('"', "");
  const asked = /[#&]lang=(en|ko)(?=&|$)/.exec(location.hash)?.[1];
  root.lang = /^ko/i.test(asked ?? chosen("language") ?? navigator.language) ? "ko" : "en";
  const theme = chosen("theme");
  if (["light", "dark"].includes(theme)) root.dataset.theme = theme;
  const opening = () => {
    root.dataset.opening = "";
    setTimeout(() => (root.dataset.slow = ""), 300);
  };
  const isKept = typeof history.state === "number" && kept("sessionStorage", `oomscope.texts.${history.state}`) !== null;
  if (isKept || /[#&]r=[^&]/.test(location.hash)) opening();
  root.dataset.first = "";

  // The worker starts from a Blob, so that it runs under this page's policy and starts again without a request, and the first
  // before the page is there, which sends it the words. Where none can start, its code runs here, behind a port in place of the
  // worker's messages; a script tag, since the policy forbids to run text.
  const START = `
self.onmessage = ({ data: { module } }) => {
  self.onmessage = null;
  wasm_bindgen.initSync({ module });
};
`;
  const started = (url, module) => {
    try {
      const worker = new Worker(url);
      worker.postMessage({ module });
      return worker;
    } catch {
      return null; // The page will see the same, and say so.
    }
  };
  const onPage = async () => {
    const { port1, port2 } = new MessageChannel();
    globalThis.oomscopePort = port2;
    await workerOnPage;
    wasm_bindgen.initSync({ module: await module });
    return port1;
  };
  globalThis.oomscopeWorker = Promise.all([source, module, workerReads, closed]).then(([source, module, workerReads]) => {
    // What the policy forbids does not start.
    const url = workerReads ? URL.createObjectURL(new Blob([source, START], { type: "text/javascript" })) : "data:,";
    const parts = { url, module, onPage, worker: workerReads ? started(url, module) : null };
    if (parts.worker) parts.worker.onerror = () => (parts.worker = null);
    return parts;
  });

  // Where the page's wasm ends (memory that the browser does not give, or a fault), nothing in it can say so any more: the
  // sentence stands there from the start, hidden.
  const ended = ({ error, reason }) => {
    const what = error ?? reason;
    if (what instanceof WebAssembly.RuntimeError || what instanceof RangeError) document.getElementById("ended")?.removeAttribute("hidden");
  };
  addEventListener("error", ended);
  addEventListener("unhandledrejection", ended);

  // What another program shares with the installed page arrives with the service worker (static/sw.js), which is asked for it once.
  const IS_SHARED = /[#&]shared(?=&|$)/;
  const shared = async () => {
    if (!IS_SHARED.test(location.hash)) return;
    history.replaceState(history.state, "", location.href.replace(IS_SHARED, ""));
    const worker = navigator.serviceWorker?.controller;
    if (!worker) return;
    opening();
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      setTimeout(resolve, 5000);
    });
    worker.postMessage("shared", [port2]);
    const texts = (await answer) ?? [];
    if (!texts.length) delete root.dataset.opening;
    keep(texts);
  };

  // Installed, the page is given what the system opens with it: as if it were dropped here, now or later.
  globalThis.launchQueue?.setConsumer(async ({ files }) => {
    const given = new DataTransfer();
    for (const handle of files) given.items.add(await handle.getFile());
    if (given.files.length) document.dispatchEvent(new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true }));
  });

  // For the next visit without a network. Not in another page's frame: there it would be that page's matter.
  const keepForOffline = async () => {
    if (self !== top || isInside || !navigator.serviceWorker) return;
    // The page can be installed from here on, and not before: what is shared with it is caught by the service worker alone.
    const offerToInstall = () => {
      if (document.querySelector("link[rel=manifest]")) return;
      const link = document.createElement("link");
      link.rel = "manifest";
      link.href = "manifest.webmanifest";
      document.head.append(link);
    };
    let before = navigator.serviceWorker.controller;
    if (before) offerToInstall();
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      // Another build is here, and stands ready for a reload; the first screen says so.
      if (before) root.dataset.newer = "";
      before = navigator.serviceWorker.controller;
      offerToInstall();
    });
    // Fails where the browser keeps nothing, or for a page from disk: then there is no page without a network.
    await navigator.serviceWorker.register(file("sw.js")).catch(() => {});
  };

  // What is handed over before the page can take it is kept for it, the last of it: as it would be there.
  let early;
  const keep = (texts) => {
    early = texts;
    if (texts.some((text) => text instanceof File || text.trim())) opening();
  };
  const ofTransfer = (data) => (data.files.length ? [...data.files] : [data.getData("text/plain")]);
  const taken = new AbortController();
  const until = ({ signal }, kinds, take) => kinds.forEach((kind) => document.addEventListener(kind, take, { signal }));
  until(taken, ["paste"], (event) => {
    event.preventDefault();
    keep(ofTransfer(event.clipboardData));
  });
  until(taken, ["dragover", "drop"], (event) => {
    event.preventDefault();
    if (event.type === "drop") keep(ofTransfer(event.dataTransfer));
  });
  globalThis.oomscopeEarly = () => {
    taken.abort();
    return early;
  };

  // What is typed and pressed on the first screen that stands in index.html.
  const replaced = new AbortController();
  const presses = [];
  const PRESSED = "button, input[type=checkbox]";
  const shown = () => document.querySelector(`.first[lang=${root.lang}]`);
  const read = () => keep([shown().querySelector("textarea").value]);
  until(replaced, ["input"], ({ target, inputType }) => {
    if (target.localName !== "textarea") return;
    shown().querySelector(".paste button").hidden = !target.value;
    if (["insertFromPaste", "insertFromDrop", "insertReplacementText"].includes(inputType) && target.value) read();
  });
  until(replaced, ["keydown"], (event) => {
    if (event.target.localName !== "textarea" || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    read();
  });
  until(replaced, ["change"], ({ target }) => {
    if (target.type === "file") keep([...target.files]);
  });
  until(replaced, ["click"], ({ target }) => {
    const pressed = target.closest(PRESSED);
    if (pressed?.matches(".paste button")) return read();
    if (!pressed || pressed.type === "checkbox" && pressed !== target) return;
    // The page does it, as soon as it is there.
    pressed.setAttribute("aria-busy", "true");
    presses.push([...shown().querySelectorAll(PRESSED)].indexOf(pressed));
  });
  // Amid a press, or a syllable that is being composed, the page does not take over.
  let [pressing, composing] = [false, false];
  until(replaced, ["pointerdown"], () => (pressing = true));
  until(replaced, ["click", "pointercancel", "contextmenu"], () => (pressing = false));
  until(replaced, ["pointerup"], () => setTimeout(() => (pressing = false)));
  until(replaced, ["compositionstart", "compositionend"], ({ type }) => (composing = type === "compositionstart"));
  const letGo = async () => {
    for (let tries = 0; (pressing || composing) && tries < 250; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  // What of the first screen depends on the reader.
  const fit = () => {
    const first = shown();
    for (const other of document.querySelectorAll(".first")) if (other !== first) other.remove();
    const template = (name) => first.querySelector(`template[${name}]`).content.firstChild;
    if (root.dataset.theme) first.querySelector(".header__switches > :nth-last-child(2)").replaceWith(template(`data-theme=${theme}`));
    if (navigator.platform.startsWith("Mac")) {
      const keys = first.querySelector(".paste .by-keyboard").firstChild;
      keys.data = keys.data.replace("Ctrl+V", "⌘V");
    }
    const recent = first.querySelector(".recent");
    if (chosen("recent-off") === "true") {
      recent.querySelector("input").checked = false;
      for (const note of recent.querySelectorAll(".note")) note.hidden = !note.hidden;
      return;
    }
    const reports = recentReports();
    if (!reports.length) return;
    const list = document.createElement("ul");
    list.className = "recent__list";
    for (const { title, at } of reports) {
      const item = template("data-recent").cloneNode(true);
      const [open, forget] = item.querySelectorAll("button");
      open.firstChild.data = title;
      open.lastChild.textContent = new Date(at).toLocaleString(root.lang);
      forget.ariaLabel = forget.ariaLabel.replace("{title}", () => title);
      list.append(item);
    }
    recent.querySelector("h2").after(list);
    first.querySelector(".commands").before(recent);
  };
  const recentReports = () => {
    try {
      return JSON.parse(kept("localStorage", "oomscope.recent")).filter(({ title, link }) => title.length && link.length).slice(0, 5);
    } catch {
      return [];
    }
  };

  // The page is in its place: what stood there before goes, and what was typed and pressed goes on.
  const takeOver = () => {
    replaced.abort();
    const [first, app] = [shown(), document.getElementById("app")];
    const all = "a, button, input, textarea";
    const [before, now] = [first, app].map((screen) => [...screen.querySelectorAll(all)]);
    const focused = now[before.indexOf(document.activeElement)];
    const [from, to] = [first, app].map((screen) => screen.querySelector("textarea"));
    const [picker, next] = [first, app].map((screen) => screen.querySelector("input[type=file]"));
    // The browser may be asking for files just now.
    if (next) {
      picker.onchange = () => {
        next.files = picker.files;
        next.dispatchEvent(new Event("change", { bubbles: true }));
      };
    }
    first.remove();
    if (to) {
      to.value = from.value;
      to.style.inlineSize = from.style.width;
      to.style.blockSize = from.style.height;
      to.setSelectionRange(from.selectionStart, from.selectionEnd, from.selectionDirection);
      to.scrollTop = from.scrollTop;
      if (from.value) to.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    focused?.focus({ preventScroll: true });
    const there = app.querySelectorAll(PRESSED);
    for (const nth of presses) there[nth]?.click();
  };

  if (document.readyState === "loading") await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
  const app = document.getElementById("app");
  try {
    fit();
    const [{ default: init }, module_or_path] = await Promise.all([...page, closed, shared()]);
    await letGo();
    const watch = new MutationObserver(() => {
      watch.disconnect();
      takeOver();
    });
    watch.observe(app, { childList: true });
    await init({ module_or_path });
    await keepForOffline();
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) delete root.dataset.first;
    // What was typed can still be copied.
    delete root.dataset.opening;
    app.textContent = `oomscope could not start: ${error}`;
    throw error;
  }
})();
