import { readFile } from "node:fs/promises";
import { open, stop } from "./browser.mjs";
for (const off of [false, true]) {
const { page, paste } = await open({});
if (off) await page.evaluate(() => { history.replaceState = () => {}; });
await paste(await readFile("tests/corpus/mixed/draft-post/input.log", "utf8"));
await page.waitForFunction(() => document.activeElement?.matches("h1.report__title"));
await page.evaluate(() => { const p = document.querySelector(".source__pane"); const d = Object.getOwnPropertyDescriptor(Element.prototype, "scrollTop"); globalThis.logs = []; p.addEventListener("scroll", () => logs.push(["scroll", p.scrollTop, p.scrollHeight, document.querySelector(".source__spacer").style.height])); Object.defineProperty(p, "scrollTop", { get() { return d.get.call(p) }, set(v) { logs.push(["set", v, p.scrollHeight]); d.set.call(p, v) } }) });
await page.getByRole("region", { name: "Kernel kills" }).getByRole("button", { name: "683.5 MiB" }).click();
await page.locator(".source mark").waitFor();
await page.waitForTimeout(500);
console.log(off, JSON.stringify(await page.evaluate(() => logs)));
}
await stop();
