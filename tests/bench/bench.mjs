// Drives Chromium for `make bench` and prints the table.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { serve } from "../../scripts/serve.mjs";
import { crowd } from "../e2e/crowd.mjs";
import { open, project, start, stop } from "../e2e/browser.mjs";
import { unfold } from "../e2e/harness.mjs";

const folder = path.resolve(process.argv[2]);
const native = JSON.parse(await readFile(path.join(folder, "native.json"), "utf8"));

/** The same generated text through wasm and through the JavaScript idiom, in one page. */
async function inPage() {
  const server = await serve(folder);
  const { browser } = await start();
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(`${server.url}index.html`);
  await page.waitForFunction(() => globalThis.ready === true);
  const charts = await page.evaluate(() => globalThis.measureCharts());
  const figures = await page.evaluate(() => globalThis.measure(100_000_000));
  await page.close();
  await server.close();
  return { ...figures, charts };
}

/** Milliseconds from the key press to the painted report. */
async function pasteToReport(text) {
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    const { page, context, paste } = await open();
    await page.evaluate(() => {
      addEventListener("paste", () => { globalThis.pasted = performance.now(); }, { capture: true, once: true });
    });
    await paste(text);
    times.push(await page.evaluate(() => new Promise((done) => {
      const look = () => {
        if (!document.querySelector("h1.report__title")) return requestAnimationFrame(look);
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - globalThis.pasted)));
      };
      look();
    })));
    await context.close();
  }
  return times.sort((a, b) => a - b)[2];
}

/** Tasks of over 50 ms while a table of 5,000 processes is scrolled from end to end, in milliseconds each. */
async function longTasksWhileScrolling() {
  const { page, context, paste } = await open();
  await paste(crowd());
  await unfold(page, "Kernel kills");
  await page.getByText("5,000 processes at that time").click();
  const table = page.locator(".process-table");
  await table.locator("tr.process").first().waitFor();
  const tasks = await table.evaluate(async (pane) => {
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    const frame = () => new Promise(requestAnimationFrame);
    // What opened the table is over.
    for (let rest = 0; rest < 10; rest += 1) await frame();
    observer.observe({ type: "longtask" });
    const steps = 120;
    for (let step = 1; step <= steps; step += 1) {
      pane.scrollTop = (pane.scrollHeight * step) / steps;
      await frame();
    }
    for (let rest = 0; rest < 10; rest += 1) await frame();
    return long;
  });
  await context.close();
  return tasks;
}

/** Raw and brotli bytes of the built page by kind. */
async function sizes() {
  const kinds = {};
  for (const name of await readdir(path.join(project, "dist"), { recursive: true })) {
    const kind = /\.(wasm|js|css)$/.exec(name)?.[1];
    if (!kind) continue;
    const bytes = await readFile(path.join(project, "dist", name));
    const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    kinds[kind] ??= { raw: 0, brotli: 0 };
    kinds[kind].raw += bytes.length;
    kinds[kind].brotli += packed.length;
  }
  return kinds;
}

const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);
const number = (value) => (value >= 10 ? value.toFixed(0) : value.toFixed(2));
try {
  const page = await inPage();
  // What is to be reached, in MB/s or as a share, beside what is measured (docs/performance.md).
  const [least, most] = [(limit) => `at least ${limit}`, (limit) => `at most ${limit}`];
  row("text", "figure", "MB/s", "ratio", "limit");
  row("---", "---", "---:", "---", "---");
  row("jstat", "bare loop, native", number(native.bare), "1", "");
  row("jstat", "analyzer, native", number(native.jstat), `${number(native.jstat / native.bare)} of the bare loop`, "1");
  row("jstat", "bare loop, wasm", number(page.bare), `${number(page.bare / native.bare)} of native`, "");
  row("jstat", "analyzer, wasm", number(page.analyze), `${number(page.analyze / native.jstat)} of native`, "");
  row("jstat", "JavaScript idiom", number(page.idiom), `wasm is ${number(page.analyze / page.idiom)} times as fast`, "");
  row("jstat", "newline count, native", number(native.newlines), "", "");
  row("jstat", "newline count, wasm", number(page.newlines), "", "");
  row("GC log", "analyzer, native", number(native.gc), `${number(native.gc / native.bare)} of the bare loop`, least(0.66));
  row("journal", "newline count, native", number(native.journal_newlines), "", "");
  row("journal", "search for a word, native", number(native.journal_search), "1", "");
  row("journal", "analyzer, native", number(native.journal), `${number(native.journal / native.journal_search)} of the search`, least(1500));
  row("journal", "analyzer, wasm", number(page.journal), `${number(page.journal / native.journal)} of native`, least(500));
  row("mix", "analyzer, native", number(native.mix), `${number(native.mix / native.journal_search)} of the search`, least(750));
  row("mix", "analyzer, wasm", number(page.mix), `${number(page.mix / native.mix)} of native`, least(250));
  row("journal, 1 GB", "analyzer, native", number(native.foreign), `peak ${number(native.foreign_peak_mib)} MiB`, "");
  console.log();
  row("what a byte costs", "times that of a GC log", "limit");
  row("---", "---:", "---");
  for (const [name, ratio] of native.costly) row(name, number(ratio), most(5));
  console.log();
  const [tenth, all] = native.kills_ms;
  console.log(`100,000 kills: ${number(all)} ms native, ${number(all / tenth)} times as long as a tenth of them (limit: 800 ms, 10 times)`);
  console.log(`200 OOM reports (${number(native.oom_bytes / 1e6)} MB): ${number(native.oom_ms)} ms native`);
  const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");
  const { charts } = page;
  console.log();
  row("redraw while panning", "6 x 1,000,000 samples", "6 x 10,000 samples", "ratio");
  row("---", "---:", "---:", "---:");
  row("oomscope, ms of script", number(charts.many), number(charts.few), number(charts.many / charts.few));
  row("uPlot, ms of script", number(charts.uplotMany), number(charts.uplotFew), number(charts.uplotMany / charts.uplotFew));
  console.log(`pyramids of 6 x 1,000,000 samples: ${number(charts.pyramids)} ms in wasm`);
  console.log(`draft, from paste to painted report: ${number(await pasteToReport(draft))} ms`);
  const tasks = await longTasksWhileScrolling();
  const listed = tasks.length > 0 ? ` (${tasks.map((task) => `${number(task)} ms`).join(", ")})` : "";
  console.log(`5,000 processes scrolled from end to end: ${tasks.length} tasks of over 50 ms${listed}`);
  for (const [kind, { raw, brotli }] of Object.entries(await sizes())) {
    console.log(`${kind}: ${number(raw / 1024)} KiB, ${number(brotli / 1024)} KiB as brotli`);
  }
} finally {
  await stop();
}
