// As an installed program: the browser accepts the web manifest, the system's files open in it, and what is shared with it gets no
// further than its service worker.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/serve.mjs";
import { chromiumHere, project } from "./browser.mjs";
import { eventually } from "./harness.mjs";

const KILL = "Out of memory: Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

/** A test with a browser that has a profile and a home of its own, and the page in it after its first visit. */
function installed(name, body) {
  test(name, { timeout: 120_000 }, async () => {
    const home = await mkdtemp(path.join(tmpdir(), "oomscope-home-"));
    const server = await serve(path.join(project, "dist"), { base: "/oomscope/" });
    const context = await chromium.launchPersistentContext(path.join(home, "profile"), {
      ...chromiumHere(), locale: "en-US", reducedMotion: "reduce", env: { ...process.env, HOME: home, XDG_DATA_HOME: path.join(home, "share") },
    });
    const complaints = [];
    context.on("weberror", (error) => complaints.push(String(error.error())));
    try {
      const page = await context.newPage();
      await page.goto(server.url);
      // The page can be installed once its service worker is there, not before.
      assert.equal(await page.locator("link[rel=manifest]").count(), 0);
      await page.locator("link[rel=manifest]").waitFor({ state: "attached" });
      assert.ok(await page.evaluate(() => navigator.serviceWorker.controller.state === "activated"));
      await body({ context, page, server, home, client: await context.newCDPSession(page) });
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
      await server.close();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    }
  });
}

const titleOf = (page) => page.locator("h1.report__title", { hasText: "killed java" }).waitFor();

installed("the browser finds nothing amiss in the manifest, and asks nobody for it", async ({ page, client, server }) => {
  const asked = server.requests.length;
  const { url, errors, manifest } = await client.send("Page.getAppManifest");
  assert.match(url, /\/oomscope\/manifest\.webmanifest$/);
  assert.deepEqual(errors, []);
  assert.equal(manifest.startUrl, server.url);
  assert.deepEqual((await client.send("Page.getInstallabilityErrors")).installabilityErrors, []);
  assert.deepEqual(server.requests.slice(asked), []);
  // What is here already is no request.
  await page.locator(".promise", { hasText: "0 requests since load" }).waitFor();
});

installed("a file that the system opens with it is read, in a window of its own", async ({ context, page, client, home, server }) => {
  const { appId } = await client.send("Page.getAppId");
  await client.send("PWA.install", { manifestId: appId });
  const [{ accepts }] = (await client.send("PWA.getOsAppState", { manifestId: appId })).fileHandlers;
  const kinds = accepts.flatMap(({ fileExtensions }) => fileExtensions);
  for (const kind of [".log", ".txt", ".gz", ".html", ".json", ".md", ".svg", ".png"]) assert.ok(kinds.includes(kind), `${kind} of ${kinds}`);
  const asked = server.requests.length;
  for (const [name, data] of [["kill.log", KILL], ["kill.log.gz", gzipSync(KILL)]]) {
    const file = path.join(home, name);
    await writeFile(file, data);
    const [opened] = await Promise.all([context.waitForEvent("page"), client.send("PWA.launchFilesInApp", { manifestId: appId, files: [file] })]);
    await titleOf(opened);
    await opened.close();
  }
  assert.deepEqual(server.requests.slice(asked), []);
  assert.equal(await page.locator(".start").count(), 1, "the window that was there is left alone");
});

/** What a system does when something is shared with an installed page: the form that its manifest asks for, sent as a navigation. */
const share = async (context, server, { text, files = [] }) => {
  const { share_target: target } = JSON.parse(await readFile(path.join(project, "static/app/manifest.webmanifest"), "utf8"));
  const page = await context.newPage();
  await page.goto("about:blank");
  await page.setContent(`<form action="${new URL(target.action, server.url)}" method="${target.method}" enctype="${target.enctype}">
    <textarea name="${target.params.text}"></textarea><input type="file" multiple name="${target.params.files[0].name}"></form>`);
  await page.locator("textarea").fill(text ?? "");
  if (files.length) await page.locator("input").setInputFiles(files);
  await page.evaluate(() => document.querySelector("form").submit());
  return page;
};

installed("text that is shared with it opens as if it were pasted, and goes nowhere", async ({ context, server }) => {
  await server.close();
  const asked = server.requests.length;
  const page = await share(context, server, { text: KILL });
  await titleOf(page);
  await eventually(() => assert.match(page.url(), /\/oomscope\/#r=1\./));
  assert.equal(server.requests.length, asked);
  // It was handed over once: who comes by that address later gets nothing of it.
  const other = await context.newPage();
  await other.goto(`${server.url}#shared`);
  await other.locator("#app .start").waitFor();
  assert.equal(await other.locator("h1.report__title").count(), 0);
  assert.equal(new URL(other.url()).hash, "");
});

installed("so do files that are shared, and a link", async ({ context, server }) => {
  const asked = server.requests.length;
  const file = (name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(KILL) });
  const files = await share(context, server, { files: [file("one.log"), file("two.log")] });
  await files.locator("h1.report__title").waitFor();
  await eventually(async () => assert.equal(await files.locator(".chip").count() > 0, true));
  await eventually(() => assert.match(files.url(), /#r=1\./));
  const link = await share(context, server, { text: files.url() });
  await link.locator("h1.report__title").waitFor();
  assert.deepEqual(server.requests.slice(asked), []);
});
