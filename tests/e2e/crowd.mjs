/** A kernel's report of a kill with thousands of processes in its table. */
export function crowd(processes = 5000) {
  const victim = processes - 679;
  const rows = Array.from({ length: processes }, (_, at) => {
    const [pid, pages] = [1000 + at, at === victim ? 900_000 : 10 + (at % 997)];
    return `[ ${pid}]  1000 ${pid}   500000 ${pages}   100000        0             0 ${at === victim ? "java" : `worker${at % 7}`}`;
  });
  const lines = [
    "worker1 invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0, oom_score_adj=0",
    "Tasks state (memory values in pages):",
    "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
    ...rows,
    `Out of memory: Killed process ${1000 + victim} (java) total-vm:2000000kB, anon-rss:3600000kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:97kB oom_score_adj:0`,
  ];
  return lines.map((line, at) => `[ ${(100 + at / 1e4).toFixed(6)}] ${line}\n`).join("");
}
