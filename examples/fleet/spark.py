#!/usr/bin/env python3
"""Incidents of a fleet as a table of Spark: the command line reads, Spark spreads the work and counts.

    spark.py LOGS --oomscope target/release/oomscope --by mapInPandas|pipe|loop|each [--cores 2]

LOGS is a folder with a folder of logs per host (generate.py makes one). `loop` is one process for all files and `each` one process per file,
both without Spark, for comparison. Needs pyspark, pandas, and pyarrow.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import time

# What is taken of an incident's line (docs/incident.schema.json has all of it).
COLUMNS = "id string, host string, time bigint, kind string, pid bigint, name string, cgroup string, headline string, rss bigint, limit bigint, source string"
# Files of one process: its start costs little beside so many, and Spark still spreads them well.
FILES_AT_ONCE = 250


def incidents(oomscope, paths):
    """Lines of JSON of some files. Exit code 1 says that there are none."""
    done = subprocess.run([oomscope, "--format", "ndjson", *paths], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def row(incident):
    figures = incident.get("figures", {})
    plain = {name: incident.get(name) for name in ("id", "host", "time", "kind", "pid", "name", "cgroup", "headline", "source")}
    return {**plain, "rss": figures.get("rss"), "limit": figures.get("limit")}


def without_spark(oomscope, paths, at_once):
    rows = [row(one) for start in range(0, len(paths), at_once) for one in incidents(oomscope, paths[start : start + at_once])]
    by_unit = collections.Counter(one["cgroup"] for one in rows)
    return len(rows), len({one["host"] for one in rows}), sum(one["limit"] or 0 for one in rows), by_unit.most_common(3)


def with_spark(oomscope, paths, by, cores):
    import pandas
    from pyspark.sql import SparkSession, functions

    pieces = max(cores, len(paths) // FILES_AT_ONCE)
    # Few rows come of many files: 200 parts of them, as Spark makes by itself, would take most of the time.
    options = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": str(cores)}
    builder = SparkSession.builder.master(f"local[{cores}]").appName("oomscope")
    for name, value in options.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    start = time.monotonic()
    if by == "pipe":
        # xargs makes arguments of the lines that Spark writes.
        command = f"xargs -d '\\n' {oomscope} --format ndjson"
        lines = spark.sparkContext.parallelize(paths, pieces).pipe(f"sh -c \"{command}\"")
        table = lines.map(lambda line: row(json.loads(line))).toDF(COLUMNS)
    else:

        def read(frames):
            for frame in frames:
                yield pandas.DataFrame([row(one) for one in incidents(oomscope, list(frame.path))], columns=[part.split()[0] for part in COLUMNS.split(", ")])

        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", FILES_AT_ONCE)
        table = spark.createDataFrame(pandas.DataFrame({"path": paths})).repartition(pieces).mapInPandas(read, COLUMNS)
    table = table.dropDuplicates(["id"]).cache()
    total = table.agg(functions.count("*"), functions.countDistinct("host"), functions.sum("limit")).first()
    by_unit = table.groupBy("cgroup").count().orderBy(functions.desc("count"), "cgroup").limit(3).collect()
    took = time.monotonic() - start
    spark.stop()
    return (*total, [(one["cgroup"], one["count"]) for one in by_unit]), took


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs")
    parser.add_argument("--oomscope", default="oomscope")
    parser.add_argument("--by", choices=["mapInPandas", "pipe", "loop", "each"], default="mapInPandas")
    parser.add_argument("--cores", type=int, default=2)
    given = parser.parse_args()
    paths = sorted(str(path) for path in pathlib.Path(given.logs).rglob("*.log"))
    start = time.monotonic()
    took = None
    if given.by in ("loop", "each"):
        answer = without_spark(given.oomscope, paths, len(paths) if given.by == "loop" else 1)
    else:
        answer, took = with_spark(given.oomscope, paths, given.by, given.cores)
    whole = time.monotonic() - start
    count, hosts, limits, by_unit = answer
    print(json.dumps({"by": given.by, "files": len(paths), "incidents": count, "hosts": hosts, "limits_bytes": limits, "top": by_unit, "seconds": round(whole, 1), "without_start": round(took or whole, 1)}))


main()
