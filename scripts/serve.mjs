#!/usr/bin/env node
// Serves a folder on this machine only: scripts/serve.mjs dist [--port 8080] [--base /oomscope/]
// Nothing is watched and nothing is added to a page. The end-to-end tests use `serve` from here.
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".log": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/**
 * Serves `folder` under `base` (with a slash at both ends) on 127.0.0.1; port 0 takes any free one.
 * `headers` gives more of them for a path, in lower case. Resolves to `{ url, requests, close }`: `requests` are the paths asked for so far.
 */
export async function serve(folder, { port = 0, base = "/", headers = () => ({}) } = {}) {
  const root = await realpath(folder);
  const requests = [];

  const find = async (requested) => {
    if (!requested.startsWith(base)) return null;
    let file = path.join(root, requested.slice(base.length));
    if (requested.endsWith("/")) file = path.join(file, "index.html");
    file = await realpath(file);
    if (!file.startsWith(root + path.sep)) return null;
    return (await stat(file)).isFile() ? file : null;
  };

  const server = createServer(async (request, response) => {
    requests.push(request.url);
    let file = null;
    try {
      file = await find(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    } catch {
      // Neither a path nor a file: not found.
    }
    if (!file || !["GET", "HEAD"].includes(request.method)) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("Not found\n");
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
      "content-length": (await stat(file)).size,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers(new URL(request.url, "http://localhost").pathname),
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).on("error", () => response.destroy()).pipe(response);
  });

  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    requests,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

if (process.argv[1] && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string", default: "8080" }, base: { type: "string", default: "/" } },
  });
  try {
    const { url } = await serve(positionals[0] ?? "dist", { port: Number(values.port), base: values.base });
    console.log(`oomscope is at ${url} (stop with Ctrl+C)`);
  } catch (error) {
    const reasons = {
      EADDRINUSE: `port ${values.port} is taken: make serve PORT=8081`,
      EACCES: `port ${values.port} may not be used: make serve PORT=8081`,
      ENOENT: `${positionals[0] ?? "dist"} is not built: make dist`,
      ERR_SOCKET_BAD_PORT: `${values.port} is not a port: make serve PORT=8080`,
    };
    console.error(`serve: ${reasons[error.code] ?? error.message}`);
    process.exit(1);
  }
}
