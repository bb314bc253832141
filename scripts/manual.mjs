#!/usr/bin/env node
// The manual page and the completions of the command line, made of what `oomscope --help` says, so that there is one list of options.
//
//   scripts/manual.mjs PROGRAM FOLDER    writes oomscope.1, oomscope.bash, _oomscope, oomscope.fish
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Values that an option takes, for those that take one of a few. */
const VALUES = {
  format: ["text", "json", "markdown", "html", "svg", "csv", "link", "brief", "ndjson"],
  language: ["en", "ko"],
  picture: ["card", "report", "timeline", "memory"],
  colours: ["both", "light", "dark"],
  "fail-on": ["critical", "warning"],
};
const FILES = ["output", "state"];

/** The parts of the help: what stands above the options, the options, and what stands below them. */
const partsOf = (help) => {
  const [above, rest] = help.split(/^Options:\n/m);
  const end = rest.indexOf("\n\n");
  const options = [];
  for (const line of rest.slice(0, end).split("\n")) {
    const found = /^ {2}(?:-(\w), | {4})--([a-z0-9-]+)(?: (\S+))? {2,}(.*)$/.exec(line);
    if (found) options.push({ short: found[1], long: found[2], value: found[3], says: found[4] });
    else if (options.length) options.at(-1).says += ` ${line.trim()}`;
  }
  const [summary, usage, ...about] = above.trim().split("\n\n");
  const [codes, examples] = rest.slice(end).trim().split(/\n\nExamples:\n/);
  return { summary, usage: usage.replace("Usage: ", ""), about: about.join("\n\n"), options, codes, examples: examples.split("\n") };
};

/** As troff has it: no beginning of a line that is a command, hyphens that can be copied. */
const roff = (text) => text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/gm, "\\&$&");

const manualOf = ({ summary, usage, about, options, codes, examples }, version) => {
  const [name, does] = summary.split(": ");
  const option = ({ short, long, value, says }) =>
    `.TP\n${[short && `-${short}`, `--${long}`]
      .filter(Boolean)
      .map((form) => `\\fB${roff(form)}\\fR`)
      .join(", ")}${value ? ` \\fI${roff(value)}\\fR` : ""}\n${roff(says)}`;
  return `${[
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}"`,
    `.SH NAME\n${name} \\- ${roff(does)}`,
    `.SH SYNOPSIS\n\\fB${roff(usage).replace(" ", "\\fR ")}`,
    `.SH DESCRIPTION\n${roff(about.replaceAll("\n", " "))}`,
    `.SH OPTIONS\n${options.map(option).join("\n")}`,
    `.SH EXIT STATUS\n${roff(codes.replace("Exit code: ", "").replaceAll("\n", " "))}`,
    `.SH EXAMPLES\n.nf\n${examples.map((line) => roff(line.trim())).join("\n")}\n.fi`,
  ].join("\n")}\n`;
};

const valuesOf = ({ long }) => VALUES[long] ?? [];

const bashOf = ({ options }) => {
  const cases = options
    .filter(({ value }) => value)
    .map((option) => {
      const { short, long } = option;
      const forms = [short && `-${short}`, `--${long}`].filter(Boolean).join("|");
      const reply = valuesOf(option).length
        ? `COMPREPLY=($(compgen -W "${valuesOf(option).join(" ")}" -- "$word"))`
        : FILES.includes(long)
          ? 'COMPREPLY=($(compgen -f -- "$word"))'
          : "COMPREPLY=()";
      return `        ${forms}) ${reply}; return ;;`;
    });
  const all = options.flatMap(({ short, long }) => [short && `-${short}`, `--${long}`]).filter(Boolean);
  return `_oomscope() {
    local word=\${COMP_WORDS[COMP_CWORD]}
    case \${COMP_WORDS[COMP_CWORD - 1]} in
${cases.join("\n")}
    esac
    case $word in
        -*) COMPREPLY=($(compgen -W "${all.join(" ")}" -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}
complete -o filenames -F _oomscope oomscope
`;
};

const zshOf = ({ options }) => {
  const quoted = (text) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, "\\$&");
  const line = (option) => {
    const { short, long, value, says } = option;
    const values = valuesOf(option).length ? `(${valuesOf(option).join(" ")})` : FILES.includes(long) ? "_files" : " ";
    const argument = value ? `:${value.toLowerCase()}:${values}` : "";
    const [head, form] = short ? [`(-${short} --${long})`, `{-${short},--${long}}`] : ["", `--${long}`];
    return `    ${head ? `'${head}'` : ""}${form}'[${quoted(says)}]${argument}'`;
  };
  return `#compdef oomscope
_arguments -s \\
${options.map(line).join(" \\\n")} \\
    '*:log:_files'
`;
};

const fishOf = ({ options }) =>
  `${options
    .map((option) => {
      const { short, long, value, says } = option;
      const takes = value ? (FILES.includes(long) ? " -r" : ` -x${valuesOf(option).length ? ` -a '${valuesOf(option).join(" ")}'` : ""}`) : "";
      return `complete -c oomscope${short ? ` -s ${short}` : ""} -l ${long}${takes} -d '${says.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
    })
    .join("\n")}\n`;

const [program, folder] = process.argv.slice(2);
const said = (argument) => execFileSync(program, [argument, "--language", "en"], { encoding: "utf8", env: { LANG: "C" } });
const parts = partsOf(said("--help"));
const version = said("--version").trim().split(" ")[1];
await mkdir(folder, { recursive: true });
for (const [name, text] of [
  ["oomscope.1", manualOf(parts, version)],
  ["oomscope.bash", bashOf(parts)],
  ["_oomscope", zshOf(parts)],
  ["oomscope.fish", fishOf(parts)],
])
  await writeFile(path.join(folder, name), text);
