// Findings: from a claim to its line and back, those of one process picked out, and a walk from one to the next by keys.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { project } from "./browser.mjs";
import { eventually, inBrowser } from "./harness.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");

async function pasted({ page, paste, reported }) {
  await paste(draft);
  await reported();
  return page.getByRole("region", { name: "Findings", exact: true });
}

inBrowser("the findings of one process can be picked out", async (session) => {
  const { page, axe } = session;
  const findings = await pasted(session);
  const all = await findings.getByRole("article").count();
  const choices = findings.getByRole("group", { name: "Findings of which process" });
  await eventually(async () => assert.equal(await choices.getByRole("button", { name: /^All/ }).getAttribute("aria-pressed"), "true"));
  await choices.getByRole("button", { name: /^pid 17692/ }).click();
  const some = await eventually(async () => {
    const some = await findings.getByRole("article").count();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    return some;
  });
  await eventually(async () => assert.match(await findings.getByRole("article").first().innerText(), /17692/));
  await axe();

  // The walk leads from one that is shown to the next that is shown.
  for (let step = 0; step < some; step += 1) {
    await page.keyboard.press("n");
    const focused = () => findings.getByRole("article").nth(step).evaluate((one) => one === document.activeElement);
    await eventually(async () => assert.ok(await focused(), `finding ${step + 1} has the focus`));
  }
  // Enter opens the one that has the focus, and closes it.
  const toggle = findings.getByRole("article").nth(some - 1).locator(".finding__toggle");
  for (const open of ["true", "false"]) {
    await page.keyboard.press("Enter");
    await eventually(async () => assert.equal(await toggle.getAttribute("aria-expanded"), open));
  }
  await choices.getByRole("button", { name: /^All/ }).click();
  await eventually(async () => assert.equal(await findings.getByRole("article").count(), all));
});

inBrowser("a claim leads to its line and back", async (session) => {
  const { page } = session;
  const findings = await pasted(session);
  const claim = findings.getByRole("article").filter({ hasText: "The prose says the maximum heap" });
  await claim.getByRole("button", { name: /Show evidence and next steps/ }).click();
  const line = claim.getByRole("listitem").filter({ hasText: "Java Heap (reserved=524288KB" }).getByRole("button");
  await line.click();
  await page.locator(".line--shown", { hasText: "Java Heap (reserved=524288KB" }).waitFor();
  await page.keyboard.press("Escape");
  await eventually(async () => assert.ok(await line.evaluate((line) => line === document.activeElement)));
});

inBrowser("a number names its cell in the source, and a derived one shows how it was made", async (session) => {
  const { page } = session;
  const findings = await pasted(session);
  const claim = findings.getByRole("article").filter({ hasText: "pid 17978: 220 full GCs" });
  const marks = page.locator(".drawer mark");
  for (const [number, told, cells] of [
    ["220", "FGC = 220 Full collections since start", ["220"]],
    ["22 s", "FGCT = 21.972 Time in full collections since start, seconds", ["21.972"]],
    ["62.2%", "FGCT ÷ GCT = 21.972 ÷ 35.308 = 62.2%", ["21.972", "35.308"]],
    ["100 ms", "FGCT ÷ FGC = 21.972 ÷ 220 = 100 ms", ["220", "21.972"]],
  ]) {
    await claim.getByRole("button", { name: number, exact: true }).click();
    await page.locator(".source__shown", { hasText: told }).waitFor();
    await eventually(async () => assert.deepEqual(await marks.allInnerTexts(), cells));
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
  }
});

// Its last lines are behind more lines than are in the document at once, and many of those wrap.
inBrowser("a number leads to its line wherever that stands in a long source", async ({ page, paste, reported }) => {
  await paste(await readFile(path.join(project, "tests/corpus/incident/g1-jdk17-heap-killed/input.log"), "utf8"));
  await reported();
  for (const [number, line] of [["275.9 MiB", "609"], ["182.3 MiB", "45"], ["256.0 MiB", "559"]]) {
    await page.getByRole("button", { name: number, exact: true }).first().click();
    const mark = page.locator(".drawer mark").first();
    await mark.waitFor();
    await eventually(async () => {
      const { middle, top, bottom, shown } = await mark.evaluate((mark) => {
        const box = mark.getBoundingClientRect();
        const view = mark.closest(".pane").getBoundingClientRect();
        const shown = mark.closest("li").querySelector(".line__number").innerText;
        return { middle: (box.top + box.bottom) / 2, top: view.top, bottom: view.bottom, shown };
      });
      assert.equal(shown, line);
      assert.ok(middle > top && middle < bottom, `line ${line} is at ${middle}, ${top} to ${bottom} is in view`);
    });
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
  }
});
