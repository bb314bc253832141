// The least that browsers.test.mjs needs of a browser, the same of each: `visit` an address, `run` a function in the page, `click` what a
// selector leads to, `press` a key, `paste` a text, `complaints()`, and
// `close`.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { firefox as playwright } from "playwright-core";
import { FIREFOX, freePort } from "./browser.mjs";

/** This machine's Firefox. */
export async function firefox() {
  const browser = await playwright.launch(FIREFOX);
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  return {
    complaints: () => complaints,
    visit: (url) => page.goto(url),
    run: (call, ...args) => page.evaluate(`(${call})(...${JSON.stringify(args)})`),
    click: (selector) => page.click(selector),
    press: (key) => page.keyboard.press(key),
    paste: async (text) => {
      await page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await page.keyboard.press("Control+V");
    },
    close: () => browser.close(),
  };
}

/** Keys as WebDriver names them. */
const KEYS = { ArrowRight: "\uE014", Escape: "\uE00C" };

/** This machine's WebKitGTK, by its WebDriver and on a screen that nobody sees. */
export async function webkit() {
  const port = await freePort();
  const env = { ...process.env, LANG: "en_US.UTF-8", LANGUAGE: "en", LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
  // A group of its own, so that all of it ends.
  const driver = spawn("xvfb-run", ["-a", "-s", "-screen 0 1280x800x24", "WebKitWebDriver", `--port=${port}`], { env, detached: true, stdio: "ignore" });
  const call = async (method, at, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${at}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const end = () => process.kill(-driver.pid);
  try {
    for (let tries = 0; ; tries += 1) {
      try {
        await call("GET", "/status");
        break;
      } catch (error) {
        if (tries > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const options = { binary: miniBrowser(), args: ["--automation"] };
    const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } });
    const at = `/session/${sessionId}`;
    const run = (of, ...args) => call("POST", `${at}/execute/sync`, { script: `return (${of})(...arguments)`, args });
    return {
      // What nobody caught since the page was there: the driver itself tells nothing of it.
      complaints: () => run(() => window.uncaught),
      visit: async (url) => {
        await call("POST", `${at}/url`, { url });
        await run(() => {
          window.uncaught = [];
          addEventListener("error", ({ message }) => window.uncaught.push(message));
          addEventListener("unhandledrejection", ({ reason }) => window.uncaught.push(String(reason)));
        });
      },
      run,
      // Its own click finds that nothing here can be clicked.
      click: async (selector) => {
        const [x, y] = await run((selector) => {
          const element = document.querySelector(selector);
          element.scrollIntoView({ block: "center", behavior: "instant" });
          const { left, top, width, height } = element.getBoundingClientRect();
          return [left + width / 2, top + height / 2].map(Math.round);
        }, selector);
        const mouse = [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
        await call("POST", `${at}/actions`, { actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: mouse }] });
      },
      // A clipboard it has none.
      paste: (text) => run((text) => {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      }, text),
      press: (key) => {
        const value = KEYS[key];
        return call("POST", `${at}/actions`, { actions: [{ type: "key", id: "keys", actions: [{ type: "keyDown", value }, { type: "keyUp", value }] }] });
      },
      close: async () => {
        await call("DELETE", at).catch(() => {});
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** The browser that comes with WebKitGTK for tests. */
function miniBrowser() {
  for (const library of ["/usr/lib", "/usr/libexec", "/usr/lib64"]) {
    for (const name of list(library)) {
      for (const inside of name.startsWith("webkit2gtk-") ? [name] : list(path.join(library, name)).filter((inner) => inner.startsWith("webkit2gtk-")).map((inner) => path.join(name, inner))) {
        const folder = path.join(library, inside);
        if (list(folder).includes("MiniBrowser")) return path.join(folder, "MiniBrowser");
      }
    }
  }
  throw new Error("no MiniBrowser of WebKitGTK is here: scripts/setup tests");
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
