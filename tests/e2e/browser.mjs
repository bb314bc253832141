// The built page below a sub-path, in a real Chromium: for the end-to-end tests and for scripts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { serve } from "../../scripts/serve.mjs";

export const project = fileURLToPath(new URL("../../", import.meta.url));

/** Findings of axe that are accepted. Empty, and it stays so. */
const AXE_ALLOWED = [];

/** No animation, no network of the browser's own. As root Chromium runs only without its sandbox. */
const BROWSER_ARGUMENTS = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-sandbox",
];

/** How this machine's Chromium is started. */
export const chromiumHere = () => ({
  executablePath: execFileSync(path.join(project, "scripts/chromium"), { encoding: "utf8" }).trim(),
  args: BROWSER_ARGUMENTS,
});

/** OOMSCOPE_BROWSER=firefox runs a test in this machine's Firefox, as far as that can be driven. */
export const isFirefox = process.env.OOMSCOPE_BROWSER === "firefox";

/** How that is started: its clipboard asks nobody, and nothing moves. */
export const FIREFOX = {
  channel: "moz-firefox",
  executablePath: fileURLToPath(new URL("firefox.mjs", import.meta.url)),
  firefoxUserPrefs: { "dom.events.testing.asyncClipboard": true, "ui.prefersReducedMotion": 1 },
};

let shared;

/** One server and one browser per test file, started by the first test that needs them. */
export function start() {
  shared ??= (async () => {
    const [server, browser] = await Promise.all([
      serve(path.join(project, "dist"), { base: "/oomscope/" }),
      isFirefox ? firefox.launch(FIREFOX) : chromium.launch(chromiumHere()),
    ]);
    return { server, browser };
  })();
  return shared;
}

/** Ends what `start` started. */
export async function stop() {
  const { server, browser } = await (shared ?? {});
  shared = undefined;
  await browser?.close();
  await server?.close();
}

/**
 * Opens the page, without a service worker unless asked for (`serviceWorkers: "allow"`), and waits until it is loaded and quiet. `options` are Playwright's for a new context (`locale`,
 * `viewport`, `colorScheme`, …), `at`, what follows the page's address (`#…`), `before`, run in the page before its
 * own scripts, and `held`, which keeps the page back until `release()`. Gives
 *
 * - `page`: Playwright's page; `context`, too, for a second page
 * - `url`: the page's address
 * - `reload()`: loads the page anew
 * - `release()`: lets the page come, and waits until the page is there
 * - `paste(text)`: puts the text into the clipboard and presses Ctrl+V
 * - `reported()`: waits until a report stands there whole, with the focus on its title
 * - `copied()`: the clipboard's text
 * - `drop(...files)`: drops files, each `{ name, text }`, on the page
 * - `axe()`: fails on every finding of axe-core
 * - `requests()`: what was requested since the page was loaded
 * - `complaints`: errors: what the console said and what nobody caught
 */
export async function open({ at = "", before, held = false, ...options } = {}) {
  const { server, browser } = await start();
  const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce", serviceWorkers: "block", ...options });
  if (!isFirefox) await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(server.url).origin });
  if (before) await context.addInitScript(before);
  const complaints = [];
  const requested = [];
  context.on("console", (message) => {
    if (["error", "assert"].includes(message.type())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("request", (request) => {
    if (/^https?:|^wss?:/.test(request.url())) requested.push(request.url());
  });
  if (process.env.OOMSCOPE_LATE) await context.addInitScript(late);
  const page = await context.newPage();
  // The browser's account and the server's: one of them may not see what a worker fetches.
  let [asked, served] = [0, 0];
  const loaded = async () => {
    await page.locator("#app main").waitFor();
    [asked, served] = [requested.length, server.requests.length];
  };
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  if (held) {
    await page.route(/\/app-[^/?]*\.js$/, async (route) => {
      await gate;
      await route.continue();
    });
  }
  await page.goto(server.url + at, { waitUntil: held ? "domcontentloaded" : "networkidle" });
  if (!held) await loaded();
  const release = async () => {
    open();
    await page.waitForLoadState("networkidle");
    await loaded();
  };
  const reload = async () => {
    await page.reload({ waitUntil: "networkidle" });
    await loaded();
  };
  const absolute = (address) => new URL(address, server.url).href;
  const requests = () => [...new Set([...requested.slice(asked), ...server.requests.slice(served).map(absolute)])];

  const paste = async (text) => {
    await page.bringToFront();
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.keyboard.press("Control+V");
  };
  const reported = async () => {
    await page.waitForFunction(() => document.activeElement?.matches("h1.report__title"));
    await page.locator(".report__tables[aria-busy=false]").waitFor({ state: "attached" });
  };
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const drop = async (...files) => {
    const data = await page.evaluateHandle((files) => {
      const data = new DataTransfer();
      for (const { name, text } of files) data.items.add(new File([text], name));
      return data;
    }, files);
    for (const event of ["dragenter", "dragover", "drop"]) {
      await page.locator("body").dispatchEvent(event, { dataTransfer: data });
    }
  };
  // What axe-core finds does not depend on the browser, and on a long report it crashes Firefox's own process of the page.
  const axe = async () => isFirefox || assert.deepEqual(await axeFindings(page), [], "axe-core found");
  return { page, context, url: server.url, reload, release, paste, reported, copied, drop, axe, requests, complaints };
}

/** Runs in the page: every frame and every timer comes late, each by another time. */
function late() {
  const { setTimeout } = window;
  const later = (callback, time = 0, ...rest) => setTimeout(callback, time + 300 * Math.random(), ...rest);
  window.setTimeout = later;
  window.requestAnimationFrame = (callback) => later(() => callback(performance.now()), 16);
  window.cancelAnimationFrame = clearTimeout;
}

/** What axe-core has against the page as it is now, a line each. */
async function axeFindings(page) {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { preload: false }));
  return violations
    .filter(({ id }) => !AXE_ALLOWED.includes(id))
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`));
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
