// How big the heap should be: the sentence and the band follow the sliders, and every step can be taken back.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { project } from "./browser.mjs";
import { eventually, inBrowser } from "./harness.mjs";

const corpus = (name) => readFile(path.join(project, "tests/corpus", name, "input.log"), "utf8");
const draft = await corpus("mixed/draft-post");

async function pasted({ page, paste, reported }, text = draft) {
  await paste(text);
  await reported();
  return page.getByRole("region", { name: "How big should the heap be?", exact: true });
}

const sentence = (sizing) => sizing.locator(".sizing__answer").innerText();

/** The stretches of the band: what they mean, and how wide they are. */
const band = (sizing) =>
  sizing.locator("rect.band__part[y]").evaluateAll((parts) =>
    parts.map((part) => `${part.getAttribute("class").split("--")[1]} ${part.getAttribute("width")}`),
  );

inBrowser("a slider changes the sentence and the band, and undo takes it back", async (session) => {
  const { page, axe } = session;
  const sizing = await pasted(session, await corpus("incident/g1-jdk17-healthy"));
  const [before, drawn] = [await sentence(sizing), await band(sizing)];
  assert.match(before, /between \S+ MiB and \S+ MiB/);
  assert.ok(drawn.some((part) => part.startsWith("fits")), drawn.join());

  const slider = sizing.getByRole("slider", { name: "Concurrent requests to plan for" });
  await slider.focus();
  for (let step = 0; step < 20; step += 1) await page.keyboard.press("ArrowRight");
  await eventually(async () => assert.equal(await slider.inputValue(), "20"));
  await eventually(async () => assert.equal(await sizing.getByRole("spinbutton", { name: /^Concurrent requests to plan for/ }).inputValue(), "20"));
  const held = sizing.getByRole("spinbutton", { name: /^Heap held by one request/ });
  await held.fill("40");
  await held.press("Tab");
  await sizing.locator(".sizing__answer", { hasText: "No -Xmx fits" }).waitFor();
  await eventually(async () => assert.notDeepEqual(await band(sizing), drawn));
  await eventually(async () => assert.ok(!(await band(sizing)).some((part) => part.startsWith("fits")), "nothing fits"));
  await sizing.getByRole("heading", { name: "What to change" }).waitFor();
  await axe();

  await sizing.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => assert.equal(await held.inputValue(), "", "not known"));
  await eventually(async () => assert.equal(await slider.inputValue(), "20", "one step at a time"));
  await slider.focus();
  await page.keyboard.press("Control+Z");
  await eventually(async () => assert.equal(await slider.inputValue(), "19"));
  await page.keyboard.press("Control+Shift+Z");
  await eventually(async () => assert.equal(await slider.inputValue(), "20"));
  await eventually(async () => {
    const undo = sizing.getByRole("button", { name: "Undo" });
    if (await undo.isEnabled()) await undo.click({ timeout: 1000 });
    assert.ok(await undo.isDisabled());
  }, 60_000);
  await eventually(async () => assert.equal(await sentence(sizing), before));
  await eventually(async () => assert.deepEqual(await band(sizing), drawn));

  await sizing.getByRole("button", { name: "Redo" }).click();
  await sizing.getByRole("button", { name: "Reset" }).click();
  await eventually(async () => assert.equal(await sentence(sizing), before));
  await eventually(async () => assert.ok(await sizing.getByRole("button", { name: "Reset" }).isDisabled()));
});

inBrowser("another collector gives memory back and goes into the flags", async (session) => {
  const { copied } = session;
  const sizing = await pasted(session, await corpus("incident/g1-jdk17-healthy"));
  await sizing.getByRole("combobox", { name: "GC" }).selectOption("Serial");
  await sizing.locator("summary", { hasText: "Calculation" }).click();
  await sizing.getByText("GC structures of the other GC").waitFor();
  await sizing.locator(".flags").getByRole("button").first().click();
  await sizing.locator(".flags").getByRole("button", { name: /^Copied/ }).waitFor();
  assert.match(await copied(), /^-Xmx\d+m -XX:\+UseSerialGC/);
});

inBrowser("while a fact is open a switch chooses the case, and its options are those to copy", async (session) => {
  const { axe, copied } = session;
  const sizing = await pasted(session);
  await sizing.locator(".sizing__answer", { hasText: "each of the 2 cases has its own" }).waitFor();
  const cases = sizing.getByRole("group", { name: "Open question" });
  const [first, second] = [cases.getByRole("button", { name: "If -Xmx was 256.0 MiB" }), cases.getByRole("button", { name: "If -Xmx was 512.0 MiB" })];
  const pressed = (button) => eventually(async () => assert.equal(await button.getAttribute("aria-pressed"), "true"));
  await first.click();
  await pressed(first);
  await sizing.locator(".cases", { hasText: "and up to 325.5 MiB fits" }).waitFor();
  await sizing.locator(".flags").getByRole("button").first().click();
  await eventually(async () => assert.match(await copied(), /^-Xmx\d+m/));
  await second.click();
  await pressed(second);
  await sizing.locator(".cases", { hasText: "no -Xmx works" }).waitFor();
  await eventually(async () => assert.equal(await sizing.locator(".flags").count(), 0, "nothing to copy where none works"));
  await axe();
});

inBrowser("what is chosen moves sentence, band, and cases alike, and is told where the report is opened again", async (session) => {
  const { page } = session;
  const sizing = await pasted(session);
  const planned = () => sizing.getByRole("spinbutton", { name: /^Concurrent requests to plan for/ });
  const minimum = () => sizing.locator(".band__keys li", { hasText: "minimum" }).locator("span, button").last().innerText();
  const agree = () => eventually(async () => {
    const least = await minimum();
    assert.ok((await sizing.locator(".cases").innerText()).includes(`at least ${least}`), least);
    return least;
  });
  const before = await agree();
  await planned().fill("10");
  await planned().press("Tab");
  await eventually(async () => assert.notEqual(await agree(), before, "fewer requests need less"));
  const second = sizing.getByRole("button", { name: "If -Xmx was 512.0 MiB" });
  await second.click();
  await eventually(async () => assert.equal(await second.getAttribute("aria-pressed"), "true"));
  const least = await agree();
  const isSet = async () => {
    await sizing.locator(".sizing__answer", { hasText: `at least ${least}` }).waitFor();
    await eventually(async () => assert.equal(await second.getAttribute("aria-pressed"), "true"));
    await eventually(async () => assert.equal(await planned().inputValue(), "10"));
    const told = page.locator(".set-by-hand");
    await told.getByText(`at least ${least}`).waitFor();
    await told.getByText("Concurrent requests to plan for: 10, set by hand.").waitFor();
    await told.getByText("-Xmx of the failed run: 512.0 MiB, set by hand.").waitFor();
  };
  await isSet();
  await session.reload();
  await isSet();
  await page.getByRole("button", { name: "Share…" }).click();
  const link = page.locator(".copyable__text").first();
  await link.waitFor();
  const url = await link.inputValue();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New report" }).first().click();
  // Among the last reports, it is as it was left.
  await page.locator(".recent__open").first().click();
  await isSet();
  await page.getByRole("button", { name: "New report" }).first().click();
  await session.paste(url);
  await isSet();
});

inBrowser("what prose states is in its field, and leads to its line", async (session) => {
  const { page } = session;
  const sizing = await pasted(session);
  for (const name of [/^Concurrent requests to plan for/, /^Concurrent requests in the failed run/]) {
    await eventually(async () => assert.equal(await sizing.getByRole("spinbutton", { name }).inputValue(), "20"));
  }
  await eventually(async () => assert.equal(await sizing.getByRole("spinbutton", { name: /^Heap held by one request/ }).inputValue(), "", "not known"));
  await sizing.getByRole("link", { name: "2.0 GiB, stated in the prose, not counted" }).click();
  await page.locator(".line--shown", { hasText: "스왑을 2GB" }).waitFor();
});

inBrowser("what was set stays when logs are added, and travels in the link and the file", async (session) => {
  const { page, paste, copied } = session;
  const sizing = await pasted(session, await corpus("incident/g1-jdk17-healthy"));
  const held = () => sizing.getByRole("spinbutton", { name: /^Heap held by one request/ });
  const planned = () => sizing.getByRole("spinbutton", { name: /^Concurrent requests to plan for/ });
  await planned().fill("20");
  await held().fill("3");
  await held().press("Tab");
  const isSet = async () => {
    await eventually(async () => assert.deepEqual([await planned().inputValue(), await held().inputValue()], ["20", "3"]));
    await sizing.locator(".sizing__answer", { hasText: "For 20 concurrent requests" }).waitFor();
    await eventually(async () => assert.equal(await sizing.locator(".knob", { hasText: "set by hand" }).count(), 2));
  };
  await isSet();
  await page.getByRole("button", { name: "Add logs…" }).click();
  await page.getByRole("dialog", { name: "Add logs to this report" }).waitFor();
  await paste("               total        used        free      shared  buff/cache   available\nMem:            7900        1900        4500          30        1500        5900\nSwap:              0           0           0\n");
  await page.locator(".changes").waitFor();
  await isSet();
  await page.getByRole("button", { name: "Share…" }).click();
  const link = page.locator(".copyable__text").first();
  await link.waitFor();
  const url = await link.inputValue();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New report" }).first().click();
  await paste(url);
  await isSet();
  await session.reload();
  await isSet();
  // What the link brings along is set no more.
  await sizing.getByRole("button", { name: "Reset" }).click();
  await eventually(async () => assert.equal(await planned().inputValue(), ""));
  await eventually(async () => assert.match(await page.evaluate(() => location.hash), /set=none/));
  await session.reload();
  await eventually(async () => assert.equal(await planned().inputValue(), ""));
  assert.equal(await page.locator(".set-by-hand").count(), 0);
});

inBrowser("where metaspace ran out the section says so, and the heap is folded away", async (session) => {
  const sizing = await pasted(session, await readFile(path.join(project, "static/samples/metaspace.log"), "utf8"));
  await sizing.getByText("Metaspace ran out, not the heap. The limit to size is -XX:MaxMetaspaceSize, now 64.0 MiB.").waitFor();
  assert.equal(await sizing.locator(".band").isVisible(), false);
  await sizing.getByText("Heap size, all the same").click();
  await sizing.locator(".band").waitFor();
});

inBrowser("a measured term leads to its line and back", async (session) => {
  const { page } = session;
  const sizing = await pasted(session);
  await sizing.locator("summary", { hasText: "Calculation" }).click();
  const row = sizing.getByRole("row", { name: /committed outside the heap/ });
  const measured = row.getByRole("button", { name: "measured" });
  await measured.click();
  await page.locator(".line--shown", { hasText: "committed=448079KB" }).waitFor();
  await page.keyboard.press("Escape");
  await eventually(async () => assert.ok(await measured.evaluate((element) => element === document.activeElement)));
});

inBrowser("without a verdict the missing commands are there to copy", async (session) => {
  const sizing = await pasted(session, await corpus("gc-log/jdk17-serial-gc"));
  await sizing.getByText("To narrow the range").waitFor();
  await sizing.getByText("free -m; grep -H . /sys/fs/cgroup/memory.max").waitFor();
  assert.equal(await sizing.locator(".flags").count(), 0, "no value to copy without a verdict");
  await sizing.getByRole("spinbutton", { name: /^Memory of the machine/ }).fill("1024");
  await sizing.getByText("maximum", { exact: false }).first().waitFor();
});

inBrowser("a captured kill at a limit shows the arithmetic", async (session) => {
  const sizing = await pasted(session, await corpus("incident/g1-jdk17-heap-killed"));
  await sizing.locator("summary", { hasText: "Calculation" }).click();
  const cells = await sizing.getByRole("row").evaluateAll((rows) => rows.map((row) => row.innerText.split("\t")));
  const bytes = (text) => {
    const [number, unit] = text.trim().split(" ");
    return Number(number) * { KiB: 1 / 1024, MiB: 1, GiB: 1024 }[unit];
  };
  let sum = 0;
  for (const [term, size] of cells) {
    const sign = term.trim()[0];
    if (term.trim() === "= maximum") {
      assert.ok(Math.abs(sum - bytes(size)) < 1, `the terms sum to ${sum}, the maximum is ${size}`);
      return;
    }
    if (sign === "+") sum += bytes(size);
    if (sign === "\u2212") sum -= bytes(size);
  }
  assert.fail("no maximum");
});

inBrowser("the section speaks Korean", { locale: "ko-KR" }, async (session) => {
  await session.paste(draft);
  const sizing = session.page.getByRole("region", { name: "힙은 얼마로 잡아야 할까", exact: true });
  await sizing.locator(".sizing__answer", { hasText: "경우마다 답이 따로 있습니다" }).waitFor();
  await sizing.getByRole("slider", { name: "목표 동시 요청 수" }).waitFor();
});

inBrowser("nothing of the sizing prints across another part, wherever the page stands", { viewport: { width: 1366, height: 768 } }, async (session) => {
  const { page } = session;
  const sizing = await pasted(session);
  for (const more of await sizing.locator(".sizing__main summary").all()) await more.click();
  const across = await sizing.evaluate((sizing) => {
    const box = (part) => sizing.querySelector(part).getBoundingClientRect();
    const found = [];
    const top = sizing.getBoundingClientRect().top + window.scrollY;
    for (let at = top - 200; at < top + sizing.offsetHeight + 800; at += 50) {
      window.scrollTo(0, at);
      if (box(".sizing__main").bottom > box(".sizing__grounds").top) found.push(at);
    }
    return found;
  });
  assert.deepEqual(across, []);
});
