// The main job: somebody copies a whole draft, pastes it anywhere on the page, and reads what happened.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { project } from "./browser.mjs";
import { eventually, inBrowser, says, unfold } from "./harness.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");

/** Tab stops from the top of the page to the findings, at most. */
const STOPS = 25;

/** Pastes and waits for the report: the focus moves to its title. */
async function pasted({ paste, reported }, text = draft) {
  await paste(text);
  await reported();
}

inBrowser("a pasted draft becomes a report with the draft's facts", async (session) => {
  const { page, axe } = session;
  await pasted(session);

  await says(page.locator(".chip"), "1 kernel kill", "1 NMT", "3 jstat tables", "prose");
  await says(page.locator(".report__head"), "Killed", "java", "16021", "2022-11-23 07:35:42 UTC", "The machine ran out of memory");
  await says(page.locator(".answer"), "683.5 MiB", "437.6 MiB", "jcmd 17978 VM.flags");
  await says(
    await unfold(page, "Kernel kills"),
    "Killed: java, pid 16021", "2022-11-23 07:35:42 UTC", "683.5 MiB", "699,868 KiB", "3,328,880 KiB",
    "address space, not memory in use",
  );
  await says(
    await unfold(page, "Native memory (NMT)"),
    "pid unknown", "2,082,907 KB", "448,079 KB", "+15 KB", "+79 KB", "524,288 KB", "50 threads",
    "16 categories add up to the total within rounding",
  );
  const tables = await unfold(page, "jstat tables");
  await says(
    tables.getByRole("article").nth(1),
    "pid 17692", "G1", "12 samples, 1 s apart. All identical", "958 in 5.534 s", "140 in 18.955 s (135 ms each)", "519",
    "×12", "89,281.0", "104,448.0",
  );
  await says(tables.getByRole("article").nth(0), "jstat -gccapacity", "262,144.0");
  await says(
    tables.getByRole("article").nth(2),
    "pid 17978", "6 samples", "877", "220 in 21.972 s (100 ms each)", "51,078.3", "206,848.0",
  );
  await axe();
});

inBrowser("a number leads to its line and back", async (session) => {
  const { page, axe } = session;
  await pasted(session);
  const kills = await unfold(page, "Kernel kills");
  const number = kills.getByRole("button", { name: "683.5 MiB" });
  await number.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await number.click();

  const mark = page.locator(".drawer mark");
  await mark.waitFor();
  await eventually(async () => assert.match(await mark.innerText(), /699868/));
  await eventually(async () => assert.match(await page.locator(".line--shown").innerText(), /Killed process 16021/));
  const isVisible = (mark) => {
    const [inner, outer] = [mark, mark.closest(".source__pane")].map((element) => element.getBoundingClientRect());
    return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right;
  };
  await eventually(async () => assert.ok(await mark.evaluate(isVisible), "the marked number is in view"));
  await says(page.locator(".source__shown"), "Line 57", "The machine ran out of memory");
  await axe();

  const isBack = async (how) => {
    await eventually(async () => assert.equal(await page.locator(".drawer").count(), 0, how));
    await eventually(async () => assert.ok(await number.evaluate((number) => number === document.activeElement), `the focus is on the number again: ${how}`));
    await eventually(async () => assert.equal(await page.evaluate(() => scrollY), before, `the page stands where it was: ${how}`));
  };
  await page.getByRole("button", { name: /^Close/ }).click();
  await isBack("by the button");
  await number.press("Enter");
  await mark.waitFor();
  await page.keyboard.press("Escape");
  await isBack("by Escape");
  await number.press("Enter");
  await mark.waitFor();
  await page.goBack();
  await isBack("by Back");
  await page.goForward();
  await page.locator(".line--shown", { hasText: "Killed process 16021" }).waitFor();
});

inBrowser("the source is searched, and can show the lines of logs alone", async (session) => {
  const { page, axe } = session;
  await pasted(session);
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search the source" });
  await eventually(async () => assert.ok(await search.evaluate((search) => search === document.activeElement)));
  await page.keyboard.type("java heap (RESERVED");
  await page.keyboard.press("Enter");
  await page.locator(".line--shown mark", { hasText: "Java Heap (reserved" }).waitFor();
  await axe();
  await search.fill("no such words");
  await search.press("Enter");
  await page.getByText("Not found").waitFor();
  const lines = page.locator(".source__rows > .line");
  const all = await lines.count();
  assert.equal(all, draft.split("\n").length - 1, "a short text is in the document as a whole");
  await page.getByRole("checkbox", { name: "Only log lines" }).check();
  await eventually(async () => assert.ok((await lines.count()) < all));
  // What is asked for is shown, also where it is no line of a log.
  await search.fill("그래서 최대 힙을");
  await search.press("Enter");
  await page.locator(".line--shown mark", { hasText: "그래서 최대 힙을" }).waitFor();
});

inBrowser("the whole page speaks Korean and back", async (session) => {
  const { page } = session;
  await pasted(session);
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByRole("heading", { name: "해야 할 일" }).waitFor();
  await eventually(async () => assert.equal(await page.locator("html").getAttribute("lang"), "ko"));
  await says(page.locator(".chip"), "커널 kill 1건", "jstat 표 3개");
  await says(page.locator("main"), "683.5 MiB", "16021");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "What to do" }).waitFor();
  await eventually(async () => assert.equal(await page.locator("html").getAttribute("lang"), "en"));
});

inBrowser("a Korean browser gets Korean from the start", { locale: "ko-KR" }, async ({ page, axe }) => {
  await page.getByRole("heading", { name: "JVM 메모리는 왜 모자랐을까요?" }).waitFor();
  await axe();
});

inBrowser("the sample needs no request", async ({ page }) => {
  await page.getByRole("button", { name: "A server with 1 GB" }).click();
  await page.locator(".report__title").waitFor();
  await says(page.locator(".chip"), "1 kernel kill", "1 NMT", "3 jstat tables");
  await says(page.locator(".promise"), "Nothing is sent. 0 requests since load.");
});

inBrowser("each sample opens with a promise beside its name", async ({ page }) => {
  const samples = page.locator(".samples__sample");
  assert.equal(await samples.count(), 5);
  for (let nth = 1; nth < 5; nth += 1) {
    assert.ok((await samples.nth(nth).locator(".samples__promise").textContent()).length > 20);
    await samples.nth(nth).click();
    await page.locator(".report__title").waitFor();
    await page.getByRole("button", { name: "New report" }).first().click();
    await samples.first().waitFor();
  }
});

inBrowser("a phone is told of no keys and of no dropping", { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } }, async ({ page }) => {
  await page.getByText("Paste here").waitFor();
  assert.equal(await page.getByText("Ctrl+V").isVisible(), false);
  assert.equal(await page.getByText("or drop files").isVisible(), false);
});

inBrowser("several dropped files are several sources of one report", async ({ page, drop }) => {
  const kill = draft.split("\n").find((line) => line.includes("Killed process"));
  await drop({ name: "kernel.log", text: `${kill}\n` }, { name: "notes.txt", text: "nothing to see here\n" });
  await page.locator(".report__title").waitFor();
  await page.locator(".contents__source button").click();
  await page.getByRole("group", { name: "Sources" }).getByRole("button", { name: "notes.txt" }).click();
  await page.getByText("nothing to see here").waitFor();
});

inBrowser("a second paste is added by one press, and taken out again", async (session) => {
  const { page, paste, axe } = session;
  await pasted(session);
  await paste("MemTotal:        1005000 kB\nMemFree:           60000 kB\nMemAvailable:      80000 kB\nSwapTotal:              0 kB\nSwapFree:               0 kB\n");
  const asked = page.getByRole("dialog", { name: "Does it belong to this report?" });
  await asked.waitFor();
  await axe();
  await page.keyboard.press("Enter");
  await asked.waitFor({ state: "detached" });
  await says(page.locator(".chip"), "1 kernel kill", "1 reading of the machine or process");
  await says(page.getByRole("list", { name: "What changed" }), "69.6% of the machine's 981.4 MiB");
  await says(await unfold(page, "Sources"), "paste", "paste 2");
  await page.getByRole("button", { name: "Take out: paste 2" }).click();
  await page.locator(".chip", { hasNotText: "reading of the machine" }).waitFor();
  await says(page.locator(".chip"), "1 kernel kill");

  await paste("nothing to see here\n");
  await asked.waitFor();
  await page.keyboard.press("Escape");
  await asked.waitFor({ state: "detached" });
  await says(page.locator(".chip"), "1 kernel kill");
});

/** Waits for what is drawn last: a page that still grows is always short enough. */
const isWhole = async (page) => {
  await page.locator(".readout__value").first().waitFor();
  await page.locator("#section-sources, .fold__toggle", { hasText: "Sources" }).first().waitFor();
};

inBrowser("the answer stands on one screen, and the first finding within the second", { viewport: { width: 1366, height: 768 } }, async (session) => {
  const { page } = session;
  await pasted(session);
  await isWhole(page);
  const measured = () => page.evaluate(() => {
    const top = (selector) => document.querySelector(selector).getBoundingClientRect().top + scrollY;
    return { answer: document.querySelector(".answer").getBoundingClientRect().bottom, finding: top(".finding"), page: document.documentElement.scrollHeight };
  });
  await eventually(async () => {
    const { answer, finding, page } = await measured();
    assert.ok(answer <= 768, `the answer ends at ${answer}`);
    assert.ok(finding <= 2 * 768, `the first finding stands at ${finding}`);
    assert.ok(page <= 4500, `${page} px in all`);
  });
  const bar = page.locator(".contents");
  await page.evaluate(() => scrollTo(0, 3000));
  await eventually(async () => assert.equal((await bar.boundingBox()).y, 0, "the bar stays"));
  // From the first thing on the page on, the keyboard reaches the findings soon.
  await page.evaluate(() => {
    scrollTo(0, 0);
    document.activeElement.blur();
    getSelection().removeAllRanges();
  });
  await page.locator(".header__name").click();
  let stops = 0;
  while (!(await page.evaluate(() => document.activeElement.closest(".section:has(#findings)")))) {
    await page.keyboard.press("Tab");
    stops += 1;
    assert.ok(stops <= STOPS, `more than ${STOPS} stops to the findings`);
  }
});

inBrowser("on a phone nothing is wider than the screen, and the draft is no longer than 7,000 px", { viewport: { width: 360, height: 740 } }, async (session) => {
  await pasted(session);
  await isWhole(session.page);
  const size = () => session.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
  await eventually(async () => {
    const [width, height] = await size();
    assert.equal(width, 360);
    assert.ok(height <= 7000, `${height} px`);
  });
});

inBrowser("on paper the report is light and as wide as the paper, without controls, and nothing stands over anything", { colorScheme: "dark", viewport: { width: 1366, height: 768 } }, async (session) => {
  const { page } = session;
  await pasted(session);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.setViewportSize({ width: 703, height: 1000 });
  const light = () => page.evaluate(() => [...document.querySelectorAll("canvas")].filter((canvas) => canvas.width > 0 && canvas.checkVisibility()).map((canvas) => {
    const [r, g, b] = canvas.getContext("2d").getImageData(canvas.width - 2, 1, 1, 1).data;
    return Math.min(r, g, b) > 200;
  }));
  await eventually(async () => {
    const pictures = await light();
    assert.ok(pictures.length >= 2 && pictures.every(Boolean), `a light ground: ${pictures}`);
  });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(255, 255, 255)");
  const over = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ["the page is wider than the paper"] : [];
    const out = [...document.querySelectorAll(".chart__label")].filter((label) => label.checkVisibility() && label.getBoundingClientRect().right > innerWidth);
    const controls = [...document.querySelectorAll("button.button, .readout, .range-tools, .contents, .drawer, input[type=range]")].filter((node) => node.checkVisibility());
    const stuck = [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() && ["fixed", "sticky"].includes(getComputedStyle(node).position));
    return [...wide, ...[...out, ...controls, ...stuck].map((node) => `${node.className}: ${node.textContent.slice(0, 60)}`)];
  });
  assert.deepEqual(over, []);
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await eventually(async () => assert.ok((await light()).every((is) => !is), "and dark again"));
});

inBrowser("text without logs gets an honest answer", async (session) => {
  await pasted(session, "Dear colleagues,\nthe server was slow this morning.\n");
  await says(session.page.locator(".chip"), "nothing recognised", "prose");
  await says(session.page.locator("main"), "Nothing in this input was recognised");
});

inBrowser("an empty paste says so", async ({ page, paste }) => {
  await paste("  \n\n");
  await page.locator(".notice", { hasText: "There was no text in it." }).waitFor();
});

inBrowser("markup in a process name stays text", async (session) => {
  const { page } = session;
  await pasted(session, draft.replace("(java)", "(<script>alert(1)</script><img src=x>)"));
  await says(await unfold(page, "Kernel kills"), "<script>alert(1)</script><img src=x>");
  assert.equal(await page.locator("main script, main img").count(), 0);
});

inBrowser("a line of five megabytes freezes nothing", async (session) => {
  const { page } = session;
  await pasted(session, `${"x".repeat(5 << 20)}\n${draft}`);
  await says(page.locator(".chip"), "5.0 MiB", "1 kernel kill");
  await page.locator(".contents__source button").click();
  await page.getByText("long line, only its beginning is shown").first().waitFor();
});

const noWorker = () => {
  delete globalThis.Worker;
};

for (const [where, options] of [["in the worker", {}], ["without a worker", { before: noWorker }]]) {
  inBrowser(`long work ${where} shows how far it is and can be cancelled`, options, async ({ page }) => {
    const data = await page.evaluateHandle(() => {
      const megabyte = "12:00:01 worker-3 handled a request in 12 ms, nothing to see here at all\n".repeat(14_000);
      const data = new DataTransfer();
      data.items.add(new File(Array(400).fill(megabyte), "large.log"));
      return data;
    });
    await page.locator("body").dispatchEvent("drop", { dataTransfer: data });
    await page.locator(".reading__figures", { hasText: "lines/s" }).waitFor();
    const cancel = page.getByRole("button", { name: "Cancel" });
    await cancel.click();
    await page.locator(".notice", { hasText: "Cancelled." }).waitFor();
    // What was cancelled starts again without a request.
    await page.getByRole("button", { name: "A server with 1 GB" }).click();
    await page.locator(".report__title").waitFor();
  });
}

inBrowser("the report fits a narrow screen", { viewport: { width: 320, height: 640 } }, async (session) => {
  const { page, axe } = session;
  await pasted(session);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  await eventually(async () => assert.equal(await width(), 320, "nothing is wider than the screen"));
  await axe();
});
