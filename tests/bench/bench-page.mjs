// Runs in the browser: the analyzer's wasm against what a web page would write in JavaScript, over the same bytes.
import initAnalyzer, * as analyzer from "./analyzer.js";
import initCharts, * as charts from "./charts.js";
import uPlot from "./uPlot.esm.js";

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
  await initAnalyzer();
  const rows = analyzer.jstat_rows(bytes);
  const text = new TextDecoder().decode(rows.subarray(0, bytes / 5));
  const [journal, mix] = [analyzer.journal(), analyzer.mix(bytes / 2)];
  return {
    journal: speed(journal.length, 3, () => analyzer.analyze(journal)),
    mix: speed(mix.length, 3, () => analyzer.analyze(mix)),
    analyze: speed(rows.length, 3, () => analyzer.analyze(rows)),
    bare: speed(rows.length, 3, () => analyzer.bare_loop(rows)),
    newlines: speed(rows.length, 3, () => analyzer.newlines(rows)),
    idiom: speed(text.length, 3, () => idiom(text)),
  };
};

const [WIDTH, HEIGHT, FRAMES] = [900, 420, 60];

/** Milliseconds of script per redraw, the median of a pan over a window of three tenths. `draw` gets two shares. */
async function panning(draw) {
  const times = [];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const from = (0.7 * frame) / FRAMES;
    const start = performance.now();
    await draw(from, from + 0.3);
    times.push(performance.now() - start);
    await new Promise((done) => { requestAnimationFrame(done); });
  }
  return median(times);
}

function ours(samples) {
  const chart = new charts.Chart(samples);
  const canvas = document.body.appendChild(document.createElement("canvas"));
  return { chart, draw: (from, to) => chart.draw(canvas, WIDTH, HEIGHT, from, to) };
}

/** The same series for uPlot, which draws in a microtask. */
function uplots(samples) {
  const x = Float64Array.from({ length: samples }, (_, at) => at);
  const lines = Array.from({ length: 6 }, (_, nth) => Float64Array.from(x, (at) =>
    (nth + 1.5 + Math.sin((at / samples) * 40 + nth)) * 1e8 + Math.random() * 2 ** 24));
  const series = lines.map((_, nth) => ({ stroke: `hsl(${nth * 60} 60% 40%)`, points: { show: false } }));
  const options = { width: WIDTH, height: HEIGHT, scales: { x: { time: false } }, series: [{}, ...series], legend: { show: false } };
  const plot = new uPlot(options, [x, ...lines], document.body);
  return async (from, to) => {
    plot.setScale("x", { min: from * samples, max: to * samples });
    await null;
  };
}

/** Milliseconds: redraws while panning over many and few samples, and building the pyramids of the many. */
globalThis.measureCharts = async () => {
  await initCharts();
  const [many, few] = [1_000_000, 10_000];
  const large = ours(many);
  const pyramids = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    if (large.chart.pyramids() !== 6) throw new Error("pyramids differ");
    pyramids.push(performance.now() - start);
  }
  return {
    many: await panning(large.draw),
    few: await panning(ours(few).draw),
    uplotMany: await panning(uplots(many)),
    uplotFew: await panning(uplots(few)),
    pyramids: median(pyramids),
  };
};
globalThis.ready = true;
