// Runs in the browser: the analyzer's wasm against what a web page would write in JavaScript, over the same bytes.
import init, * as wasm from "./bench.js";

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** MB/s, the median of `rounds`. */
function speed(bytes, rounds, run) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return bytes / 1e3 / median(times);
}

/** The idiom: split into lines, split into words, parse the numbers. */
function idiom(text) {
  let sum = 0;
  for (const line of text.split("\n")) {
    for (const word of line.trim().split(/\s+/)) {
      const value = parseFloat(word);
      if (!Number.isNaN(value)) sum += value;
    }
  }
  return sum;
}

/** All figures in MB/s. `bytes` for wasm, a fifth of it for the idiom, which holds every word at once. */
globalThis.measure = async (bytes) => {
  await init();
  const rows = wasm.jstat_rows(bytes);
  const text = new TextDecoder().decode(rows.subarray(0, bytes / 5));
  return {
    analyze: speed(rows.length, 3, () => wasm.analyze(rows)),
    bare: speed(rows.length, 3, () => wasm.bare_loop(rows)),
    newlines: speed(rows.length, 3, () => wasm.newlines(rows)),
    idiom: speed(text.length, 3, () => idiom(text)),
  };
};
globalThis.ready = true;
