// What the end-to-end tests share: the built page below a sub-path, in a real Chromium.
//
//   import { inBrowser } from "./harness.mjs";
//   inBrowser("a paste becomes a report", async ({ page, paste }) => {
//     await paste("…");
//     await page.getByRole("heading", { name: "What happened" }).waitFor();
//   });
//
// After every test the harness itself checks that the console stayed silent and that nothing was requested since the
// page was loaded. Wait for conditions, never for time.
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

async function screenshotOfFailure(page, name) {
  const file = path.join(project, "target/e2e", `${name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, fullPage: true }).catch(() => {});
  return path.relative(project, file);
}
