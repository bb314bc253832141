#!/usr/bin/env node
// Puts the first screen into a built page, so that it is seen before any wasm is there: the components' own HTML (src/app/first.rs),
// all styles as one file, and boot.js at the head, behind what it asks for.
//
//   scripts/first.mjs dist
//
// Once after each build (scripts/finish.mjs).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? "dist";
const index = path.join(folder, "index.html");
let page = await readFile(index, "utf8");

/** Takes out what is found, all of it. */
const takeOut = (pattern) => {
  const found = page.match(pattern) ?? [];
  page = page.replaceAll(pattern, "");
  return found;
};

const links = takeOut(/\n *<link rel="stylesheet"[^>]*>/g);
const files = links.map((link) => /href="(?:\.\/)?([^"]+)"/.exec(link)[1]);
const styles = (await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")))).join("\n");
await Promise.all(files.map((name) => rm(path.join(folder, name))));
const hash = (kind, form) => createHash(kind).update(styles).digest(form);
const name = `page-${hash("sha256", "hex").slice(0, 16)}.css`;
await writeFile(path.join(folder, name), styles);
const style = `<link rel="stylesheet" href="./${name}" integrity="sha384-${hash("sha384", "base64")}">`;

const preloads = takeOut(/<link rel="(?:module)?preload"[^>]*>/g);
const boot = takeOut(/\n *<script src="[^"]*boot\.js[^>]*><\/script>/g);
if (!files.length || preloads.length !== 4 || boot.length !== 1) throw new Error(`${index} is not what Trunk.toml says`);
// Requests start in this order: what the first screen needs, then what the page needs.
const ahead = `<link rel="preload" href="${/src="([^"]+)"/.exec(boot[0])[1]}" as="script">`;
const head = [style, ahead, ...preloads, boot[0].trim()].map((tag) => `    ${tag}\n`).join("");

const cargo = ["run", "--quiet", "--locked", "--offline", "--features", "first", "--bin", "first"];
const root = fileURLToPath(new URL("..", import.meta.url));
const first = execFileSync("cargo", cargo, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

const place = "<!-- |first| -->";
if (!page.includes(place)) throw new Error(`${index} has no place for the first screen`);
page = page.replace(place, () => first).replace(/[^\S\n]*<!-- scripts\/first\.mjs[^]*?-->\n/, () => head);
await writeFile(index, page.replaceAll(/\n\s*\n/g, "\n"));
