// Handing a report on: the link opens elsewhere, files open from disk and here again, an embedded report leaves the wheel
// to the page around it.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { inBrowser } from "./harness.mjs";
import { open, project, start } from "./browser.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");
const link = (name) => readFile(path.join(project, "tests/links", `${name}.txt`), "utf8").then((text) => text.trim());

const report = (page) => page.locator(".report__title");
const dialog = (page) => page.getByRole("dialog");

async function shared(page) {
  await page.getByRole("button", { name: /^(Share…|공유…)$/ }).click();
  const url = dialog(page).locator(".copyable__text").first();
  await url.waitFor();
  return url.inputValue();
}

test("a copied link opens in a fresh browser with the same title and language", { timeout: 120_000 }, async () => {
  const { page, paste, copied, axe, requests, complaints, context } = await open({ locale: "ko-KR" });
  await paste(draft);
  await report(page).waitFor();
  const title = await report(page).textContent();
  const url = await shared(page);
  assert.ok(url.split("#")[1].length <= 1900 + 40, `${url.split("#")[1].length} characters`);
  await axe();
  await dialog(page).getByRole("button", { name: /^복사/ }).first().click();
  await page.waitForFunction(() => location.hash.includes("r=1."));
  assert.equal(await copied(), url);
  assert.deepEqual([requests(), complaints], [[], []]);

  const other = await open({ locale: "en-US", at: `#${url.split("#")[1]}` });
  await report(other.page).waitFor();
  assert.equal(await report(other.page).textContent(), title);
  assert.equal(await other.page.locator("html").getAttribute("lang"), "ko");
  await other.axe();
  // Reload keeps it.
  await other.page.reload();
  await report(other.page).waitFor();
  assert.deepEqual(other.complaints, []);
  await other.context.close();
  await context.close();
});

inBrowser("Escape closes the dialog and what goes in can be chosen", async ({ page, paste }) => {
  await paste(draft);
  await report(page).waitFor();
  const numbers = await shared(page);
  await dialog(page).getByRole("radio", { name: /Plus log lines/ }).check();
  await page.waitForFunction((before) => document.querySelector(".copyable__text")?.value > "" && document.querySelector(".copyable__text").value !== before, numbers);
  const lines = await dialog(page).locator(".copyable__text").first().inputValue();
  assert.ok(lines.length > numbers.length && lines.length < 3900);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
});

inBrowser("a damaged link is a plain sentence and the start screen", { at: "#r=1.damaged" }, async ({ page }) => {
  await page.getByText("This link or file is damaged").waitFor();
  await page.locator("#paste").waitFor();
});

inBrowser("an old link opens, by address and by paste", { at: `#${(await link("1-draft-lines")).split("#")[1]}` }, async ({ page, paste }) => {
  await page.getByText("This report came without its texts").waitFor();
  await page.getByText("Killed process 16021 (java)").first().waitFor();
  await paste(await link("1-draft-korean"));
  await page.waitForFunction(() => !location.hash.includes("r="));
  await report(page).waitFor();
});

inBrowser("an exported file opens from disk without a network, and here again", async ({ page, paste, drop }) => {
  await paste(draft);
  await report(page).waitFor();
  const title = await report(page).textContent();
  await shared(page);
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "HTML", exact: true }).click();
  const file = path.join(tmpdir(), `oomscope-${process.pid}.html`);
  await (await download).saveAs(file);
  const text = await readFile(file, "utf8");

  const { browser } = await start();
  const context = await browser.newContext({ offline: true });
  const other = await context.newPage();
  const asked = [];
  other.on("request", (request) => asked.push(request.url()));
  await other.goto(`file://${file}`);
  assert.equal(await other.locator("h1").textContent(), title);
  assert.ok((await other.locator("svg").count()) >= 2);
  assert.deepEqual(asked.filter((url) => !url.startsWith("file:")), []);
  await context.close();

  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await drop({ name: "oomscope.html", text });
  await page.getByText("This report came without its texts").waitFor();
  assert.equal(await report(page).textContent(), title);
});

inBrowser("a picture opens again", async ({ page, paste }) => {
  await paste(draft);
  await report(page).waitFor();
  await shared(page);
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "PNG", exact: true }).click();
  const file = path.join(tmpdir(), `oomscope-${process.pid}.png`);
  await (await download).saveAs(file);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Start again" }).first().click();
  await page.locator(".button--file").click();
  await (await chooser).setFiles(file);
  await page.getByText("This report came without its texts").waitFor();
});

test("an embedded report is small and leaves the wheel to the page around it", { timeout: 120_000 }, async () => {
  const { server, browser } = await start();
  const context = await browser.newContext({ viewport: { width: 400, height: 600 } });
  const page = await context.newPage();
  const at = (await link("1-draft-numbers")).split("#")[1];
  await page.setContent(
    `<iframe title="report" width="360" height="500" src="${server.url}#embed=1&${at}"></iframe><p style="height:3000px">after</p>`,
  );
  const frame = page.frameLocator("iframe");
  await frame.getByRole("link", { name: "Open the full report" }).waitFor();
  await frame.locator("canvas").first().waitFor();
  assert.equal(await frame.locator(".header").count(), 0);
  const wide = await frame.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  // Once the frame is at its own end, the wheel moves the page around it.
  await frame.locator("html").evaluate((root) => root.scrollTo(0, root.scrollHeight));
  await page.mouse.move(150, 300);
  await page.mouse.wheel(0, 400);
  await page.waitForFunction(() => scrollY > 0);
  await context.close();
});
