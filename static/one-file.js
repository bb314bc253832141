// The page as one file (scripts/one-file.mjs): what boot.js would ask for stands packed at the end of the document. This runs
// before boot.js, in the same element, and gives it the same parts.
globalThis.oomscopeInside = () => {
  // LZMA, as its specification has it (in the public domain): the browser's own formats would make the file half as large again.
  // Numbers below are places in the table of probabilities.
  const unpacked = (packed, size) => {
    const [LITERALS, LENGTH, AGAIN_LENGTH] = [1846, 818, 1332];
    const [context, place] = [packed[0] % 9, Math.floor(packed[0] / 9)];
    const [positions, byPosition] = [(1 << Math.floor(place / 5)) - 1, (1 << place % 5) - 1];
    const odds = new Uint16Array(LITERALS + (768 << (context + (place % 5)))).fill(1024);
    const out = new Uint8Array(size);
    let [range, code, next] = [2 ** 32 - 1, 0, 14];
    for (; next < 18; next += 1) code = code * 256 + packed[next];
    const bit = (of) => {
      const odd = odds[of];
      const bound = (range >>> 11) * odd;
      const is = code < bound ? 0 : 1;
      if (is) {
        code -= bound;
        range -= bound;
        odds[of] = odd - (odd >>> 5);
      } else {
        range = bound;
        odds[of] = odd + ((2048 - odd) >>> 5);
      }
      if (range < 2 ** 24) {
        range *= 256;
        code = code * 256 + packed[next++];
      }
      return is;
    };
    const number = (from, bits) => {
      let value = 1;
      for (let nth = 0; nth < bits; nth += 1) value = value * 2 + bit(from + value);
      return value - (1 << bits);
    };
    const reversed = (from, bits) => {
      let [at, value] = [1, 0];
      for (let nth = 0; nth < bits; nth += 1) {
        const is = bit(from + at);
        at = at * 2 + is;
        value += is << nth;
      }
      return value;
    };
    const plain = (bits) => {
      let value = 0;
      for (let nth = 0; nth < bits; nth += 1) {
        range >>>= 1;
        const is = code < range ? 0 : 1;
        if (is) code -= range;
        value = value * 2 + is;
        if (range < 2 ** 24) {
          range *= 256;
          code = code * 256 + packed[next++];
        }
      }
      return value;
    };
    const length = (from, position) => {
      if (!bit(from)) return 2 + number(from + 2 + position * 8, 3);
      return bit(from + 1) ? 18 + number(from + 258, 8) : 10 + number(from + 130 + position * 8, 3);
    };
    const distance = (long) => {
      const slot = number(432 + Math.min(long - 2, 3) * 64, 6);
      if (slot < 4) return slot;
      const bits = (slot >> 1) - 1;
      const base = (2 + (slot & 1)) * 2 ** bits;
      return slot < 14 ? base + reversed(688 + base - slot - 1, bits) : base + plain(bits - 4) * 16 + reversed(802, 4);
    };
    let [state, at, last] = [0, 0, [0, 0, 0, 0]];
    while (at < size) {
      const position = at & positions;
      if (!bit(state * 16 + position)) {
        const before = at ? out[at - 1] : 0;
        const from = LITERALS + 768 * (((at & byPosition) << context) + (before >> (8 - context)));
        let value = 1;
        if (state > 6) {
          let match = out[at - last[0] - 1];
          while (value < 256) {
            const wanted = (match >> 7) & 1;
            const is = bit(from + 256 + wanted * 256 + value);
            value = value * 2 + is;
            match <<= 1;
            if (wanted !== is) break;
          }
        }
        while (value < 256) value = value * 2 + bit(from + value);
        out[at++] = value;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      let long;
      if (bit(192 + state)) {
        if (!bit(204 + state)) {
          if (!bit(240 + state * 16 + position)) {
            out[at] = out[at - last[0] - 1];
            at += 1;
            state = state < 7 ? 9 : 11;
            continue;
          }
        } else {
          const which = bit(216 + state) ? 2 + bit(228 + state) : 1;
          last = [last[which], ...last.filter((_, nth) => nth !== which)];
        }
        long = length(AGAIN_LENGTH, position);
        state = state < 7 ? 8 : 11;
      } else {
        long = length(LENGTH, position);
        last = [distance(long), last[0], last[1], last[2]];
        state = state < 7 ? 7 : 10;
      }
      for (; long > 0; long -= 1, at += 1) out[at] = out[at - last[0] - 1];
    }
    return out;
  };

  // Five characters for four bytes: from "(" on, with "~" for "<".
  const bytes = (text) => {
    const of = new Uint8Array(Math.ceil(text.length / 5) * 4);
    let [at, value, digits] = [0, 0, 0];
    for (let nth = 0; nth < text.length; nth += 1) {
      const character = text.charCodeAt(nth);
      if (character < 40) continue;
      value = value * 85 + (character === 126 ? 20 : character - 40);
      digits += 1;
      if (digits < 5) continue;
      for (let shift = 24; shift >= 0; shift -= 8) of[at++] = (value >>> shift) & 255;
      [value, digits] = [0, 0];
    }
    return of.subarray(0, at);
  };

  const parts = (async () => {
    if (document.readyState === "loading") await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
    // The first screen comes first.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const packed = document.getElementById("inside");
    const sizes = packed.dataset.sizes.split(" ").map(Number);
    const whole = unpacked(bytes(packed.textContent), sizes.reduce((sum, size) => sum + size));
    packed.remove();
    let end = 0;
    return sizes.map((size) => whole.subarray(end, (end += size)));
  })();
  const module = async (nth) => WebAssembly.compile((await parts)[nth]);
  const text = async (nth) => new TextDecoder().decode((await parts)[nth]);
  // The policy names the hashes of both scripts.
  const run = (source, type) => {
    const element = document.createElement("script");
    element.type = type;
    element.textContent = source;
    document.head.append(element);
  };
  const page = new Promise((resolve, reject) => {
    globalThis.oomscopePage = resolve;
    text(3).then((source) => run(source, "module"), reject);
  });
  // From disk WebKit lets no worker read a Blob: then there is none, and its code runs on the page.
  const workerReads = new Promise((resolve) => {
    const source = `new Blob(["0"]).text().then(() => postMessage(true), () => postMessage(false));`;
    const probe = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    probe.onmessage = ({ data }) => {
      probe.terminate();
      resolve(data);
    };
    probe.onerror = () => resolve(false);
  }).catch(() => false);
  return {
    answers: [],
    workerReads,
    module: module(0),
    source: text(2),
    page: [page, module(1)],
    workerOnPage: text(2).then((source) => run(source, "text/javascript")),
  };
};
