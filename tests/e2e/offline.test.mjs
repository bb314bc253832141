// Without a network: what was visited once opens again, reads logs, and opens shared links, and another build makes itself known.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { project, start, stop } from "./browser.mjs";

after(stop);

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");

/** A copy of the page below a path of its own. */
async function copy() {
  const folder = await mkdtemp(path.join(tmpdir(), "oomscope-offline-"));
  await cp(path.join(project, "dist"), folder, { recursive: true, dereference: true });
  execFileSync("node", [path.join(project, "scripts/offline.mjs"), folder]);
  return { folder, server: await serve(folder, { base: "/oomscope/" }) };
}

async function visited(server) {
  const { browser } = await start();
  const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator("#paste").waitFor();
  await page.waitForFunction(async () => {
    const ready = await navigator.serviceWorker.ready;
    return ready.active?.state === "activated" && navigator.serviceWorker.controller;
  });
  return { context, page };
}

const drop = async (page, text) => {
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "draft.md"));
    return data;
  }, text);
  await page.locator("body").dispatchEvent("drop", { dataTransfer: data });
  await page.locator("h1.report__title").waitFor();
};

test("after the first visit everything works without a network", { timeout: 120_000 }, async () => {
  const { folder, server } = await copy();
  const { context, page } = await visited(server);
  await server.close();
  const asked = server.requests.length;

  await page.reload();
  await page.locator("#paste").waitFor();
  await page.locator(".promise", { hasText: "0 requests since load" }).waitFor();
  await drop(page, draft);
  const title = await page.locator("h1.report__title").textContent();
  await page.waitForFunction(() => /[#&]r=1\./.test(location.hash));
  const link = page.url();
  await page.reload();
  await page.locator("h1.report__title", { hasText: title }).waitFor();

  const other = await context.newPage();
  await other.goto(link);
  await other.locator("h1.report__title", { hasText: title }).waitFor();
  assert.equal(server.requests.length, asked, "nobody was asked");

  // What is none of its files has no answer, with or without a network.
  assert.equal(await other.evaluate(async () => (await caches.keys()).length), 1);
  const missing = await other.goto(new URL("elsewhere", server.url).href);
  assert.equal(missing.status(), 404);
  const names = (await readdir(folder)).filter((name) => !["sw.js", "_headers"].includes(name));
  const worker = await readFile(path.join(folder, "sw.js"), "utf8");
  assert.equal(worker.match(/sha256-/g).length, names.length, "each file has a hash");
  assert.ok(worker.split("\n").length <= 60, "short enough to be read");
  await context.close();
});

test("another build is told on the first screen, never amid a report", { timeout: 120_000 }, async () => {
  const { folder, server } = await copy();
  const { context, page } = await visited(server);
  const newer = page.locator(".newer");
  assert.equal(await newer.isVisible(), false);
  await drop(page, draft);
  const index = path.join(folder, "index.html");
  await writeFile(index, (await readFile(index, "utf8")).replace("<title>oomscope", "<title>oomscope 2"));
  execFileSync("node", [path.join(project, "scripts/offline.mjs"), folder]);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.waitForFunction(() => "newer" in document.documentElement.dataset);
  assert.equal(await newer.count(), 0, "a report is not disturbed");
  await page.getByRole("button", { name: "New report" }).first().click();
  await newer.getByRole("button", { name: "Reload" }).click();
  await page.waitForFunction(() => !("newer" in document.documentElement.dataset));
  await page.locator("#paste").waitFor();
  const served = await page.evaluate(async () => (await (await fetch("./")).text()).includes("oomscope 2")).catch(() => "forbidden");
  assert.equal(served, "forbidden", "the page itself may connect to nothing");
  await context.close();
  await server.close();
});
