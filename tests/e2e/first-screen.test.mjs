import assert from "node:assert/strict";
import { inBrowser } from "./harness.mjs";

inBrowser("the page opens below a sub-path and its console stays silent", async ({ page, url }) => {
  assert.match(url, /\/oomscope\/$/);
  assert.match(await page.title(), /oomscope/);
});

inBrowser("axe has nothing against the first screen", async ({ axe }) => {
  await axe();
});

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

inBrowser("where nothing is recognised the text stays, commands print what would be, and a phone adds by typing", PHONE, async (session) => {
  const { page, axe } = session;
  const box = page.getByRole("textbox", { name: /^Paste here/ });
  await box.fill("it died last night");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.locator("h1", { hasText: "Nothing recognised" }).waitFor();
  await page.locator(".actions .command__text", { hasText: "journalctl" }).waitFor();
  await page.locator(".actions .command__text", { hasText: "jstat" }).waitFor();
  assert.equal(await page.getByText("Ctrl+V").filter({ visible: true }).count(), 0, "no keys on a phone");
  await axe();
  await box.fill("Out of memory: Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.locator("h1", { hasText: "killed java" }).waitFor();
  await page.locator(".chip", { hasText: "2 lines" }).waitFor();
  await page.getByRole("button", { name: "Add logs…" }).click();
  const dialog = page.getByRole("dialog", { name: "Add logs to this report" });
  await dialog.getByRole("textbox", { name: /^Paste here/ }).fill("java.lang.OutOfMemoryError: Java heap space");
  await dialog.getByRole("button", { name: "Read it" }).click();
  await page.locator(".chip", { hasText: "3 lines" }).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), "nothing beyond the screen");
});

inBrowser("a very long message does not break the answer", { viewport: { width: 360, height: 740 } }, async ({ page, paste, reported }) => {
  const long = "unbreakable".repeat(60);
  await paste(`Exception in thread "main" java.lang.OutOfMemoryError: ${long}\n`);
  await reported();
  const lede = page.locator(".answer__lede");
  assert.ok((await lede.innerText()).includes(" … "), "its middle is left out");
  // What follows stands on its last line.
  const [message, end] = await lede.evaluate((lede) => {
    const link = lede.querySelector("a.fact");
    const range = document.createRange();
    range.selectNode(link.nextSibling);
    return [[...link.getClientRects()].at(-1).bottom, range.getClientRects()[0].bottom];
  });
  assert.ok(Math.abs(message - end) < 4, `${message} ${end}`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), "nothing beyond the screen");
});

inBrowser("the first press on the colours changes them", async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const before = await ground();
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.waitForFunction((before) => getComputedStyle(document.documentElement).backgroundColor !== before, before);
});
