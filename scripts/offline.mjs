#!/usr/bin/env node
// Writes what a built page's files are into two of them: their hashes into the service worker (static/sw.js), and the name of this
// build into the card for frames (static/embed).
//
//   scripts/offline.mjs dist
//
// Trunk runs it at the end of a build (scripts/finish.mjs), with its own folder.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? "dist";
const template = await readFile(fileURLToPath(new URL("../static/sw.js", import.meta.url)), "utf8");
const hash = (data, kind) => createHash(kind).update(data).digest("base64");

const page = await readFile(path.join(folder, "index.html"), "utf8");
const wasm = /data-wasm="(?:\.\/)?([^"]+)"/.exec(page)?.[1];
const boot = /src="(?:\.\/)?(boot\.js[^"]*)"/.exec(page)?.[1];
if (!wasm || !boot) throw new Error(`${folder}/index.html names no wasm and no boot.js`);
const card = path.join(folder, "embed.html");
await writeFile(card, (await readFile(card, "utf8")).replaceAll("|build|", wasm));
// The very addresses that the pages ask for: files of fixed names are told from another build's by the name of the wasm.
const OF_BUILD = /^(worker.*|embed.*\.(js|css|wasm)|tokens\.css)$/;
const asked = (name) => (name === "index.html" ? "./" : name === "boot.js" ? boot : OF_BUILD.test(name) ? `${name}?${wasm}` : name);

const files = {};
for (const name of (await readdir(folder)).sort()) {
  // What the host reads is no file of the page.
  if (name !== "sw.js" && name !== "_headers") files[asked(name)] = `sha256-${hash(await readFile(path.join(folder, name)), "sha256")}`;
}
const list = JSON.stringify(files);
const version = hash(list, "sha256").replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 16);
await writeFile(path.join(folder, "sw.js"), template.replace("{/*|files|*/}", list).replace("/*|version|*/", version));
