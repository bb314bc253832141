// The page as one file: it opens from disk, connects to nothing, makes the reports that the page makes, and the page offers it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { eventually, inBrowser } from "./harness.mjs";
import { open, project, start } from "./browser.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");
const file = path.join(project, "dist/oomscope.html");
const address = pathToFileURL(file).href;

/** The file, opened from disk without a network. */
function fromDisk(name, options, body) {
  test(name, { timeout: 120_000 }, async () => {
    const { browser } = await start();
    const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce", offline: true, ...options });
    const [complaints, asked] = [[], []];
    context.on("console", (message) => complaints.push(message.text()));
    context.on("weberror", (error) => complaints.push(String(error.error())));
    context.on("request", (request) => asked.push(request.url()));
    const page = await context.newPage();
    try {
      await page.goto(address);
      await page.locator("#app main").waitFor();
      await body({ page, context, complaints });
      assert.deepEqual(complaints, []);
      assert.deepEqual(asked.filter((url) => !url.startsWith("blob:") && url.split("#")[0] !== address), [], "nothing but the file");
    } finally {
      await context.close();
    }
  });
}

const drop = async (page, text) => {
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "draft.md"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);
  await page.locator("h1.report__title").waitFor();
  await page.waitForFunction(() => /[#&]r=1\./.test(location.hash));
  return { title: await page.locator("h1.report__title").textContent(), hash: await page.evaluate(() => location.hash) };
};

fromDisk("one file makes the reports that the page makes, in a worker", {}, async ({ page }) => {
  const here = await drop(page, draft);
  assert.equal(page.workers().length, 1);
  const session = await open();
  const there = await drop(session.page, draft);
  await session.context.close();
  assert.deepEqual(here, there);
  await page.reload();
  await page.locator("h1.report__title", { hasText: here.title }).waitFor();
});

fromDisk("one file has no connection, no other script, and no service worker", { locale: "ko-KR" }, async ({ page, complaints }) => {
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
  const went = await page.evaluate(async (address) => {
    let ran = false;
    globalThis.run = () => (ran = true);
    for (const [kind, text] of [["text/javascript", "run()"], ["module", "run()"]]) {
      const script = document.createElement("script");
      script.type = kind;
      script.textContent = text;
      document.body.append(script);
    }
    const button = document.createElement("button");
    button.setAttribute("onclick", "run()");
    button.click();
    const fetched = await Promise.allSettled([fetch(address), fetch("http://127.0.0.1:9/"), import("data:text/javascript,run()"), import(URL.createObjectURL(new Blob(["run()"], { type: "text/javascript" })))]);
    return { ran, fetched: fetched.map(({ status }) => status) };
  }, address);
  assert.deepEqual(went, { ran: false, fetched: ["rejected", "rejected", "rejected", "rejected"] });
  const policies = await page.locator("meta[http-equiv=Content-Security-Policy]").evaluateAll((all) => all.map(({ content }) => content));
  assert.doesNotMatch(policies[0], /'unsafe-inline'|'unsafe-eval'|'self'|https?:/);
  assert.match(policies[0], /connect-src 'none'/);
  assert.equal(await page.locator("link[rel=manifest]").count(), 0);
  assert.ok(complaints.splice(0).every((text) => /Content Security Policy/.test(text)));
});

fromDisk("what one file shares names no folder of the reader", {}, async ({ page }) => {
  await drop(page, draft);
  await page.getByRole("button", { name: /^Share/ }).first().click();
  const link = page.getByRole("textbox", { name: "Link" });
  await eventually(async () => assert.match(await link.inputValue(), /^#\S*r=1\./));
  assert.doesNotMatch(await page.locator("dialog").innerHTML(), /file:|iframe/);
});

/** Presses the link in the dialog that tells what this is, and gives what the browser keeps. */
const download = async (page) => {
  await page.getByRole("button", { name: "About oomscope" }).click();
  const [downloaded] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download oomscope as one file" }).click()]);
  assert.equal(downloaded.suggestedFilename(), "oomscope.html");
  return readFile(await downloaded.path());
};

inBrowser("the page offers it", async (session) => {
  assert.ok((await download(session.page)).equals(await readFile(file)));
  await session.axe();
  assert.equal(await session.page.getByRole("link", { name: "Changes" }).getAttribute("href"), "changes.txt");
  assert.deepEqual(await readFile(path.join(project, "dist/changes.txt")), await readFile(path.join(project, "CHANGELOG.md")));
  // What the reader asked for, and no script.
  const asked = session.requests();
  assert.deepEqual(asked.map((url) => new URL(url).pathname), ["/oomscope/oomscope.html"]);
  session.requests = () => [];
});

inBrowser("the page offers it without a network, too", { serviceWorkers: "allow" }, async (session) => {
  const { page, context } = session;
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await context.setOffline(true);
  assert.ok((await download(page)).equals(await readFile(file)));
  session.requests = () => [];
});
