#!/usr/bin/env node
// Paints static/app/icon.svg as the PNGs that the web manifest names, by this machine's Chromium:
//
//   scripts/icons.mjs
//
// What it writes is kept beside the SVG; run it after the SVG has changed.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { project, start, stop } from "../tests/e2e/browser.mjs";

const folder = path.join(project, "static/app");
const svg = await readFile(path.join(folder, "icon.svg"), "utf8");
const { browser } = await start();
for (const size of [192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>html, body { margin: 0 } svg { display: block }</style>${svg}`);
  await page.screenshot({ path: path.join(folder, `icon-${size}.png`) });
  await page.close();
}
await stop();
