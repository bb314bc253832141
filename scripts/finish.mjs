#!/usr/bin/env node
// What is left to do after a build; Trunk runs it (Trunk.toml) with its own folder.
await import("./first.mjs");
await import("./one-file.mjs");
await import("./offline.mjs");
