// Handing a report on: the link opens elsewhere, files open from disk and here again, an embedded report leaves the wheel
// to the page around it.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { eventually, inBrowser } from "./harness.mjs";
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
  await dialog(page).getByRole("button", { name: /^복사됨/ }).first().waitFor();
  assert.equal(await copied(), url);
  assert.deepEqual([requests(), complaints], [[], []]);

  const other = await open({ locale: "en-US", at: `#${url.split("#")[1]}` });
  await report(other.page).waitFor();
  await eventually(async () => assert.equal(await report(other.page).textContent(), title));
  await eventually(async () => assert.equal(await other.page.locator("html").getAttribute("lang"), "ko"));
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

inBrowser("what is copied for an assistant is small and numbers only, whatever else goes in", { locale: "ko-KR" }, async ({ page, paste, copied, requests }) => {
  await paste(draft);
  await report(page).waitFor();
  const link = await shared(page);
  const copy = dialog(page).getByRole("button", { name: /^어시스턴트용으로 복사/ });
  await copy.click();
  await dialog(page).getByRole("button", { name: /^복사됨/ }).first().waitFor();
  const numbers = await copied();
  assert.ok(Buffer.byteLength(numbers) <= 2500, `${Buffer.byteLength(numbers)} bytes`);
  assert.match(numbers, /\[machine-out-of-memory\] \S+:57/);
  await dialog(page).getByRole("radio").last().check();
  await page.waitForFunction((before) => ![undefined, "", before].includes(document.querySelector(".copyable__text")?.value), link);
  await copy.click();
  await eventually(async () => assert.equal(await copied(), numbers));
  assert.deepEqual(requests(), []);
});

inBrowser("the page behind a dialog gets darker, and the way out stays", { colorScheme: "dark" }, async ({ page, paste, reported }) => {
  await paste(draft);
  await reported();
  await shared(page);
  const scrim = await dialog(page).evaluate((dialog) => getComputedStyle(dialog, "::backdrop").backgroundColor);
  assert.match(scrim, /^rgba\(0, 0, 0, /);
  await dialog(page).evaluate((dialog) => dialog.scrollTo(0, dialog.scrollHeight));
  const [head, box] = await Promise.all([dialog(page).getByRole("button", { name: "Close" }).boundingBox(), dialog(page).boundingBox()]);
  assert.ok(head.y >= box.y && head.y < box.y + 60, `${head.y} in ${box.y}`);
});

inBrowser("a damaged link is a plain sentence and the start screen", { at: "#r=1.damaged" }, async ({ page }) => {
  await page.getByText("This link or file is damaged").waitFor();
  await page.locator("#paste").waitFor();
});

inBrowser("an old link opens, by address and by paste", { at: `#${(await link("1-draft-lines")).split("#")[1]}` }, async ({ page, paste }) => {
  await page.getByText("this report carries only the lines its findings rest on").waitFor();
  await page.locator(".finding__toggle").first().click();
  await page.getByText("Killed process 16021 (java)").first().waitFor();
  const before = page.url();
  await paste(await link("1-draft-korean"));
  await page.waitForFunction((before) => location.href !== before && location.hash.includes("r=1."), before);
  await report(page).waitFor();
});

inBrowser("a title is changed in place and goes with what is shared", async ({ page, paste }) => {
  await paste(draft);
  await report(page).waitFor();
  const own = await report(page).textContent();
  const pencil = page.getByRole("button", { name: "Change the title" });
  const field = page.getByRole("textbox", { name: "Change the title" });
  await pencil.click();
  assert.equal(await field.inputValue(), own, "what stands there is there to be changed");
  await field.fill("Not this one");
  await page.keyboard.press("Escape");
  await eventually(async () => assert.equal(await report(page).textContent(), own));
  await eventually(async () => assert.ok(await pencil.evaluate((pencil) => pencil === document.activeElement)));
  // What is pasted into the field is a name, and no log.
  await pencil.click();
  await field.selectText();
  await paste("A pasted name");
  assert.equal(await field.inputValue(), "A pasted name");
  await field.fill("The night of the\tload test");
  await page.keyboard.press("Enter");
  await eventually(async () => assert.equal(await report(page).textContent(), "The night of the load test"));
  assert.equal(await page.title(), "The night of the load test · oomscope");
  assert.equal(await page.locator(".report__headline").textContent(), own, "the answer's headline stays");
  await shared(page);
  assert.equal(await dialog(page).getByLabel("Title").inputValue(), "The night of the load test");
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
  await page.getByText("This report carries no log text").waitFor();
  await eventually(async () => assert.equal(await report(page).textContent(), title));
});

inBrowser("a picture opens again", async ({ page, paste }) => {
  await paste(draft);
  await report(page).waitFor();
  await shared(page);
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "PNG: card" }).click();
  assert.equal((await download).suggestedFilename(), "oomscope-java-16021-2022-11-23-card.png");
  const file = path.join(tmpdir(), `oomscope-${process.pid}.png`);
  await (await download).saveAs(file);
  const png = await readFile(file);
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2400, 1260], "twice the card's pixels");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.locator(".button--file").click();
  await (await chooser).setFiles(file);
  await page.getByText("This report carries no log text").waitFor();
});

inBrowser("pictures are well-formed, refer to nothing elsewhere, and open again", async ({ page, paste, drop, context }) => {
  // The page's own policy forbids the styles of what it parses.
  const blank = await context.newPage();
  await page.bringToFront();
  await paste(draft);
  await report(page).waitFor();
  const title = await report(page).textContent();
  for (const [look, dark] of [["as the reader's system", ""], ["Dark", "-dark"]]) {
    await shared(page);
    await dialog(page).getByLabel("Colours of pictures").selectOption(look);
    await dialog(page).getByRole("button", { name: "SVG: Timeline" }).waitFor();
    for (const label of ["SVG: card, 1200 × 630", "SVG: whole report", "SVG: Timeline", "SVG: Memory map"]) {
      const download = page.waitForEvent("download");
      await dialog(page).getByRole("button", { name: label, exact: true }).click();
      const file = await download;
      assert.match(file.suggestedFilename(), new RegExp(`${dark}\\.svg$`));
      const text = await readFile(await file.path(), "utf8");
      const found = await blank.evaluate((text) => {
        const { documentElement: root } = new DOMParser().parseFromString(text, "image/svg+xml");
        const all = [...root.querySelectorAll("*")];
        return {
          name: root.nodeName,
          scripts: all.filter((element) => element.nodeName === "script").length,
          references: all.flatMap((element) => [...element.attributes]).filter(({ name, value }) => /href|^on/.test(name) || /url\(|https?:(?!\/\/www\.w3\.org)/.test(value)).length,
          title: root.querySelector("title")?.textContent.length > 0 && root.querySelector("desc")?.textContent.length > 0,
        };
      }, text);
      assert.deepEqual(found, { name: "svg", scripts: 0, references: 0, title: true }, label);
      if (label === "SVG: Memory map") {
        await page.keyboard.press("Escape");
        await dialog(page).waitFor({ state: "detached" });
        await drop({ name: "picture.svg", text });
        await page.getByText("This report carries no log text").waitFor();
        await eventually(async () => assert.equal(await report(page).textContent(), title));
      }
    }
  }
});

test("several embedded reports stand on one page, follow its reader's theme, and keep nothing", { timeout: 120_000 }, async () => {
  const { server, browser } = await start();
  const at = (await link("1-draft-numbers")).split("#")[1];
  const colours = [];
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: 360, height: 700 }, colorScheme });
    const page = await context.newPage();
    await page.goto(`${server.url}`);
    const frame = `<iframe title="report" style="width:340px;aspect-ratio:4/5;border:0" src="${server.url}#embed=1&${at}"></iframe>`;
    const around = await context.newPage();
    await around.setContent(`${frame}${frame}`);
    for (const nth of [0, 1]) {
      const inside = around.frameLocator("iframe").nth(nth);
      await drawn(inside);
      assert.ok((await inside.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth)) <= 0);
    }
    const inside = around.frameLocator("iframe").first();
    colours.push(await inside.locator("body").evaluate((body) => getComputedStyle(body).color));
    assert.equal(await page.evaluate(() => localStorage.getItem("oomscope.recent")), null);
    assert.equal(await around.evaluate(() => history.length), 1);
    await context.close();
  }
  assert.notEqual(colours[0], colours[1]);
});

test("an embedded report is small and leaves the wheel to the page around it", { timeout: 120_000 }, async () => {
  const { server, browser } = await start();
  const context = await browser.newContext({ viewport: { width: 400, height: 600 } });
  const page = await context.newPage();
  const at = (await link("1-draft-numbers")).split("#")[1];
  const before = server.requests.length;
  for (const [width, height] of [[720, 400], [360, 480]]) {
    await page.setViewportSize({ width: width + 40, height: 600 });
    await page.setContent(
      `<iframe title="report" width="${width}" height="${height}" src="${server.url}embed.html#${at}"></iframe><p style="height:3000px">after</p>`,
    );
    const frame = page.frameLocator("iframe");
    await frame.getByRole("link", { name: "Open the full report" }).waitFor();
    await drawn(frame);
    assert.equal(await frame.locator(".header, input, select, button").count(), 0);
    // All of it is one card, so that the wheel moves the page around it at once.
    const over = await frame.locator("html").evaluate((root) => [root.scrollWidth - root.clientWidth, root.scrollHeight - root.clientHeight]);
    assert.ok(Math.max(...over) <= 0, `${over} px beyond ${width} x ${height}`);
    const whole = await frame.locator(".embed__charts").evaluate((charts) =>
      [...charts.querySelectorAll("img")]
        .map((picture) => picture.getBoundingClientRect())
        .filter(({ left }) => left < innerWidth)
        .every(({ bottom }) => bottom <= innerHeight));
    assert.ok(whole, "a chart that is shown is shown whole");
    await page.mouse.move(150, 300);
    await page.mouse.wheel(0, 400);
    await page.waitForFunction(() => scrollY > 0);
  }
  for (const [link, said] of [["r=1.damaged", "This link or file is damaged"], ["", "This report opens on its own page."]]) {
    await page.setContent(`<iframe title="report" src="${server.url}embed.html#lang=en&${link}"></iframe>`);
    await page.frameLocator("iframe").getByText(said).waitFor();
  }
  const wasm = new Set(server.requests.slice(before).map((path) => path.split("?")[0]).filter((path) => path.endsWith(".wasm")));
  assert.deepEqual([...wasm].map((path) => path.split("/").pop()), ["embed_bg.wasm"], "no analyzer");
  await context.close();
});

/** Waits for the first picture of an embedded report. */
const drawn = (frame) => frame.locator("img").first().evaluate((picture) => picture.decode());

/** A fresh browser at an address. */
const fresh = (address) => open({ at: `#${address.split("#")[1]}` });

/** What stands behind `r=` in the address bar, once it is there. */
async function carried(page) {
  await page.waitForFunction(() => /[#&]r=1\./.test(location.hash));
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get("r");
}

const kill = (name, pid) =>
  `Nov 23 07:35:42 web-prod-3 kernel: Out of memory: Killed process ${pid} (${name}) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n`;

// A reload asks for the page again, so these are no `inBrowser`.
test("the address bar carries the numbers, and reload, Back, and Forward keep each report", { timeout: 120_000 }, async () => {
  const { page, paste, url, complaints, context } = await open();
  await paste(draft);
  await report(page).waitFor();
  const title = await report(page).textContent();
  const first = await carried(page);
  assert.ok(first.length <= 1900, `${first.length} characters`);

  // The same address in a fresh browser: the same report, without a line of the log.
  const { browser } = await start();
  const other = await (await browser.newContext({ locale: "en-US" })).newPage();
  await other.goto(`${url}#r=${first}`);
  await report(other).waitFor();
  await eventually(async () => assert.equal(await report(other).textContent(), title));
  await other.getByText("This report carries no log text").waitFor();
  await other.context().close();

  // A reload keeps the text itself.
  await page.reload();
  await report(page).waitFor();
  await page.locator(".contents__source").waitFor();
  assert.equal(await carried(page), first);

  await paste(kill("acme-billing", 4242));
  await page.getByRole("dialog").getByRole("button", { name: "New report" }).click();
  await page.waitForFunction((title) => document.querySelector(".report__title")?.textContent !== title, title);
  const second = await carried(page);
  assert.notEqual(second, first);
  await page.goBack();
  await page.waitForFunction((title) => document.querySelector(".report__title")?.textContent === title, title);
  await page.locator(".contents__source").waitFor();
  assert.equal(await carried(page), first);
  await page.goForward();
  await page.locator(".subject", { hasText: "4242" }).waitFor();
  assert.equal(await carried(page), second);
  await page.goBack();
  await page.waitForFunction((title) => document.querySelector(".report__title")?.textContent === title, title);
  await page.goBack();
  await page.locator("#paste").waitFor();
  await page.waitForFunction(() => location.hash === "");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a paste too large to keep is warned of before it goes, and its numbers stay", { timeout: 120_000 }, async () => {
  const { page, paste, complaints, context } = await open();
  await paste(draft + "word of prose ".repeat(200_000));
  await report(page).waitFor();
  await carried(page);
  const warned = page.waitForEvent("dialog");
  const [dialog] = await Promise.all([warned, page.evaluate(() => setTimeout(() => location.reload(), 0))]);
  assert.equal(dialog.type(), "beforeunload");
  await dialog.accept();
  await page.getByText("too large to keep, or").first().waitFor();
  await report(page).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

inBrowser("nothing but numbers and titles is kept in the browser, and the tab alone keeps the text", async ({ page, paste }) => {
  await paste(kill("acme-billing", 4242));
  await report(page).waitFor();
  await carried(page);
  await page.waitForFunction(() => sessionStorage.length > 0 && localStorage.getItem("oomscope.recent"));
  const [local, session] = await page.evaluate(() => [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]);
  assert.ok(!/acme|web-prod/.test(local), local);
  assert.match(session, /acme-billing/);
});

inBrowser("the last five reports open again, are forgotten one by one, and all of them by the switch", async ({ page, paste, axe }) => {
  const again = () => page.getByRole("button", { name: "New report" }).click();
  for (const pid of [1, 2, 3, 4, 5, 6]) {
    await paste(kill("java", 4240 + pid));
    await page.locator(".subject", { hasText: `${4240 + pid}` }).waitFor();
    await carried(page);
    await page.waitForFunction((count) => JSON.parse(localStorage.getItem("oomscope.recent") ?? "[]").length === count, Math.min(pid, 5));
    await again();
    await page.locator("#paste").waitFor();
  }
  const list = page.locator(".recent__report");
  await eventually(async () => assert.equal(await list.count(), 5));
  await axe();
  await list.first().locator(".recent__open").click();
  await page.getByText("This report carries no log text").waitFor();
  await eventually(async () => assert.match(await page.locator("main").innerText(), /4246/));
  await page.goBack();
  await page.locator("#paste").waitFor();
  await list.first().getByRole("button", { name: /^Forget/ }).click();
  await page.waitForFunction(() => document.querySelectorAll(".recent__report").length === 4);
  await page.getByRole("checkbox", { name: "Keep the last five" }).uncheck();
  await page.waitForFunction(() => document.querySelectorAll(".recent__report").length === 0);
  await paste(kill("java", 4250));
  await report(page).waitFor();
  await carried(page);
  assert.equal(await page.evaluate(() => localStorage.getItem("oomscope.recent")), null);
});

const noMemory = () => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get: () => { throw new DOMException("no", "SecurityError"); } });
  }
};
inBrowser("a browser that keeps nothing shows reports all the same", { before: noMemory }, async ({ page, paste }) => {
  await paste(draft);
  await report(page).waitFor();
  await carried(page);
});

test("a link under a passphrase opens in a fresh browser with it, and not without", { timeout: 120_000 }, async () => {
  const { page, paste, requests, complaints, context } = await open();
  await paste(draft);
  await report(page).waitFor();
  const title = await report(page).textContent();
  const unsealed = await shared(page);
  await dialog(page).getByText("Put the link under a passphrase").click();
  await dialog(page).getByLabel("Passphrase", { exact: true }).fill("힙은 512 MiB");
  await dialog(page).getByRole("button", { name: "Use" }).click();
  await page.waitForFunction(() => document.querySelector(".copyable__text").value.includes("r=2."));
  const closed = await dialog(page).locator(".copyable__text").first().inputValue();
  assert.deepEqual([requests(), complaints], [[], []]);
  await context.close();
  assert.ok(closed.length < unsealed.length + 120, `${closed.length} against ${unsealed.length}`);

  const other = await fresh(closed);
  await other.page.getByRole("heading", { name: "This report is under a passphrase" }).waitFor();
  await other.axe();
  await other.page.getByLabel("Passphrase").fill("힙은 256 MiB");
  await other.page.keyboard.press("Enter");
  await other.page.getByText("It does not open").waitFor();
  await other.page.getByLabel("Passphrase").fill("힙은 512 MiB");
  await other.page.keyboard.press("Enter");
  await report(other.page).waitFor();
  await eventually(async () => assert.equal(await report(other.page).textContent(), title));
  // What was closed is kept nowhere open.
  await other.page.waitForURL(/r=2\./);
  assert.equal(await other.page.evaluate(() => localStorage.getItem("oomscope.recent")), null);
  assert.deepEqual([other.requests(), other.complaints], [[], []]);
  await other.context.close();
});

inBrowser("a link that another program put under a passphrase opens, pasted, too", async ({ page, paste }) => {
  await paste(await link("2-draft-numbers"));
  await page.getByLabel("Passphrase").fill("힙은 512 MiB, correct horse");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await report(page).waitFor();
  await page.goBack();
  await page.locator("#paste").waitFor();
});

test("a title travels, and a link is as short as was asked for", { timeout: 120_000 }, async () => {
  const { page, paste, context } = await open();
  const rows = Array.from({ length: 900 }, (_, row) => `0.0 1024.0 0.0 1024.0 156672.0 ${(row * row * 7919) % 150001}.0 104448.0 ${60000 + row * 10}.0 86128.0 83693.6 10536.0 9725.2 ${958 + row} 5.534 140 18.955 519 7.467 31.956`);
  await paste(`$ jstat -gc 17692 1000\n S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT\n${rows.join("\n")}\n`);
  await report(page).waitFor();
  await shared(page);
  await dialog(page).getByLabel("Length of the link").selectOption("1900");
  await dialog(page).getByText(/Reduced to fit/).waitFor();
  const name = dialog(page).getByLabel("Title", { exact: true });
  await name.fill("Our outage of November");
  await name.press("Tab");
  await page.waitForFunction(() => document.querySelector(".copyable__text")?.value.length < 2100);
  const snippets = dialog(page).getByText("For a blog post or a README");
  await snippets.click();
  const texts = await dialog(page).locator(".copyable__text").evaluateAll((fields) => fields.map((field) => field.value));
  assert.equal(texts.length, 7);
  // The one for an assistant holds what was read, and no words of anybody.
  for (const text of texts.slice(2)) assert.ok(text.includes("Our outage of November"), text);
  const other = await fresh(texts[0]);
  await report(other.page).waitFor();
  await eventually(async () => assert.equal(await report(other.page).textContent(), "Our outage of November"));
  await other.context.close();
  await context.close();
});
