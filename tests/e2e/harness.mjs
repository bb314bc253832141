// What the end-to-end tests share: the built page below a sub-path, in a real Chromium.
//
//   import { inBrowser } from "./harness.mjs";
//   inBrowser("a paste becomes a report", async ({ page, paste }) => {
//     await paste("…");
//     await page.locator(".report__title").waitFor();
//   });
//
// After every test the harness itself checks that the console stayed silent and that nothing was requested since the
// page was loaded. Wait for conditions, never for time: the page is drawn in slices, so that what a click changes may
// stand there a moment later. OOMSCOPE_LATE=1 makes every frame and timer come late, which finds what did not wait.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { open, project, stop } from "./browser.mjs";

/**
 * A test on the page as a reader first sees it; `options` and what the body is given are those of `open` in browser.mjs.
 */
export function inBrowser(name, options, body) {
  if (typeof options === "function") [options, body] = [{}, options];
  test(name, { timeout: 120_000 }, async (t) => {
    const session = await open(options);
    try {
      await body(session);
      assert.deepEqual(session.complaints, [], "the console has something to say");
      assert.deepEqual(session.requests(), [], "requested after the page was loaded");
    } catch (error) {
      t.diagnostic(`screenshot: ${await screenshotOfFailure(session.page, name)}`);
      throw error;
    } finally {
      await session.context.close();
    }
  });
}
after(stop);

/** Waits until the check, an assertion about the page, holds; fails as it does if it never comes to hold. */
export async function eventually(check, patience = 10_000) {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits until every text is in what the element says, blanks taken as one. */
export const says = (locator, ...texts) => eventually(async () => {
  const found = (await locator.innerText()).replaceAll(/\s+/g, " ");
  for (const text of texts) assert.ok(found.includes(text), `"${text}" is not in: ${found.slice(0, 2000)}`);
});

/** Opens one of the folded sections, and gives it. */
export async function unfold(page, name) {
  const section = page.getByRole("region", { name, exact: true });
  const toggle = section.getByRole("button", { name, exact: true });
  if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
  return section;
}

async function screenshotOfFailure(page, name) {
  const file = path.join(project, "target/e2e", `${name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, fullPage: true }).catch(() => {});
  return path.relative(project, file);
}
