// Text full of records: the page bears what the reader bears. What is not near the view is not in the document, no task keeps
// the reader waiting, and everything can still be reached.
import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { project, start } from "./browser.mjs";
import { crowd } from "./crowd.mjs";
import { dense, samples } from "./dense.mjs";
import { eventually, inBrowser, unfold } from "./harness.mjs";

/** Elements of the whole page, whatever the text. */
const ELEMENTS = 15_000;
/** Milliseconds that a task of the page may take. OOMSCOPE_SLOW multiplies it, for machines that do other things as well. */
const TASK = 200 * Number(process.env.OOMSCOPE_SLOW ?? 1);
/** The same while one long table is read, drawn, and moved about in. */
const SMOOTH = 50 * Number(process.env.OOMSCOPE_SLOW ?? 1);
/** Milliseconds until the report of a link stands there. */
const OPEN = 2_000 * Number(process.env.OOMSCOPE_SLOW ?? 1);
/** Bytes of the renderer, page and worker together. */
const MEMORY = 1e9;

const link = async (name) => (await readFile(path.join(project, "tests/links", name), "utf8")).trim().split("#")[1];

/** Notes every task that takes long from now on. */
const watched = (page) => page.evaluate(() => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.tasks.push([Math.round(startTime), Math.round(duration)]);
  }).observe({ entryTypes: ["longtask"] });
});

/** Memory of the largest process of the browser, which is the page's with its worker. */
async function memory() {
  const { browser } = await start();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  let most = 0;
  for (const { type, id } of processInfo.filter(({ type }) => type === "renderer")) {
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
    most = Math.max(most, 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
  }
  return most;
}

/** No task took too long, and page and worker are of a size that does not grow with the text. */
async function isAlive(page, most = TASK) {
  const [tasks, elements] = await page.evaluate(() => [globalThis.tasks, document.querySelectorAll("*").length]);
  const longest = Math.max(0, ...tasks.map(([, duration]) => duration));
  // Only where it is asked for: on a machine that does other things as well, a task waits for its turn.
  if (process.env.OOMSCOPE_STRICT) assert.ok(longest < most, `a task of ${longest} ms; when, and how long each took: ${JSON.stringify(tasks)}`);
  assert.ok(elements < ELEMENTS, `${elements} elements`);
  assert.ok((await memory()) < MEMORY, `${await memory()} bytes`);
}

/** Waits for the timeline, of which nothing is painted while it is far from the view. */
async function drawn(page) {
  await page.locator(".timeline .chart__frame").first().scrollIntoViewIfNeeded();
  await page.locator(".timeline .chart__frame canvas").first().waitFor();
}

/** Looks at every part of the page, one screen after the other. */
async function scrolledThrough(page) {
  const folded = page.locator(".fold__toggle[aria-expanded=false]");
  while ((await folded.count()) > 0) await folded.first().click();
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < (await height()); y += 700) {
    await page.evaluate((y) => scrollTo(0, y), y);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

inBrowser("twelve megabytes of small reports are read without a stop", async (session) => {
  const { page, drop, reported, axe } = session;
  await watched(page);
  await drop({ name: "dense.log", text: dense(12e6) });
  await reported();
  await drawn(page);
  await scrolledThrough(page);
  await isAlive(page);
  await axe();
});

// The promise at its full size: read by the command line in eight seconds, and borne by the page.
if (process.env.OOMSCOPE_STRICT) {
  inBrowser("two hundred megabytes of small reports are read without a stop", async ({ page, reported }) => {
    const file = path.join(project, "target/e2e/dense-200.log");
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, dense(200e6));
    await watched(page);
    await page.setInputFiles("input[type=file]", file);
    await page.waitForFunction(() => document.activeElement?.matches("h1.report__title"), null, { timeout: 100_000 });
    await reported();
    await drawn(page);
    await scrolledThrough(page);
    await isAlive(page);
    await rm(file);
  });
}

inBrowser("sixty megabytes of samples are drawn and moved about in without a stop", { viewport: { width: 1366, height: 768 } }, async ({ page, reported }) => {
  const file = path.join(project, "target/e2e/samples.log");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, samples(350_000));
  await watched(page);
  await page.setInputFiles("input[type=file]", file);
  await page.waitForFunction(() => document.activeElement?.matches("h1.report__title"), null, { timeout: 100_000 });
  await reported();
  await drawn(page);
  const frame = page.locator(".timeline .chart__frame").first();
  await frame.getByText("bands: from smallest to largest, line: mean").waitFor();
  await frame.evaluate((node) => node.scrollIntoView({ block: "start" }));
  const { x, y, width } = await frame.boundingBox();
  for (let share = 0.1; share < 0.7; share += 0.02) await page.mouse.move(x + width * share, y + 100);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.3, y + 100, { steps: 10 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Reset (0)" }).waitFor();
  await isAlive(page, SMOOTH);
  await rm(file);
});

for (const name of ["many-jstat-tables.txt", "many-java-errors.txt"]) {
  inBrowser(`the link ${name} is open within two seconds`, async ({ page, reported }) => {
    const hash = await link(name);
    await watched(page);
    const begin = performance.now();
    await page.evaluate((hash) => (location.hash = hash), hash);
    await reported();
    const took = performance.now() - begin;
    if (process.env.OOMSCOPE_STRICT) assert.ok(took < OPEN, `${Math.round(took)} ms`);
    await scrolledThrough(page);
    await isAlive(page);
  });
}

const table = (page) => page.locator(".process-table");

inBrowser("the keyboard walks through a list that is not in the document", async ({ page, paste, reported, axe }) => {
  await paste(crowd(3000));
  await reported();
  await unfold(page, "Kernel kills");
  await page.getByText("3,000 processes at that time").click();
  await table(page).locator("tr[aria-rowindex]").first().waitFor();
  assert.equal(await table(page).locator("table").getAttribute("aria-rowcount"), "3001");
  await table(page).locator("tbody button").first().focus();
  const row = () => page.evaluate(() => Number(document.activeElement.closest("tr")?.getAttribute("aria-rowindex")));
  const first = await row();
  for (let step = 1; step <= 120; step += 1) {
    await page.keyboard.press("Tab");
    await eventually(async () => assert.equal(await row(), first + step, "no row is left out"));
  }
  assert.ok((await table(page).locator("tbody tr").count()) < 100);
  // The focus stays where it is, however far the list is scrolled.
  await table(page).evaluate((pane) => pane.scrollTo(0, 40_000));
  await page.waitForFunction(() => document.querySelector(".process-table tr:nth-last-child(2)")?.getAttribute("aria-rowindex") > 1000);
  assert.equal(await row(), first + 120);
  await axe();
});

inBrowser("of a long list the first rows are printed, and a sentence says how many there are", async ({ page, paste, reported }) => {
  await paste(crowd(3000));
  await reported();
  await unfold(page, "Kernel kills");
  await page.getByText("3,000 processes at that time").click();
  await table(page).locator("tr[aria-rowindex]").first().waitFor();
  await table(page).evaluate((pane) => pane.scrollTo(0, 40_000));
  await page.waitForFunction(() => document.querySelector(".process-table tr:nth-last-child(2)")?.getAttribute("aria-rowindex") > 1000);
  const rows = () => table(page).locator("tr[aria-rowindex]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("aria-rowindex"))));
  const said = page.locator(".window__printed", { hasText: "3,000" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await eventually(async () => assert.deepEqual((await rows()).slice(0, 50), Array.from({ length: 50 }, (_, nth) => nth + 2)));
  assert.ok(await said.first().isVisible());
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await eventually(async () => assert.ok((await rows()).length < 100 && !(await said.first().isVisible())));
});

inBrowser("where the page itself ends, a sentence says so and what is shown stays", async ({ page, paste, reported, complaints }) => {
  await paste(crowd(20));
  await reported();
  const sentence = page.getByText("The page stopped here");
  assert.ok(!(await sentence.isVisible()));
  // What Chromium says when memory cannot grow, or after a fault.
  await page.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
  await sentence.waitFor();
  assert.ok(await page.locator("h1.report__title").isVisible());
  complaints.length = 0;
});

inBrowser("a link leads to a finding far down", async ({ page }) => {
  const hash = await link("many-java-errors.txt");
  await page.evaluate((hash) => (location.hash = `${hash}&open=finding:heap-exhausted:7000`), hash);
  await page.waitForFunction(() => document.activeElement?.id === "finding-heap-exhausted-7000");
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.activeElement?.id === "finding-heap-exhausted-7001");
  assert.ok((await page.locator("article.finding").count()) < 60);
});

inBrowser("where the worker's memory ends, a sentence says so and the report before stays", async ({ page, paste, reported, drop, complaints }) => {
  await paste(crowd(20));
  await reported();
  const title = await page.title();
  const lede = await page.locator(".answer__lede").textContent();
  // What Chromium says of a worker whose memory cannot grow.
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (...message) {
      Worker.prototype.postMessage = postMessage;
      setTimeout(() => this.onerror(new ErrorEvent("error", { message: "Uncaught RuntimeError: unreachable", cancelable: true })));
    };
  });
  await drop({ name: "more.log", text: dense(10_000) });
  await page.getByRole("button", { name: "Add to this report" }).click();
  await page.locator(".notice", { hasText: "memory ran out" }).waitFor();
  assert.equal(await page.title(), title);
  await drop({ name: "more.log", text: dense(10_000) });
  await page.getByRole("button", { name: "Add to this report" }).click();
  await page.waitForFunction((lede) => document.querySelector(".answer__lede")?.textContent !== lede, lede);
  complaints.length = 0;
});
