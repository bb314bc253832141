#!/usr/bin/env node
// How long a reader waits for the built page, in this machine's Chromium: prints what docs/performance.md tells of the page.
//
//   scripts/page-times.mjs [--runs 5] [--long]
//
// --long adds a file of 60 MB. Run it on a machine that does nothing else.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { open, project, start, stop } from "../tests/e2e/browser.mjs";
import { samples } from "../tests/e2e/dense.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" }, long: { type: "boolean", default: false } } });
const runs = Number(values.runs);
const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");
const { server } = await start();

/** Runs in the page before its own scripts: notes when what is asked for is painted, and every task that takes longer than 50 ms. */
const note = () => {
  globalThis.times = {};
  globalThis.tasks = [];
  new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration]))).observe({ type: "longtask", buffered: true });
  const wanted = { first: ".start", page: "#app main", report: "h1.report__title" };
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (name in globalThis.times || !document.querySelector(selector)?.checkVisibility()) continue;
      globalThis.times[name] = NaN;
      // Callbacks of a frame come before its painting, the tasks that they leave after it.
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => (globalThis.times[name] = performance.now());
        channel.port2.postMessage(null);
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
};

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const say = (what, list) => console.log(`${what.padEnd(64)} ${Math.round(median(list)).toString().padStart(6)} ms   (${list.map(Math.round).join(", ")})`);

/** Loads the page in a fresh context and gives what `note` noted of `name`. */
const load = async (at, name, rate) => {
  const { browser } = await start();
  const context = await browser.newContext({ locale: "en-US", serviceWorkers: "block" });
  await context.addInitScript(note);
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  if (rate > 1) await client.send("Emulation.setCPUThrottlingRate", { rate });
  await page.goto(server.url + at);
  await page.waitForFunction((name) => globalThis.times[name] > 0, name, { timeout: 60_000 });
  const times = await page.evaluate(() => globalThis.times);
  await context.close();
  return times;
};
const several = async (of) => {
  const list = [];
  for (let run = 0; run < runs; run += 1) list.push(await of());
  return list;
};

const pasted = (text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  globalThis.pastedAt = performance.now();
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
};

let link = "";
for (const rate of [1, 4]) {
  const slow = rate > 1 ? `, the processor ${rate} times slower` : "";
  const loads = await several(() => load("", "page", rate));
  say(`first screen painted, nothing kept${slow}`, loads.map(({ first }) => first));
  say(`page in its place${slow}`, loads.map(({ page }) => page));
  const pastes = await several(async () => {
    const { page, context } = await open({ before: note });
    const client = await context.newCDPSession(page);
    await client.send("Emulation.setCPUThrottlingRate", { rate });
    await page.evaluate(pasted, draft);
    await page.waitForFunction(() => globalThis.times.report > 0);
    const time = await page.evaluate(() => globalThis.times.report - globalThis.pastedAt);
    await page.waitForFunction(() => /[#&]r=1\./.test(location.hash));
    link = new URL(page.url()).hash;
    await context.close();
    return time;
  });
  say(`draft, from paste to painted answer${slow}`, pastes);
  say(`link of the draft painted, nothing kept${slow}`, (await several(() => load(link, "report", rate))).map(({ report }) => report));
}

if (values.long) {
  const { page, context } = await open({ before: note });
  const text = samples(350_000);
  console.log(`\na file of ${Math.round(text.length / 1e6)} MB`);
  // In parts: a message of Playwright's must not hold all of it.
  await page.evaluate(() => (globalThis.parts = []));
  for (let at = 0; at < text.length; at += 4 << 20) await page.evaluate((part) => void globalThis.parts.push(part), text.slice(at, at + (4 << 20)));
  await page.waitForTimeout(2000);
  const from = await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(globalThis.parts, "long.log"));
    globalThis.tasks.length = 0;
    const now = performance.now();
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    return now;
  });
  await page.waitForFunction(() => globalThis.times.report > 0, null, { timeout: 120_000 });
  await page.waitForTimeout(4000);
  const { times, tasks } = await page.evaluate(() => ({ times: globalThis.times, tasks: globalThis.tasks }));
  console.log(`painted after ${Math.round(times.report - from)} ms; tasks longer than 50 ms (when, how long): ${tasks.map(([at, took]) => `${Math.round(at - from)}: ${Math.round(took)}`).join(", ") || "none"}`);
  await context.close();
}
await stop();
