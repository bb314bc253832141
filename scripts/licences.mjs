#!/usr/bin/env node
// The licences of all that is built into the page or the command line, with their texts as the packages bring them.
//
//   scripts/licences.mjs > THIRD-PARTY.txt
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const cargo = (...arguments_) =>
  execFileSync("cargo", [...arguments_, "--locked", "--offline"], { cwd, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });

const builds = [
  ["-p", "oomscope", "--target", "x86_64-unknown-linux-musl"],
  ["-p", "oomscope", "--target", "wasm32-unknown-unknown", "--features", "web"],
];
const tree = builds.map((build) => cargo("tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", ...build)).join("\n");
const built = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
const { packages } = JSON.parse(cargo("metadata", "--format-version", "1"));
const others = packages.filter(({ name, version, source }) => source && built.has(`${name} v${version}`));
others.sort((one, other) => (one.name + one.version < other.name + other.version ? -1 : 1));

const texts = new Map();
for (const { name, version, license, manifest_path } of others) {
  console.log(`${name} ${version}: ${license ?? "see its text"}`);
  const folder = path.dirname(manifest_path);
  for (const file of readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file)).sort()) {
    const text = readFileSync(path.join(folder, file), "utf8").trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
}
for (const [text, names] of texts) console.log(`\n${"-".repeat(80)}\n${names.join(", ")}\n\n${text}`);
