// The core of the page in browsers that the other tests do not drive: Firefox and WebKitGTK.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { serve } from "../../scripts/serve.mjs";
import { project } from "./browser.mjs";
import { firefox, webkit } from "./drivers.mjs";

const draft = await readFile(path.join(project, "tests/corpus/mixed/draft-post/input.log"), "utf8");
const TITLE = "The machine ran out of memory, and the kernel killed java";

for (const [name, start] of [["Firefox", firefox], ["WebKitGTK", webkit]]) {
  describe(name, { timeout: 240_000 }, () => {
    let [browser, server, folder, onPage] = [];
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "oomscope-browsers-"));
      await cp(path.join(project, "dist"), folder, { recursive: true, dereference: true });
      [browser, server] = await Promise.all([start(), serve(folder, { base: "/oomscope/" })]);
    }, { timeout: 60_000 });
    after(async () => {
      await browser?.close();
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Waits until the function gives something that is true in the page, and gives that. */
    const until = async (of, ...args) => {
      const end = performance.now() + 15_000;
      for (;;) {
        const found = await browser.run(of, ...args);
        if (found) return found;
        if (performance.now() > end) assert.fail(`never: ${of} ${args.join(" ")}; there was: ${await browser.run(() => document.body.innerText.slice(0, 1000))}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const isThere = () => Boolean(document.querySelector("#app main"));
    const visit = async (url) => {
      await browser.visit("about:blank");
      await browser.visit(url);
      await until(isThere);
    };
    const reported = (title) => until((title) => {
      const there = document.querySelector("h1.report__title")?.textContent.startsWith(title);
      return there && document.querySelector(".report__tables[aria-busy=false]") && /[#&]r=1\./.test(location.hash) && location.hash;
    }, title);
    /** Clicks the button with these words within what a selector leads to. */
    const click = async (words, within = "body") => {
      await until((words, within) => {
        for (const old of document.querySelectorAll("[data-click]")) old.removeAttribute("data-click");
        const buttons = [...document.querySelectorAll(`:is(${within}) :is(button, summary)`)];
        const button = buttons.find((button) => (button.ariaLabel ?? button.textContent).trim() === words && button.getClientRects().length);
        button?.setAttribute("data-click", "");
        return button;
      }, words, within);
      await browser.click("[data-click]");
    };

    test("a draft that is pasted becomes a report", async () => {
      await visit(server.url);
      await browser.paste(draft);
      onPage = await reported(TITLE);
      const words = await browser.run(() => document.querySelector("#app main").innerText.replaceAll(/\s+/g, " "));
      for (const fact of ["683.5 MiB", "437.6 MiB", "jcmd 17978 VM.flags", "2022-11-23 07:35:42 UTC"]) assert.ok(words.includes(fact), `${fact} in ${words.slice(0, 2000)}`);
      assert.match(await browser.run(() => document.querySelector(".promise").innerText), /0 requests since load/);
    });

    test("a number leads to its line and back", async () => {
      await click("Kernel kills");
      await click("683.5 MiB", "[aria-labelledby], section");
      const shown = await until(() => document.querySelector(".drawer mark") && document.querySelector(".line--shown")?.innerText);
      assert.match(shown, /Killed process 16021/);
      await browser.press("Escape");
      await until(() => !document.querySelector(".drawer"));
    });

    test("a slider changes the heap's size", async () => {
      const before = await browser.run(() => {
        const slider = document.querySelector("main input[type=range]");
        slider.focus();
        return slider.value;
      });
      await browser.press("ArrowRight");
      await until((before) => document.querySelector("main input[type=range]").value === String(Number(before) + 1), before);
      await click("Undo");
      await until((before) => document.querySelector("main input[type=range]").value === before, before);
    });

    test("the timeline zooms, and Back goes back", async () => {
      const range = () => new URLSearchParams(location.hash.slice(1)).get("t");
      await click("Zoom in");
      await until(range);
      await browser.run(() => history.back());
      await until(() => !new URLSearchParams(location.hash.slice(1)).get("t"));
    });

    test("what is shared opens again", async () => {
      await click("Share…");
      const link = await until(() => document.querySelector("dialog input.copyable__text")?.value);
      assert.match(link, /^http:\S+#\S*r=1\./);
      await visit(link);
      await reported(TITLE);
    });

    test("the page opens without its server, and so does its report", async () => {
      await visit(server.url);
      await until(() => Boolean(navigator.serviceWorker.controller) && Boolean(document.querySelector("link[rel=manifest]")));
      await server.close();
      await visit(server.url + onPage);
      await reported(TITLE);
    });

    test("one file opens from disk and makes the same report", async () => {
      await visit(pathToFileURL(path.join(folder, "oomscope.html")).href);
      await browser.paste(draft);
      assert.equal(await reported(TITLE), onPage);
      assert.deepEqual(await browser.complaints(), []);
    });
  });
}
