// The timeline, made to be explored: pointer, keys, fields, the address bar, and the table behind the picture.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { open, project } from "./browser.mjs";
import { crowd } from "./crowd.mjs";
import { eventually, inBrowser, says, unfold } from "./harness.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");

/** A minute of `jstat` in which the old generation grows and is collected every twenty seconds. */
const minute = (() => {
  const header = "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT";
  const rows = Array.from({ length: 60 }, (_, at) => {
    const [young, full] = [Math.floor(at / 5), Math.floor(at / 20)];
    const times = [young * 0.01, full * 0.1];
    return [
      "0.0", "1024.0", "0.0", "1024.0", "10240.0", ((at % 5) * 2048).toFixed(1), "40960.0", (4096 + (at % 20) * 1024).toFixed(1),
      "4864.0", "4532.1", "512.0", "400.0", young, times[0].toFixed(3), full, times[1].toFixed(3), 0, "0.000",
      (times[0] + times[1]).toFixed(3),
    ].join(" ");
  });
  return `$ jstat -gc 77 1000\n${header}\n${rows.join("\n")}\n`;
})();

/** Two minutes of `jstat`: from second 79 on full GCs take a third of the time. */
const onset = (() => {
  const header = "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT GCT";
  const rows = Array.from({ length: 120 }, (_, at) => {
    const [full, spent] = at < 80 ? [0, 0] : [at - 79, (at - 79) * 0.3];
    return [
      "0.0", "0.0", "0.0", "0.0", "10240.0", ((at % 5) * 2048).toFixed(1), "40960.0", (4096 + at * 300).toFixed(1),
      "4864.0", "4532.1", "512.0", "400.0", at, (at * 0.01).toFixed(3), full, spent.toFixed(3), (spent + at * 0.01).toFixed(3),
    ].join(" ");
  });
  return `$ jstat -gc 77 1000\n${header}\n${rows.join("\n")}\n`;
})();

async function pasted({ page, paste, reported }, text = minute) {
  await paste(text);
  await reported();
  await frame(page).locator("canvas").waitFor();
}

const section = (page) => page.getByRole("region", { name: "Timeline", exact: true });
const frame = (page) => page.locator(".timeline .chart__frame").first();
/** The button that hides a series. */
const series = (page, name) => section(page).getByRole("list", { name: "Series" }).getByRole("button", { name });
const range = (page) => page.locator(".range__title");
const reset = (page) => page.getByRole("button", { name: "Reset (0)" });
const ranges = (page) => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("t"));

/** Waits until the title of the numbers says the range. */
const sees = (page, text) => range(page).filter({ hasText: text }).waitFor();

/** Presses, moves and releases between two shares of the picture's width. */
async function drag(page, from, to, { key } = {}) {
  // Below the verdict the frame may be in view by its first lines only.
  await frame(page).evaluate((node) => node.scrollIntoView({ block: "start" }));
  const box = await frame(page).boundingBox();
  const y = box.y + 100;
  if (key) await page.keyboard.down(key);
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (from + to) / 2, y, { steps: 3 });
  await page.mouse.move(box.x + box.width * to, y, { steps: 3 });
  await page.mouse.up();
  if (key) await page.keyboard.up(key);
}

inBrowser("a drag zooms, Back goes back, and resetting twice is resetting once", async (session) => {
  const { page, axe } = session;
  await pasted(session);
  await sees(page, "0 s after the first sample to 59 s after the first sample");
  await eventually(async () => assert.equal(await reset(page).count(), 0));

  await drag(page, 0.4, 0.7);
  await reset(page).waitFor();
  await eventually(async () => assert.match(await ranges(page), /^run-1\.jstat-1:\d+~\d+$/));
  const [from, to] = (await ranges(page)).split(":")[1].split("~").map(Number);
  assert.ok(from > 20e6 && from < 30e6 && to > 45e6 && to < 55e6, `${from} to ${to}`);
  await axe();

  await drag(page, 0.3, 0.6);
  await page.waitForFunction((before) => !location.hash.includes(before), `${from}~${to}`);
  await page.goBack();
  await page.waitForFunction((before) => location.hash.includes(before), `${from}~${to}`);
  await reset(page).waitFor();

  await frame(page).press("Escape");
  await sees(page, "0 s after the first sample to 59 s after the first sample");
  await frame(page).press("0");
  await eventually(async () => assert.equal(await reset(page).count(), 0));
  await eventually(async () => assert.equal(await ranges(page), null));
});

inBrowser("a plain wheel scrolls the page, with Ctrl it zooms", async (session) => {
  const { page } = session;
  await pasted(session);
  await frame(page).scrollIntoViewIfNeeded();
  const box = await frame(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 80);
  const before = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, before > 0 ? -120 : 120);
  await page.waitForFunction((before) => scrollY !== before, before);
  assert.equal(await reset(page).count(), 0, "the wheel alone zooms nothing");
  const there = await frame(page).boundingBox();
  await page.mouse.move(there.x + there.width / 2, there.y + 80);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await reset(page).waitFor();
});

inBrowser("two clicks or two fields choose a range as well", async (session) => {
  const { page } = session;
  await pasted(session);
  await page.getByRole("button", { name: "Choose by two clicks" }).click();
  await frame(page).scrollIntoViewIfNeeded();
  const box = await frame(page).boundingBox();
  await page.mouse.click(box.x + box.width * 0.3, box.y + 100);
  await page.mouse.click(box.x + box.width * 0.6, box.y + 100);
  await reset(page).click();

  await page.getByRole("textbox", { name: "From" }).fill("10");
  await page.getByRole("textbox", { name: "To" }).fill("0:30");
  await page.getByRole("textbox", { name: "To" }).press("Enter");
  await sees(page, "10 s after the first sample to 30 s after the first sample");
  await eventually(async () => assert.equal(await ranges(page), "run-1.jstat-1:10000000~30000000"));
  await eventually(async () => {
    const numbers = await page.locator(".range").innerText();
    for (const text of ["21", "20 s", "Full", "1 in 100 ms"]) assert.ok(numbers.includes(text), `"${text}" in ${numbers}`);
  });

  // Of the part alone: the whole has its numbers already.
  const spread = page.locator(".range").getByRole("table", { name: "Least, mean, and most in this range" });
  await says(spread.getByRole("row", { name: /^old generation in use/ }), "4.0 MiB", "13.5 MiB", "23.0 MiB");

  await page.getByRole("textbox", { name: "To" }).fill("soon");
  await page.getByRole("button", { name: "Show range" }).click();
  await page.getByText("“soon” is no time of this section.").waitFor();

  await page.getByRole("button", { name: "Show lines 13–33" }).click();
  await page.locator(".line--shown").waitFor();
  await eventually(async () => assert.match(await page.locator("#shown-line").innerText(), /lines 13–33/));
});

inBrowser("axis and fields tell times alike, no finer than can be seen, and no two the same", async (session) => {
  const { page } = session;
  await pasted(session);
  const [from, to] = ["From", "To"].map((name) => page.getByRole("textbox", { name }));
  await eventually(async () => assert.deepEqual([await from.inputValue(), await to.inputValue()], ["0 s", "59 s"]));
  await drag(page, 0.413, 0.677);
  await reset(page).waitFor();
  await eventually(async () => {
    for (const field of [from, to]) assert.match(await field.inputValue(), /^\d\d(\.\d{1,2})? s$/);
  });
  // What nobody changed stays as exact as it was.
  const before = await ranges(page);
  await page.getByRole("button", { name: "Show range" }).click();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.goBack();
  await page.waitForFunction((before) => location.hash.includes(before), before);
  for (let step = 0; step < 8; step += 1) {
    const seen = await ranges(page);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForFunction((seen) => !location.hash.includes(seen), seen);
    const axis = (await frame(page).locator(".chart__label--tick").allInnerTexts()).filter((text) => / m?s$/.test(text));
    assert.ok(axis.length > 1 && new Set(axis).size === axis.length, axis.join(" | "));
  }
});

inBrowser("times are told in the zone of the logs, in UTC, or in the reader's, also after a reload", { timezoneId: "Asia/Seoul" }, async (session) => {
  const { page, axe, reload } = session;
  await pasted(session, await readFile(path.join(project, "tests/corpus/gc-log/jdk17-g1-gc-star-time-uptime-pid/input.log"), "utf8"));
  const zone = page.getByRole("combobox", { name: "Time zone" });
  const note = frame(page).locator(".chart__label--note").first();
  const told = async () => {
    const [from, ticks] = [await page.getByRole("textbox", { name: "From" }).inputValue(), await frame(page).locator(".chart__label--tick").allInnerTexts()];
    const time = ticks.find((text) => /\d\d:\d\d/.test(text));
    const readout = await section(page).getByRole("group", { name: "Values" }).innerText();
    return [from, time, readout.match(/\d\d:\d\d:\d\d\S* \S+/)?.[0]].map((text) => text?.match(/(\d\d):\d\d/)?.[1]);
  };
  await eventually(async () => assert.equal(await note.innerText(), "UTC"));
  const before = await told();
  assert.ok(before.every(Boolean), before.join(" "));
  assert.deepEqual(await zone.locator("option").allInnerTexts(), ["UTC (logs)", "+09:00 (here)"]);
  await zone.selectOption("540");
  await eventually(async () => assert.equal(await note.innerText(), "+09:00"));
  const east = (hour) => String((Number(hour) + 9) % 24).padStart(2, "0");
  await eventually(async () => assert.deepEqual(await told(), before.map(east)));
  await page.waitForURL(/zone=540/);
  await axe();
  await reload();
  await frame(page).locator("canvas").waitFor();
  await eventually(async () => assert.deepEqual(await told(), before.map(east)));
  await zone.selectOption("0");
  await eventually(async () => assert.deepEqual(await told(), before));
  await page.waitForFunction(() => !location.hash.includes("zone="));
});

inBrowser("the keys walk through the samples, choose a range, and lead to a line and back", async (session) => {
  const { page } = session;
  await pasted(session);
  const announced = page.locator(".chart [aria-live=polite]");
  await frame(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await announced.filter({ hasText: "1 s after the first sample" }).waitFor();
  await announced.filter({ hasText: "old generation in use 5.0 MiB" }).waitFor();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await announced.filter({ hasText: "1 s after the first sample to 6 s after the first sample" }).waitFor();
  await page.keyboard.press("Enter");
  await sees(page, "1 s after the first sample to 6 s after the first sample");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator(".line--shown").waitFor();
  await page.keyboard.press("Escape");
  await eventually(async () => assert.ok(await frame(page).evaluate((frame) => frame === document.activeElement), "the focus is on the picture again"));
});

inBrowser("brackets lead to events, and none is stolen from the browser", async (session) => {
  const { page } = session;
  await pasted(session, draft);
  await frame(page).focus();
  await page.keyboard.press("]");
  await page.locator(".chart [aria-live=polite]").filter({ hasText: "07:35:42" }).waitFor();
  await page.locator(".readout").getByText("killed java (pid 16021)").waitFor();
});

inBrowser("the answer leads to the place in the timeline where it began, and Back leads to the whole", async (session) => {
  const { page, axe } = session;
  await pasted(session, onset);
  await page.evaluate(() => scrollTo(0, 0));
  await page.locator(".answer").getByRole("button", { name: "Show in the timeline" }).first().press("Enter");
  await sees(page, "69 s after the first sample to 119 s after the first sample");
  await eventually(async () => assert.equal(await ranges(page), "run-1.jstat-1:69000000~119000000"));
  await page.locator(".timeline .chart__label--band", { hasText: "From here on, full GCs take 30.0% of the time" }).waitFor();
  await eventually(async () => {
    const box = await frame(page).boundingBox();
    assert.ok(box.y >= 0 && box.y < page.viewportSize().height / 2, `the picture is in view: ${box.y}`);
  });
  await says(section(page).locator("figcaption").first(), "79 s after the first sample: From here on, full GCs");
  await axe();
  await page.goBack();
  await sees(page, "0 s after the first sample to 119 s after the first sample");
});

inBrowser("what is under the pointer is told in one place, to the last digit, with the line it stands on", async (session) => {
  const { page, axe } = session;
  await pasted(session, onset);
  const readout = section(page).getByRole("group", { name: "Values" });
  await says(readout, "119 s after the first sample", "old generation in use 38.9 MiB 39,796 KiB", "Line 122");
  await frame(page).evaluate((node) => node.scrollIntoView({ block: "start" }));
  const box = await frame(page).boundingBox();
  const places = new Set();
  for (const share of [0.2, 0.35, 0.5, 0.65]) {
    await page.mouse.move(box.x + box.width * share, box.y + 100);
    await page.locator(".chart__hair").waitFor();
    const { x, y, width, height } = await readout.boundingBox();
    places.add([x, y, width, height].map(Math.round).join(" "));
  }
  assert.equal(places.size, 1, `it stays where it is: ${[...places].join(", ")}`);
  const right = (await frame(page).boundingBox()).x + box.width;
  assert.ok((await readout.boundingBox()).x >= right, "it stands beside the lanes, over none of them");
  const hair = await page.locator(".chart__hair").boundingBox();
  const canvas = await frame(page).locator("canvas").boundingBox();
  assert.ok(hair.height > canvas.height * 0.8, "the cross-hair goes through all lanes");
  await page.mouse.click(box.x + box.width * 0.65, box.y + 100);
  const line = readout.getByRole("button", { name: /^Line / });
  const told = Number((await line.innerText()).replace(/\D/g, ""));
  assert.ok(told > 80 && told < 122, `line ${told}`);
  await axe();
  await line.click();
  await eventually(async () => assert.match(await page.locator("#shown-line").innerText(), new RegExp(`Line ${told}`)));
  await page.keyboard.press("Escape");
  await page.locator(".drawer").waitFor({ state: "detached" });
});

inBrowser("on a phone nothing covers the lanes while nobody points, and a number is seen to lead somewhere", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, async (session) => {
  const { page } = session;
  await pasted(session, onset);
  await eventually(async () => assert.equal(await page.locator(".readout").evaluate((node) => getComputedStyle(node).position), "static"));
  const line = await page.locator(".answer__lede .fact").first().evaluate((node) => getComputedStyle(node).textDecorationColor);
  assert.ok(!/, 0\)$|\/ 0\)$|transparent/.test(line), line);
});

inBrowser("what has no value at a moment is not told, and the values keep their height", async (session) => {
  const { page } = session;
  await pasted(session, await readFile(path.join(project, "static/samples/metaspace.log"), "utf8"));
  const readout = section(page).getByRole("group", { name: "Values" });
  await frame(page).evaluate((node) => node.scrollIntoView({ block: "start" }));
  const box = await frame(page).boundingBox();
  const [heights, rows] = [[], new Set()];
  const places = [0.2, 0.75, 0.3, 0.74, 0.5];
  for (const share of [...places, ...places]) {
    await page.mouse.move(box.x + box.width * share, box.y + 100);
    await page.locator(".chart__hair").waitFor();
    await eventually(async () => assert.ok(!(await readout.innerText()).includes("–")));
    rows.add(await readout.locator(".readout__value").count());
    heights.push(Math.round((await readout.boundingBox()).height));
  }
  assert.ok(rows.size > 1, "there are moments with fewer values");
  assert.ok(heights.every((height, at) => at === 0 || height >= heights[at - 1]), `never lower: ${heights}`);
  assert.equal(new Set(heights.slice(places.length)).size, 1, `the second time the same: ${heights}`);
});

inBrowser("lines are named at their ends where there is room, in their colour, and lead to their lines", async (session) => {
  const { page, axe } = session;
  await pasted(session, onset);
  const end = frame(page).locator(".chart__label--series", { hasText: "old generation in use 38.9 MiB" });
  await end.waitFor();
  const color = (selector, property) => page.evaluate(([selector, property]) => getComputedStyle(document.querySelector(selector))[property], [selector, property]);
  assert.equal(await color(".chart__label--series.swatch--old", "color"), await color(".series .swatch--old", "backgroundColor"));
  await eventually(async () => assert.deepEqual(await labelsOverLabels(page), []));
  await axe();
  await end.getByRole("button").click();
  await eventually(async () => assert.match(await page.locator("#shown-line").innerText(), /Line 122/));
  await page.keyboard.press("Escape");
  await page.locator(".drawer").waitFor({ state: "detached" });
  await page.setViewportSize({ width: 360, height: 768 });
  await frame(page).locator(".chart__label--legend", { hasText: "old generation in use 38.9 MiB" }).waitFor();
  await eventually(async () => assert.equal(await page.locator(".chart__label--series").count(), 0));
});

inBrowser("series are hidden, shown, and shown alone", async (session) => {
  const { page } = session;
  await pasted(session);
  const eden = series(page, /^eden/);
  await eden.click();
  await page.waitForFunction(() => location.hash.includes("hide=eden"));
  await eventually(async () => assert.equal(await eden.getAttribute("aria-pressed"), "false"));
  await eden.click();
  await page.waitForFunction(() => !location.hash.includes("hide="));
  await eden.click({ modifiers: ["Alt"] });
  await page.waitForFunction(() => document.querySelectorAll(".series[aria-pressed=true]").length === 1);
});

inBrowser("the address bar follows the view", async (session) => {
  const { page } = session;
  await pasted(session);
  await page.getByRole("textbox", { name: "From" }).fill("10");
  await page.getByRole("textbox", { name: "To" }).fill("30");
  await page.getByRole("button", { name: "Show range" }).click();
  await series(page, /^eden/).click();
  await page.waitForFunction(() => location.hash.includes("hide="));
  await page.getByRole("button", { name: "한국어" }).click();
  await page.waitForURL(/#t=run-1\.jstat-1:10000000~30000000&hide=eden&lang=ko/);
});

inBrowser("the address bar restores the view, and keeps what belongs to others", { at: "#t=run-1.jstat-1:10000000~30000000&hide=eden&keep=me" }, async (session) => {
  const { page } = session;
  await pasted(session);
  await sees(page, "10 s after the first sample to 30 s after the first sample");
  await eventually(async () => assert.equal(await series(page, /^eden/).getAttribute("aria-pressed"), "false"));
  await page.waitForURL(/&keep=me(&r=|$)/);
  // Another text has another view.
  await session.paste(draft);
  await page.getByRole("dialog").getByRole("button", { name: "New report" }).click();
  await page.locator(".chip", { hasText: "3 jstat tables" }).waitFor();
  await page.waitForURL(/#keep=me(&r=|$)/);
});

/** The view from 10 s to 30 s, eden hidden, as the address has it then. */
async function showTwentySecondsWithoutEden(page) {
  await page.getByRole("textbox", { name: "From" }).fill("10");
  await page.getByRole("textbox", { name: "To" }).fill("30");
  await page.getByRole("button", { name: "Show range" }).click();
  await series(page, /^eden/).click();
  await page.waitForFunction(() => location.hash.includes("hide=eden"));
}

inBrowser("a reload brings back range, hidden series, and language", async (session) => {
  const { page, reload } = session;
  await pasted(session);
  await showTwentySecondsWithoutEden(page);
  await page.getByRole("button", { name: "한국어" }).click();
  await page.waitForFunction(() => location.hash.includes("lang=ko"));
  await reload();
  await frame(page).locator("canvas").waitFor();
  await page.waitForURL(/t=run-1\.jstat-1:10000000~30000000/);
  await page.waitForFunction(() => document.querySelector(".range__title")?.innerText.includes("30"));
  await eventually(async () => assert.equal(await page.locator(".series[aria-pressed=false]").count(), 1));
  await eventually(async () => assert.equal(await page.evaluate(() => document.documentElement.lang), "ko"));
});

test("a chosen range and hidden series travel in a copied link", { timeout: 120_000 }, async () => {
  const session = await open();
  const { page, copied } = session;
  await pasted(session);
  await showTwentySecondsWithoutEden(page);
  await page.getByRole("button", { name: "Share…" }).click();
  await page.getByRole("dialog").locator(".copyable__text").first().waitFor();
  await page.getByRole("dialog").getByRole("button", { name: /^Copy/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: /^Copied/ }).first().waitFor();
  assert.deepEqual([session.complaints, session.requests()], [[], []]);

  const other = await open({ at: new URL(await copied()).hash });
  await frame(other.page).locator("canvas").waitFor();
  await sees(other.page, "10 s after the first sample to 30 s after the first sample");
  await eventually(async () => assert.equal(await series(other.page, /^eden/).getAttribute("aria-pressed"), "false"));
  assert.deepEqual([other.complaints, other.requests()], [[], []]);
  await other.context.close();
  await session.context.close();
});

inBrowser("a series that is hidden in the address by hand is hidden", async (session) => {
  const { page } = session;
  await pasted(session);
  await page.evaluate(() => { location.hash += "&hide=eden"; });
  await page.waitForFunction(() => document.querySelector(".series[aria-pressed=false]")?.innerText.startsWith("eden"));
});

inBrowser("a line stands in the address, and a link to it shows it", { at: "#open=line:12" }, async (session) => {
  const { page } = session;
  await session.paste(draft);
  await page.locator(".line--shown").waitFor();
  await eventually(async () => assert.match(await page.locator("#shown-line").innerText(), /Line 12/));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("open="));
  await (await unfold(page, "Kernel kills")).getByRole("button", { name: "683.5 MiB" }).click();
  await page.waitForFunction(() => /^#open=line:\d+(&|$)/.test(location.hash));
});

inBrowser("N leads from finding to finding", async (session) => {
  const { page } = session;
  await pasted(session, draft);
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.activeElement?.matches("article.finding"));
  const first = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("n");
  await page.waitForFunction((first) => document.activeElement.id !== first, first);
  await page.waitForURL(/#open=finding:[a-z-]+/);
  await page.keyboard.press("Shift+N");
  await page.waitForFunction((first) => document.activeElement.id === first, first);
});

inBrowser("a reload leads to the finding that was open", async (session) => {
  const { page, reload } = session;
  await pasted(session, draft);
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.activeElement?.matches("article.finding"));
  const first = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("n");
  await page.waitForFunction((first) => document.activeElement.id !== first, first);
  const second = await page.evaluate(() => document.activeElement.id);
  const { open } = Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
  await reload();
  await page.waitForFunction((second) => document.activeElement?.id === second, second);
  await page.waitForFunction((open) => new URLSearchParams(location.hash.slice(1)).get("open") === open, open);
  await eventually(async () => {
    const top = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < page.viewportSize().height, `it is in view: ${top}`);
  });
});

inBrowser("samples without a clock are placed by hand, by two fields and by a drag", async (session) => {
  const { page, axe } = session;
  await pasted(session, draft);
  await page.getByRole("textbox", { name: "First sample at" }).fill("07:35:30");
  await page.getByRole("button", { name: "Align here" }).click();
  await page.getByText("pid 17692 · G1 · placed by hand: Alt and drag moves it.").waitFor();
  await page.waitForURL(/align=run-\d+\.jstat-2:1669188930000000~1669188941000000/);
  await axe();
  await drag(page, 0.4, 0.5, { key: "Alt" });
  await page.waitForFunction(() => /align=/.test(location.hash) && !location.hash.includes("1669188930000000"));
  await page.getByRole("button", { name: /^Undo pid/ }).click();
  await page.waitForFunction(() => !location.hash.includes("align="));
});

inBrowser("two runs of one paste are compared unasked", async (session) => {
  const { page, axe } = session;
  await pasted(session, draft);
  const compared = await unfold(page, "Two runs compared");
  await says(
    compared,
    "pid 17692 against pid 17978", "89,281.0 KB", "51,078.3 KB", "full GCs 140 220 +80", "135 ms 100 ms −26%",
    "subtracted, not divided",
  );
  await compared.locator(".chart__frame canvas").waitFor();
  await axe();
});

inBrowser("the memory map shows any moment, and a link and a reload lead to it", { at: "#memory=nmt-1" }, async (session) => {
  const { page, axe, reload } = session;
  const text = await readFile(path.join(project, "tests/corpus/incident/g1-jdk17-heap-killed/input.log"), "utf8");
  await pasted(session, text);
  const map = page.getByRole("region", { name: "Memory map" });
  const moment = map.getByRole("combobox", { name: "Moment" });
  const sees = (text) => map.locator("figcaption").filter({ hasText: text }).waitFor({ state: "attached" });
  await eventually(async () => assert.equal(await moment.inputValue(), "nmt-1"));
  await sees("committed, by NMT 202.3 MiB");
  await map.getByRole("button", { name: "Next moment" }).press("Enter");
  await sees("committed, by NMT 272.6 MiB");
  await page.waitForURL(/#memory=nmt-2(&|$)/);
  await moment.selectOption("kill-1");
  await sees("256.0 MiB of 256.0 MiB");
  await map.locator("summary").click();
  await eventually(async () => assert.match(await map.getByRole("table").innerText(), /java, pid 15767/));
  await axe();
  await reload();
  await map.locator("canvas").waitFor();
  await eventually(async () => assert.equal(await moment.inputValue(), "kill-1"));
  await moment.selectOption("");
  await page.waitForFunction(() => !location.hash.includes("memory="));
});

inBrowser("a report is compared with another paste, and the way back leads to it alone", async (session) => {
  const { page, axe, paste } = session;
  const capture = (name) => readFile(path.join(project, "tests/corpus/incident", name, "input.log"), "utf8");
  await pasted(session, await capture("serial-jdk25-heap-killed"));
  const title = await page.locator("h1").innerText();
  await page.getByRole("button", { name: "Compare…" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare with another report" });
  await dialog.waitFor();
  await axe();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Compare…" }).press("Enter");
  await paste(await capture("g1-jdk17-heap-killed"));
  const compared = page.getByRole("region", { name: "Two reports compared" });
  await compared.locator(".chart__frame canvas").waitFor();
  await eventually(async () => assert.ok((await page.locator("summary", { hasText: "The open report" }).innerText()).includes(title), "the report stays"));
  await says(
    compared,
    "before (pid 21963)", "after (pid 15767)", "Outcome Killed Killed", "Serial", "G1", "resident when killed 222.4 MiB 275.9 MiB", "NMT Java Heap 200.0 MiB 256.0 MiB",
  );
  await says(compared.locator(".compare__verdict"), "It did not help. Before: Killed. After: Killed. What differs: Container limit 200.0 MiB → 256.0 MiB, Maximum heap 200.0 MiB → 256.0 MiB, Collector Serial → G1.");
  assert.ok(await compared.evaluate((section) => Math.abs(section.getBoundingClientRect().top) < innerHeight / 2), "it is in view");
  assert.equal(await page.locator("h1").first().innerText(), "Two reports compared", "what came of it is first");
  assert.equal(await page.locator(".answer__lede").isVisible(), false, "and the answer of before is not said again");
  // Lines of the second report are not those of the first.
  await eventually(async () => assert.equal(await compared.getByRole("button", { name: "222.4 MiB" }).count(), 1));
  await eventually(async () => assert.equal(await compared.getByRole("button", { name: "275.9 MiB" }).count(), 0));
  await axe();
  await page.getByRole("button", { name: "Share…" }).click();
  await page.getByRole("dialog").getByText("This shares the open report alone, without the comparison.").waitFor();
  await page.keyboard.press("Escape");
  await compared.getByRole("button", { name: "End the comparison" }).click();
  await compared.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Compare…" }).click();
  await session.drop({ name: "empty.log", text: "no log in here\n" });
  await compared.getByText("Nothing was measured in both reports").waitFor();
  await compared.getByRole("button", { name: "Open the other report" }).click();
  await page.locator(".chip", { hasText: "15 B" }).waitFor();
});

inBrowser("one of the last reports is compared on a phone, each row under its name", { viewport: { width: 360, height: 740 } }, async (session) => {
  const { page } = session;
  const capture = (name) => readFile(path.join(project, "tests/corpus/incident", name, "input.log"), "utf8");
  await pasted(session, await capture("g1-jdk17-heap-killed"));
  await page.waitForFunction(() => localStorage.getItem("oomscope.recent"));
  await page.getByRole("button", { name: "New report" }).first().click();
  await pasted(session, await capture("serial-jdk25-heap-killed"));
  await page.getByRole("button", { name: "Compare…" }).click();
  await page.getByRole("dialog").locator(".recent__open").last().click();
  const compared = page.getByRole("region", { name: "Two reports compared" });
  await compared.getByRole("rowheader", { name: "NMT GC" }).waitFor();
  const cells = compared.locator("tr", { hasText: "NMT GC" }).locator("th, td");
  const boxes = await cells.evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect()).map(({ top, bottom, right }) => ({ top, bottom, right })));
  assert.ok(boxes.every(({ right }) => right <= 360), "nothing beyond the screen");
  assert.ok(boxes.slice(1).every(({ top }) => top >= boxes[0].bottom - 1), "values below the name");
});

inBrowser("a link and a file are compared like a paste", async (session) => {
  const { page, paste } = session;
  await pasted(session, draft);
  await page.getByRole("button", { name: "Share…" }).click();
  const link = page.locator(".copyable__text").first();
  await link.waitFor();
  const url = await link.inputValue();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Compare…" }).click();
  await paste(url);
  const compared = page.getByRole("region", { name: "Two reports compared" });
  await compared.getByText(/before .*against after /).waitFor();
});

inBrowser("a table of five thousand processes sorts, scrolls, and names the runner-up", async (session) => {
  const { page, axe } = session;
  await session.paste(crowd());
  await session.reported();
  await unfold(page, "Kernel kills");
  await page.getByText("5,000 processes at that time").click();
  const table = page.locator(".process-table");
  await table.locator("tr[aria-rowindex]").first().waitFor();
  assert.ok(await table.locator("tr[aria-rowindex]").count() < 100, "only rows in view are in the document");
  await eventually(async () => assert.match(await table.locator("tr[aria-rowindex]").first().innerText(), /java.*killed.*JVM.*5321/s));
  await page.getByText(/java \(pid 5321.*\) has the highest score; next would be worker/).waitFor();
  const name = table.getByRole("columnheader", { name: "Process" });
  await name.getByRole("button").click();
  await eventually(async () => assert.equal(await name.getAttribute("aria-sort"), "ascending"));
  // Rows below the screen are not in the document, even those of a pane that reaches there.
  await table.evaluate((pane) => { pane.scrollIntoView({ block: "end" }); pane.scrollTop = pane.scrollHeight; });
  await table.locator("tr[aria-rowindex='5001']").waitFor();
  await axe();
});

inBrowser("the numbers of the picture are a table", async (session) => {
  const { page, axe } = session;
  await pasted(session);
  await section(page).getByText("The numbers of the timeline").click();
  const table = section(page).getByRole("table").first();
  await table.waitFor();
  await eventually(async () => assert.equal(await table.getAttribute("aria-rowcount"), "61"));
  assert.ok((await table.getByRole("row").count()) < 61, "only rows near the view are in the document");
  await eventually(async () => assert.match(await table.innerText(), /old generation in use/));
  await axe();
});

/** Labels of charts that lie over each other, on a page magnified so many times. */
const labelsOverLabels = (page, times = 1) => page.evaluate((times) => {
  const boxes = [...document.querySelectorAll(".chart__label")].map((label) => [label.innerText, label.getBoundingClientRect()]);
  const found = [];
  for (const [nth, [text, a]] of boxes.entries()) {
    for (const [other, b] of boxes.slice(nth + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 * times && high > 4 * times) found.push(`${text} / ${other}`);
    }
  }
  return found;
}, times);

const SCREENS = {
  "a narrow screen": { viewport: { width: 320, height: 640 } },
  // 1280 by 720 at 200 %, as a browser's zoom makes it.
  "a screen at 200 %": { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 },
};

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"]) {
    inBrowser(`nothing overlaps on ${screen} and axe finds nothing, ${colorScheme}`, { ...options, colorScheme }, async (session) => {
      const { page, axe, paste } = session;
      const { width } = options.viewport;
      const fits = async (what) => {
        await eventually(async () => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, what));
        await eventually(async () => assert.deepEqual(await labelsOverLabels(page), [], `labels over labels: ${what}`));
        await axe();
      };
      await pasted(session, draft);
      await fits("the report");
      await page.getByRole("button", { name: "Share…" }).click();
      await page.locator(".copyable__text").first().waitFor();
      await fits("the share dialog");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Compare…" }).click();
      await page.getByRole("dialog", { name: "Compare with another report" }).waitFor();
      await fits("the dialog that asks for a second report");
      await paste(await readFile(path.join(project, "tests/corpus/incident/g1-jdk17-heap-killed/input.log"), "utf8"));
      await page.getByRole("region", { name: "Two reports compared" }).locator("canvas").waitFor();
      await fits("the comparison");
    });
  }
}

inBrowser("with the text twice as large nothing is cut off", async (session) => {
  const { page } = session;
  await page.evaluate(() => document.documentElement.style.setProperty("zoom", "2"));
  await pasted(session, draft);
  await eventually(async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no scrolling sideways"));
  await eventually(async () => assert.deepEqual(await labelsOverLabels(page, 2), [], "labels over labels"));
});
