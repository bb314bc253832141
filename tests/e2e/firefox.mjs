#!/usr/bin/env node
// This machine's Firefox ($FIREFOX, or the first one on the PATH) for Playwright, which starts this script in its place: it hands on
// what the two say to each other, and answers the one command that not every Firefox knows. Colours and motion are then those of its
// profile.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const { ws: WebSocket, wsServer: WebSocketServer } = createRequire(import.meta.url)("playwright-core/lib/utilsBundle");
const UNKNOWN = "emulation.setMediaFeaturesOverride";

const name = [process.env.FIREFOX, "firefox-esr", "firefox"].find((name) => name && !spawnSync(name, ["--version"]).error);
if (!name) {
  console.error("no Firefox on the PATH, and FIREFOX is not set");
  process.exit(1);
}
const browser = spawn(name, process.argv.slice(2), { stdio: ["inherit", "inherit", "pipe"] });
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => browser.kill(signal));
process.on("exit", () => browser.kill("SIGKILL"));
browser.on("exit", (code) => process.exit(code ?? 0));

const between = (address) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload: 1 << 29 });
  server.on("connection", (client, request) => {
    const firefox = new WebSocket(new URL(request.url, address), { maxPayload: 1 << 29, perMessageDeflate: false });
    const waiting = [];
    firefox.on("open", () => waiting.splice(0).forEach((message) => firefox.send(message)));
    firefox.on("message", (message) => client.send(String(message)));
    firefox.on("close", () => client.close());
    client.on("close", () => firefox.close());
    client.on("message", (message) => {
      const text = String(message);
      if (text.includes(UNKNOWN)) {
        const { id, method } = JSON.parse(text);
        if (method === UNKNOWN) return client.send(JSON.stringify({ type: "success", id, result: {} }));
      }
      if (firefox.readyState === WebSocket.OPEN) firefox.send(text);
      else waiting.push(text);
    });
  });
  return new Promise((resolve) => server.on("listening", () => resolve(server.address().port)));
};

let said = "";
browser.stderr.on("data", async (data) => {
  said += data;
  const lines = said.split("\n");
  said = lines.pop();
  for (const line of lines) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    console.error(address ? `WebDriver BiDi listening on ws://127.0.0.1:${await between(address)}` : line);
  }
});
