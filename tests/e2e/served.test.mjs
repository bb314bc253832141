// The page as its hosts serve it: by the headers that dist brings along, and by nginx as examples/hosting has it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { freePort, project, start, stop } from "./browser.mjs";

after(stop);

const dist = path.join(project, "dist");
const KILL = "Out of memory: Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";
const policy = /Content-Security-Policy" content="([^"]*)"/.exec(await readFile(path.join(project, "index.html"), "utf8"))[1];

/** What a host makes of a file of headers: of all rules that fit, the last one says it. */
async function byHeaders() {
  const rules = [];
  for (const line of (await readFile(path.join(dist, "_headers"), "utf8")).split("\n")) {
    if (/^\//.test(line)) rules.push([line.trim(), []]);
    const [, name, value] = /^\s+([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name) rules.at(-1)[1].push([name.toLowerCase(), value]);
  }
  const of = (name) => Object.fromEntries(rules.filter(([of]) => of === name || of === "/*").flatMap(([, headers]) => headers));
  return serve(dist, { headers: of });
}

/** nginx as this user, with the example in the place of /etc/nginx/conf.d. */
async function byNginx() {
  const folder = await mkdtemp(path.join(tmpdir(), "oomscope-nginx-"));
  const port = await freePort();
  const example = await readFile(path.join(project, "examples/hosting/nginx.conf"), "utf8");
  const site = example
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("root /srv/oomscope;", `root ${await realpath(dist)};`)
    .replace("include mime.types;", "include /etc/nginx/mime.types;");
  await mkdir(path.join(folder, "logs"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n");
  // As root its own processes would be another user's, who may not read this folder.
  const user = process.getuid() === 0 ? "user root;" : "";
  await writeFile(path.join(folder, "nginx.conf"), `${user}
daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1; events {}
http { access_log off; ${temporary}
${site} }`);
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const nginx = spawn("nginx", ["-p", folder, "-c", path.join(folder, "nginx.conf"), "-e", "stderr"], { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  nginx.stderr.on("data", (data) => (said += data));
  nginx.on("error", (error) => (said += error));
  const ended = new Promise((resolve) => nginx.on("close", resolve));
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; ; tries += 1) {
    if (await fetch(url).then(({ ok }) => ok, () => false)) break;
    assert.ok(tries < 100 && nginx.exitCode === null, `nginx does not serve: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const close = async () => {
    nginx.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, close };
}

for (const [by, host] of [["by the headers that it brings along", byHeaders], ["by nginx", byNginx]]) {
  test(`the page works as it is served ${by}`, { timeout: 120_000 }, async () => {
    const server = await host();
    const { browser } = await start();
    const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce" });
    const complaints = [];
    context.on("console", (message) => complaints.push(message.text()));
    context.on("weberror", (error) => complaints.push(String(error.error())));
    try {
      const head = async (name) => (await fetch(server.url + name)).headers;
      for (const name of ["", "index.html"]) assert.equal((await head(name)).get("content-security-policy"), policy, `policy of /${name}`);
      for (const name of ["", "sw.js", "embed.html", "oomscope.html", "worker_bg.wasm"]) {
        const headers = await head(name);
        assert.equal(headers.get("x-content-type-options"), "nosniff", name);
        assert.equal(headers.get("referrer-policy"), "no-referrer", name);
        assert.equal(headers.get("cache-control"), "no-cache", name);
        assert.equal(headers.get("x-frame-options"), null, "the card stands in frames");
      }
      assert.equal((await head("worker_bg.wasm")).get("content-type"), "application/wasm");
      assert.match((await head("manifest.webmanifest")).get("content-type"), /^application\/manifest\+json/);
      assert.match((await head("oomscope.html")).get("content-type"), /^text\/html/);

      const page = await context.newPage();
      await page.goto(server.url);
      await page.locator("#app main").waitFor();
      await page.evaluate((text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "kill.log"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      }, KILL);
      await page.locator("h1.report__title").waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated" && document.querySelector("link[rel=manifest]") && /r=1\./.test(location.hash));
      const card = await context.newPage();
      await card.goto(`${server.url}embed.html${await page.evaluate(() => location.hash)}`);
      await card.locator(".embed__title").waitFor();
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
      await server.close();
    }
  });
}

test("nginx keeps what a build names for ever, and takes nothing", { timeout: 60_000 }, async () => {
  const server = await byNginx();
  try {
    const page = await readFile(path.join(dist, "index.html"), "utf8");
    for (const [, name] of page.matchAll(/(?:href|src)="\.\/([^"]+)"/g)) {
      assert.match((await fetch(server.url + name)).headers.get("cache-control"), /immutable/, name);
    }
    const packed = await fetch(`${server.url}worker_bg.wasm`, { headers: { "accept-encoding": "gzip" } });
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    assert.equal((await fetch(server.url, { method: "POST", body: "a log" })).status, 405);
    assert.equal((await fetch(`${server.url}_headers`)).status, 404);
  } finally {
    await server.close();
  }
});
