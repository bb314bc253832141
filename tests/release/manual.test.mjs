// What a release brings beside the program: its manual page and its completions, made of what the program says of itself.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const program = "target/debug/oomscope";
const folder = mkdtempSync(path.join(tmpdir(), "oomscope-manual-"));
after(() => rmSync(folder, { recursive: true }));
execFileSync("node", ["scripts/manual.mjs", program, folder]);
const written = (name) => readFileSync(path.join(folder, name), "utf8");
const help = execFileSync(program, ["--help", "--language", "en"], { encoding: "utf8", env: { LANG: "C" } });
const options = [...help.matchAll(/^ {2}(?:-\w, | {4})--([a-z0-9-]+)/gm)].map(([, name]) => name);
const has = (name) => spawnSync(name, ["--version"]).error === undefined;

test("every option of the help is in the manual page and in all completions", () => {
  assert.ok(options.length > 15, options.join());
  const manual = written("oomscope.1").replaceAll("\\-", "-");
  for (const option of options) {
    assert.match(manual, new RegExp(`--${option}\\\\fR`), option);
    for (const name of ["oomscope.bash", "_oomscope"]) assert.ok(written(name).includes(`--${option}`), `${name} ${option}`);
    assert.match(written("oomscope.fish"), new RegExp(`-l ${option}\\b`), option);
  }
});

test("the program takes every value that a completion offers", () => {
  const log = "tests/corpus/incident/serial-jdk17-heap-space/input.log";
  const offered = [...written("oomscope.fish").matchAll(/-l (\S+) -x -a '([^']+)'/g)];
  assert.ok(offered.length >= 5);
  for (const [, option, values] of offered)
    for (const value of values.split(" ")) {
      const format = ["picture", "colours"].includes(option) ? ["--format", "svg"] : [];
      const run = spawnSync(program, [`--${option}`, value, ...format, log]);
      assert.ok([0, 3].includes(run.status), `--${option} ${value}: ${run.stderr}`);
    }
});

test("bash completes options, values, and names of files", () => {
  const completed = (...words) => {
    const script = `. ${path.join(folder, "oomscope.bash")}
      COMP_WORDS=(oomscope ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _oomscope; echo "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim();
  };
  assert.equal(completed("--fo"), "--format --follow");
  assert.equal(completed("--format", "ma"), "markdown");
  assert.equal(completed("--fail-on", "w"), "warning");
  assert.equal(completed("Cargo.to"), "Cargo.toml");
});

test("the manual page is one that groff reads without a word", { skip: !has("groff") }, () => {
  const run = spawnSync("groff", ["-man", "-ww", "-z", path.join(folder, "oomscope.1")], { encoding: "utf8" });
  assert.deepEqual([run.status, run.stderr], [0, ""]);
});

for (const shell of ["zsh", "fish"])
  test(`${shell} reads its completions`, { skip: !has(shell) }, () => {
    const file = path.join(folder, shell === "zsh" ? "_oomscope" : "oomscope.fish");
    const run = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    assert.deepEqual([run.status, run.stderr], [0, ""]);
  });
