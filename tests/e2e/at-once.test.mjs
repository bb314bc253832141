// The first screen is there before the page's wasm is, and what is done on it is not lost.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { eventually, inBrowser, says } from "./harness.mjs";
import { open, project, start } from "./browser.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");
const KILL = "Out of memory: Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

/** What stands on the first screen, in one form for both ways in which it is made. */
const standing = (page, within) => page.evaluate((within) => {
  const lines = (node, depth = 0) => {
    if (node.nodeType === Node.TEXT_NODE) return [`${" ".repeat(depth)}"${node.data}"`];
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("template, .first .opening")) return [];
    node.normalize();
    // A property of what the page renders, an attribute of what is written down.
    const attributes = [...node.attributes].filter(({ name }) => name !== "checked").map(({ name, value }) => `${name}=${value || name}`).sort();
    if (node.checked) attributes.push("(checked)");
    return [`${" ".repeat(depth)}${node.localName} ${attributes.join(" ")}`, ...[...node.childNodes].flatMap((child) => lines(child, depth + 1))];
  };
  const places = [...document.querySelectorAll(`${within} > :is(header, main)`)];
  return places.flatMap((place) => lines(place)).join("\n");
}, within);

/** A script that leaves in the browser's memory what an earlier visit left there. */
const remember = (what) => `if (location.protocol === "http:") Object.entries(${JSON.stringify(what)}).forEach(([name, value]) => localStorage.setItem("oomscope." + name, value));`;
const RECENT = JSON.stringify([{ title: "killed java {title} $&", link: "1.a", at: 1e12 }, { title: "두 번째", link: "1.b", at: 1.1e12 }]);
const KINDS = [
  ["in English", { locale: "en-US" }],
  ["in Korean", { locale: "ko-KR" }],
  ["in the dark", { locale: "en-US", colorScheme: "dark" }],
  ["on a phone", { locale: "ko-KR", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
  ["in the language and colours that were chosen", {
    before: remember({ language: '"ko"', theme: '"dark"' }),
  }],
  ["in light colours that were chosen, without reports kept", {
    colorScheme: "dark",
    before: remember({ theme: '"light"', "recent-off": "true" }),
  }],
  ["with the last reports", { locale: "ko-KR", before: remember({ recent: RECENT }) }],
  ["on a Mac", { before: () => Object.defineProperty(Navigator.prototype, "platform", { get: () => "MacIntel" }) }],
  ["in the address's language", { locale: "en-US", at: "#lang=ko" }],
];
for (const [kind, options] of KINDS) {
  inBrowser(`the first screen stands there as it will stay, ${kind}`, { ...options, held: true }, async ({ page, release }) => {
    await page.locator(".first .start").waitFor();
    const [words, picture] = [await standing(page, ".first"), await page.screenshot({ fullPage: true })];
    assert.ok(words.split("\n").length > 60, words);
    await release();
    assert.equal(await page.locator(".first").count(), 0);
    assert.equal(await standing(page, "#app"), words);
    assert.ok(picture.equals(await page.screenshot({ fullPage: true })), "nothing moves, and nothing changes its colour");
  });
}

/** Notes what the root says when the body begins. */
const noteRoot = `${remember({ theme: "dark" })}(${() => {
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    const { lang, dataset } = document.documentElement;
    globalThis.atFirst = [lang, dataset.theme, "opening" in dataset];
  }).observe(document, { childList: true, subtree: true });
}})()`;
inBrowser("language and colours are known before anything is painted", { locale: "ko-KR", before: noteRoot }, async ({ page }) => {
  assert.deepEqual(await page.evaluate(() => globalThis.atFirst), ["ko", "dark", false]);
});

inBrowser("what is pasted before the page is there is read", { held: true }, async ({ page, paste, release, reported }) => {
  await paste(draft);
  await page.locator(".first .start").waitFor({ state: "hidden" });
  await says(page.locator(".first .opening"), "Reading …");
  await release();
  await reported();
  await says(page.locator(".chip").first(), "209 lines");
  assert.match(page.url(), /[#&]r=1\./);
});

inBrowser("a paste without text says so once the page is there", { held: true }, async ({ page, release }) => {
  await page.evaluate(() => document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: new DataTransfer(), bubbles: true, cancelable: true })));
  await release();
  await page.locator(".notice", { hasText: "no text in it" }).waitFor();
});

inBrowser("files that are dropped before the page is there are read", { held: true }, async ({ page, drop, release, reported }) => {
  await drop({ name: "one.log", text: KILL }, { name: "two.log", text: "java.lang.OutOfMemoryError: Java heap space\n" });
  await release();
  await reported();
  await says(page.locator(".chip"), "2 lines");
});

inBrowser("so are files that are chosen", { held: true }, async ({ page, release, reported }) => {
  await page.locator(".first input[type=file]").setInputFiles({ name: "chosen.log", mimeType: "text/plain", buffer: Buffer.from(KILL) });
  await release();
  await reported();
  await says(page.locator("h1"), "killed java");
});

inBrowser("files that are chosen while the page takes over are read", { held: true }, async ({ page, release, reported }) => {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator(".first .button--file").click()]);
  await release();
  await chooser.setFiles({ name: "late.log", mimeType: "text/plain", buffer: Buffer.from(KILL) });
  await reported();
});

inBrowser("what is typed stays, with the focus and the caret", { held: true }, async ({ page, release }) => {
  await page.locator("#paste").click();
  await page.keyboard.type("it died at night");
  for (let back = 0; back < 5; back += 1) await page.keyboard.press("ArrowLeft");
  await page.getByRole("button", { name: "Read it" }).waitFor();
  const picture = await page.screenshot();
  await release();
  assert.ok(picture.equals(await page.screenshot()), "nothing moves");
  await page.keyboard.type("<now>");
  assert.equal(await page.locator("#paste").inputValue(), "it died at <now>night");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.locator("h1", { hasText: "Nothing recognised" }).waitFor();
});

for (const way of ["the button", "Ctrl+Enter"]) {
  inBrowser(`what is typed can be handed over at once, by ${way}`, { held: true }, async ({ page, release, reported }) => {
    await page.locator("#paste").click();
    await page.keyboard.type(KILL);
    if (way === "the button") await page.getByRole("button", { name: "Read it" }).click();
    else await page.keyboard.press("Control+Enter");
    await page.locator(".first .start").waitFor({ state: "hidden" });
    await release();
    await reported();
    await says(page.locator("h1"), "killed java");
  });
}

inBrowser("what is pressed before the page is there is done then", { held: true }, async ({ page, release, reported }) => {
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByRole("button", { name: /A killed container/ }).click();
  await page.locator(".first .samples__sample[aria-busy=true]").waitFor();
  await release();
  await reported();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
});

inBrowser("the page does not take over amid a syllable", { held: true }, async ({ page, release }) => {
  const client = await page.context().newCDPSession(page);
  await page.locator("#paste").click();
  await client.send("Input.imeSetComposition", { text: "하", selectionStart: 1, selectionEnd: 1 });
  const there = release();
  await page.waitForTimeout(1500);
  assert.equal(await page.locator(".first").count(), 1);
  await client.send("Input.insertText", { text: "한" });
  await there;
  assert.equal(await page.locator("#paste").inputValue(), "한");
});

/** Notes whether the first screen is ever seen. */
const noteStart = () => {
  globalThis.sawStart = false;
  const look = () => {
    globalThis.sawStart ||= Boolean(document.querySelector(".start")?.checkVisibility());
    requestAnimationFrame(look);
  };
  look();
};
inBrowser("neither a shared link nor a reload shows the first screen on its way", { before: noteStart }, async (session) => {
  const { page, paste, reported, reload, url, context } = session;
  await paste(draft);
  await reported();
  await page.waitForFunction(() => /[#&]r=1\./.test(location.hash));
  await reload();
  await reported();
  assert.equal(await page.evaluate(() => globalThis.sawStart), false);
  const other = await context.newPage();
  await other.goto(page.url());
  await other.locator("h1.report__title").waitFor();
  assert.equal(await other.evaluate(() => globalThis.sawStart), false);
  // What leads nowhere is the first screen after all.
  await other.goto("about:blank");
  await other.goto(`${url}#r=nonsense`);
  await other.locator(".start").waitFor();
  session.requests = () => [];
});

test("each wasm is asked for once, the worker's first, and nothing that is asked for ahead goes unused", { timeout: 60_000 }, async () => {
  const { server } = await start();
  const before = server.requests.length;
  const said = [];
  const session = await open();
  try {
    session.page.on("console", (message) => said.push(message.text()));
    // Chromium complains some seconds after the load.
    await session.page.waitForTimeout(6000);
    const wasm = server.requests.slice(before).map((address) => address.split("?")[0]).filter((name) => name.endsWith(".wasm"));
    assert.match(wasm.join(" "), /^\S*worker_bg\.wasm \S*app-[^ ]*\.wasm$/);
    assert.deepEqual(said, []);
  } finally {
    await session.context.close();
  }
});

test("neither the page nor its worker may connect to anything before the page is there", { timeout: 60_000 }, async () => {
  const session = await open({ held: true });
  try {
    const { page } = session;
    const connects = (address) => fetch(address).then(() => "went out", () => "refused");
    await eventually(() => assert.equal(page.workers().length, 1, "the worker is there before the page"));
    assert.equal(await page.evaluate(connects, session.url), "refused");
    assert.equal(await page.workers()[0].evaluate(connects, session.url), "refused");
  } finally {
    await session.context.close();
  }
});

/** Opens the page as a browser that lacks something would, and gives what stands there. */
const asOld = async (options, before) => {
  const { server, browser } = await start();
  const context = await browser.newContext({ locale: "en-US", serviceWorkers: "block", ...options });
  if (typeof before === "string") await context.route(/boot\.js/, (route) => route.fulfill({ contentType: "text/javascript", body: before }));
  else if (before) await context.addInitScript(before);
  const page = await context.newPage();
  await page.goto(server.url);
  const seen = (await page.locator("body").innerText()).trim();
  await context.close();
  return seen;
};
const OLD = [
  ["no JavaScript", { javaScriptEnabled: false }],
  ["a language too new for it", {}, "this is a syntax of another year"],
  ["no WebAssembly", {}, () => delete globalThis.WebAssembly],
  ["no SIMD", {}, () => (WebAssembly.validate = () => false)],
  ["nothing that unpacks", {}, () => delete globalThis.DecompressionStream],
];
for (const [lack, options, before] of OLD) {
  test(`a browser with ${lack} is told so in one sentence, and nothing else`, { timeout: 60_000 }, async () => {
    assert.match(await asOld(options, before), /^oomscope reads logs inside this page and needs JavaScript and a browser from mid-2024[^.]*17\.5\.\s*oomscope는 [^.]*17\.5 이상\)가 필요합니다\.$/);
  });
}
