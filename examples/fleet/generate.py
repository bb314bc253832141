#!/usr/bin/env python3
"""Logs of a fleet that does not exist.

    generate.py files DIR --hosts 500 --files 10000    a folder per host with kernel logs, one kill in each
    generate.py stream --gigabytes 10                  one journal (JSON, as `journalctl -o json` has it), with kills and garbage, on standard output

The same arguments give the same bytes.
"""

import argparse
import json
import pathlib
import random
import sys

START = 1_767_225_600  # 2026-01-01T00:00:00Z
UNITS = ["billing", "search", "orders", "images", "mail", "gateway", "reports", "sessions"]
LIMITS = [256, 512, 768, 1024, 2048, 4096]


def kill(rng, pid):
    """The lines of a kill in a control group, without what a log puts before them, and its limit in KiB."""
    unit, limit = rng.choice(UNITS), rng.choice(LIMITS) * 1024
    group = f"/system.slice/{unit}.service"
    rss = limit - rng.randrange(2048, 9000)
    lines = [
        f"java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
        f"CPU: 1 PID: {pid} Comm: java Not tainted 6.8.0-45-generic #45-Ubuntu",
        f"memory: usage {limit}kB, limit {limit}kB, failcnt {rng.randrange(10, 9000)}",
        "swap: usage 0kB, limit 0kB, failcnt 0",
        f"Memory cgroup stats for {group}:",
        f"anon {rss * 1024}",
        f"file {rng.randrange(0, 4_000_000)}",
        "Tasks state (memory values in pages):",
        "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name",
    ]
    for other in range(rng.randrange(0, 4)):
        lines.append(f"[{pid - 9 + other:>7}]  1000 {pid - 9 + other:>5}     1100      900      700      200        0    45056        0             0 sh")
    lines += [
        f"[{pid:>7}]  1000 {pid:>5}   {limit // 2}   {rss // 4}   {rss // 4 - 900}      900        0  2052096        0             0 java",
        f"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset={unit}.service,mems_allowed=0,oom_memcg={group},task_memcg={group},task=java,pid={pid},uid=1000",
        f"Memory cgroup out of memory: Killed process {pid} (java) total-vm:{limit * 2}kB, anon-rss:{rss - 3600}kB, file-rss:3600kB, shmem-rss:0kB, UID:1000 pgtables:2004kB oom_score_adj:0",
    ]
    return lines, limit


def stamp(seconds, micros):
    import datetime

    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S") + f".{micros:06}+00:00"


def ordinary(rng):
    return rng.choice(
        [
            ("kernel", f"eth0: renamed from veth{rng.randrange(16**7):07x}"),
            ("sshd", f"Accepted publickey for deploy from 10.0.{rng.randrange(256)}.{rng.randrange(256)} port {rng.randrange(1024, 65536)} ssh2"),
            ("systemd", f"Started Session {rng.randrange(100000)} of user deploy."),
            ("nginx", f"10.0.0.{rng.randrange(256)} GET /orders/{rng.randrange(10**6)} 200 {rng.randrange(10**5)} {rng.random():.3f}"),
        ]
    )


def files(folder, hosts, count, seed):
    expected = 0
    for nth in range(count):
        rng = random.Random(f"{seed}-{nth}")
        host = f"node-{nth % hosts:03}"
        seconds = START + nth * 251
        lines = []
        for _ in range(rng.randrange(20, 120)):
            who, what = ordinary(rng)
            lines.append(f"{stamp(seconds, rng.randrange(10**6))} {host} {who}{'' if who == 'kernel' else '[77]'}: {what}")
            seconds += 1
        told, limit = kill(rng, rng.randrange(1000, 99999))
        expected += limit
        lines += [f"{stamp(seconds, micros)} {host} kernel: {line}" for micros, line in enumerate(told)]
        path = pathlib.Path(folder) / host / f"kern-{nth:05}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
    print(json.dumps({"files": count, "hosts": min(hosts, count), "kills": count, "limits_kib": expected}))


def stream(gigabytes, seed):
    rng = random.Random(seed)
    out = sys.stdout.buffer
    entry = lambda micros, who, what: (
        json.dumps(
            {
                "__CURSOR": f"s=9f3a;i={micros:x}",
                "__REALTIME_TIMESTAMP": str(START * 10**6 + micros),
                "_HOSTNAME": "node-000",
                "SYSLOG_IDENTIFIER": who,
                "_TRANSPORT": "kernel" if who == "kernel" else "syslog",
                "PRIORITY": "6",
                "MESSAGE": what,
            }
        )
        + "\n"
    ).encode()
    block = b"".join(entry(rng.randrange(10**12), *ordinary(rng)) for _ in range(60_000))
    written, kills = 0, 0
    while written < gigabytes * 10**9:
        told, _ = kill(rng, 1000 + kills)
        text = block + b"".join(entry(10**12 + kills * 10**6 + nth, "kernel", line) for nth, line in enumerate(told))
        if kills % 16 == 7:
            # What no program should write, and some do.
            text += rng.randbytes(1 << 16) + b"\n" + b"x" * (3 << 20) + b"\n"
        out.write(text)
        written += len(text)
        kills += 1
    out.flush()
    print(json.dumps({"bytes": written, "kills": kills}), file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    of_files = kinds.add_parser("files")
    of_files.add_argument("folder")
    of_files.add_argument("--hosts", type=int, default=500)
    of_files.add_argument("--files", type=int, default=10_000)
    of_stream = kinds.add_parser("stream")
    of_stream.add_argument("--gigabytes", type=float, default=1)
    for one in (of_files, of_stream):
        one.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.kind == "files":
        files(given.folder, given.hosts, given.files, given.seed)
    else:
        stream(given.gigabytes, given.seed)


main()
