/** Dense text of about so many bytes: small reports of every kind, one after the other, each of another process. */
export function dense(bytes) {
  const parts = [];
  for (let at = 0, length = 0; length < bytes; at += 1) {
    const part = incident(at);
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
}

/** A kill, a few samples, collections, an error, NMT and the machine, of one process. */
function incident(at) {
  const pid = 1000 + at;
  const start = Date.UTC(2026, 0, 1) + at * 60_000;
  const iso = (seconds) => new Date(start + seconds * 1000).toISOString().replace("T", " ").slice(0, 19);
  const rows = Array.from({ length: 12 }, (_, row) => {
    const old = (20_000 + ((at * 7 + row * 911) % 20_000)).toFixed(1);
    return ` 0.0   1024.0  0.0   1024.0 10240.0   ${(1000 + row * 500).toFixed(1)}   40960.0    ${old}   4864.0 4532.1 512.0  400.0  ${10 + row}    0.${100 + row}   ${at % 9}      0.300   0.${400 + row}`;
  });
  const collections = Array.from({ length: 20 }, (_, nth) =>
    `[${nth * 3}.${String(at % 1000).padStart(3, "0")}s][info][gc] GC(${nth}) Pause Young (Normal) (G1 Evacuation Pause) ${200 + nth}M->${100 + nth}M(512M) ${4 + (nth % 9)}.123ms`);
  return `
$ jstat -gc ${pid} 1s
 S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT     GCT
${rows.join("\n")}

[0.005s][info][gc] Using G1
${collections.join("\n")}

${iso(50)} ERROR [main] java.lang.OutOfMemoryError: Java heap space
\tat example.Worker${at % 50}.run(Worker.java:${at % 900})

Native Memory Tracking:

Total: reserved=${2_000_000 + at}KB, committed=${400_000 + at}KB
-                 Java Heap (reserved=524288KB, committed=262144KB)
                            (mmap: reserved=524288KB, committed=262144KB)

[${(at * 60).toFixed(6)}] Out of memory: Killed process ${pid} (java) total-vm:3328880kB, anon-rss:${600_000 + at}kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:97kB oom_score_adj:0

              total        used        free      shared  buff/cache   available
Mem:        1000000      9${at % 90}000       10000         100       20000       30000
Swap:             0           0           0
`;
}

/** So many rows of one `jstat`, a second apart: about 170 bytes each. */
export function samples(count) {
  const rows = ["$ jstat -gc -t 17692 1s", "Timestamp        S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT    CGC    CGCT     GCT"];
  let [young, full, old] = [0, 0, 20_000];
  for (let row = 0; row < count; row += 1) {
    const eden = (row * 911) % 150_000;
    if (eden < 911) [young, old] = [young + 1, old + (row % 37) * 20];
    if (old > 100_000) [full, old] = [full + 1, 30_000 + (row % 9000)];
    const [spentYoung, spentFull] = [young * 0.005, full * 0.2];
    rows.push(`${(row + 3.1).toFixed(1).padStart(15)}  0.0   1024.0  0.0   1024.0 156672.0 ${eden.toFixed(1)}   104448.0   ${old.toFixed(1)}   86128.0 ${(83_000 + (row % 500) / 10).toFixed(1)} 10536.0 9725.2    ${young}    ${spentYoung.toFixed(3)}  ${full}    ${spentFull.toFixed(3)}  0     0.000   ${(spentYoung + spentFull).toFixed(3)}`);
  }
  return `${rows.join("\n")}\n`;
}
