#!/usr/bin/env node
// What is left to do after a build; Trunk runs it (Trunk.toml) with its own folder.
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

await copyFile(fileURLToPath(new URL("../CHANGELOG.md", import.meta.url)), path.join(process.env.TRUNK_STAGING_DIR, "changes.txt"));
await import("./first.mjs");
await import("./one-file.mjs");
await import("./offline.mjs");
