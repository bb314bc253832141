#!/usr/bin/env node
// Makes one file of a built page, `oomscope.html`, which opens from disk: everything inside, and a policy that names each script and
// the styles by their hashes and forbids every connection from the start.
//
//   scripts/one-file.mjs dist
//
// Once after each build (scripts/finish.mjs). xz packs what static/one-file.js unpacks.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? "dist";
const built = (name) => readFile(path.join(folder, name));
const source = (name) => readFile(fileURLToPath(new URL(`../static/${name}`, import.meta.url)), "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

let page = (await built("index.html")).toString();
const replace = (pattern, by) => {
  if (!pattern.test(page)) throw new Error(`${folder}/index.html has nothing like ${pattern}`);
  page = page.replace(pattern, () => by);
};

const { js, wasm } = /data-js="(?:\.\/)?(?<js>[^"]+)" data-wasm="(?:\.\/)?(?<wasm>[^"]+)"/.exec(page).groups;
const styles = (await built(/<link rel="stylesheet" href="(?:\.\/)?([^"]+)"/.exec(page)[1])).toString();
const boot = `\n${await source("one-file.js")}${await source("boot.js")}`;

// What is inside is no module that could be imported.
const exported = /^export \{ initSync, __wbg_init as default \};?$/m;
let app = (await built(js)).toString();
if (!exported.test(app)) throw new Error(`${js} does not export what boot.js imports`);
app = app.replace(exported, "globalThis.oomscopePage({ default: __wbg_init });");
const worker = (await built("worker.js")).toString();

/** Five characters for four bytes, none of which ends an element. */
const asText = (bytes) => {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const lines = [];
  let line = [];
  for (let at = 0; at < padded.length; at += 4) {
    const value = padded.readUInt32BE(at);
    for (const unit of [85 ** 4, 85 ** 3, 85 ** 2, 85, 1]) {
      const digit = Math.floor(value / unit) % 85;
      line.push(digit === 20 ? 126 : 40 + digit);
    }
    if (line.length < 1000 && at + 4 < padded.length) continue;
    lines.push(String.fromCharCode(...line));
    line = [];
  }
  return lines.join("\n");
};
const parts = [await built("worker_bg.wasm"), await built(wasm), Buffer.from(worker), Buffer.from(app)];
const xz = ["--format=lzma", "--stdout", "--lzma1=preset=9e,lc=4,lp=0,pb=0,dict=16MiB"];
const packed = execFileSync("xz", xz, { input: Buffer.concat(parts), maxBuffer: 1 << 28 });
const sizes = parts.map((part) => part.length).join(" ");

const scripts = [boot, app, worker].map(hash).join(" ");
const policy = [
  "default-src 'none'", `script-src ${scripts} 'wasm-unsafe-eval'`, `style-src ${hash(styles)}`, "img-src data: blob:",
  "worker-src blob:", "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
].join("; ");
replace(/[^\S\n]*<!-- Nothing but the page's own files[^]*?-->\n/, "    <!-- Nothing but what is inside, and no connection at all. -->\n");
replace(/(?<=<meta http-equiv="Content-Security-Policy" content=")[^"]*/, policy);
replace(/<link rel="stylesheet"[^>]*>/, `<style>${styles}</style>`);
page = page.replaceAll(/\s*<link rel="(?:module)?preload"[^>]*>/g, "");
replace(/<script src="[^"]*boot\.js[^>]*><\/script>/, `<script>${boot}</script>`);
replace(/(?=<\/body>)/, `<script type="text/plain" id="inside" data-sizes="${sizes}">${asText(packed)}</script>\n  `);
if (/<link rel="(?!icon)|src="\.?\//.test(page.slice(0, page.indexOf("<style>")))) throw new Error("something is asked for");
await writeFile(path.join(folder, "oomscope.html"), page);
