import assert from "node:assert/strict";
import { inBrowser } from "./harness.mjs";

inBrowser("the page opens below a sub-path and its console stays silent", async ({ page, url }) => {
  assert.match(url, /\/oomscope\/$/);
  assert.match(await page.title(), /oomscope/);
});

inBrowser("axe has nothing against the first screen", async ({ axe }) => {
  await axe();
});
