"""A/B/n with CUPED on 50 million units, beside a bare DuckDB pass over the same file in one run.

    python benchmarks/experiments_ab.py make FOLDER [units]     writes the file (1.4 GB for 50 M)
    python benchmarks/experiments_ab.py FOLDER [units]          measures, each mode in a process

Three arms, three metrics, three covariates: arm 1 has +1 % on every metric, arm 2 nothing.
"""

import json
import os
import resource
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

METRICS = ("conv", "rev", "sess")
COVARIATES = tuple(f"{name}_pre" for name in METRICS)
MAKE = """
COPY (
  WITH b AS (SELECT i AS unit_id, (hash(i) % 3)::TINYINT AS variant,
               sqrt(-2*ln(random()+1e-12))*cos(2*pi()*random()) AS z,
               random() u1, random() u2, random() u3, random() u4,
               sqrt(-2*ln(random()+1e-12))*cos(2*pi()*random()) AS e1,
               sqrt(-2*ln(random()+1e-12))*cos(2*pi()*random()) AS e2
             FROM range({units}) t(i)),
  c AS (SELECT *, CASE WHEN variant=1 THEN 1.01 ELSE 1.0 END AS m FROM b)
  SELECT unit_id, variant,
    (u1 < 0.10*exp(0.5*z-0.125)*m)::TINYINT AS conv,
    (u2 < 0.10*exp(0.5*z-0.125))::TINYINT AS conv_pre,
    (CASE WHEN u3 < 0.10 THEN exp(3+0.6*z+0.5*e1)*m ELSE 0 END)::FLOAT AS rev,
    (CASE WHEN u4 < 0.10 THEN exp(3+0.6*z+0.5*e2) ELSE 0 END)::FLOAT AS rev_pre,
    (greatest(0, 5+2*z+e1)*m)::FLOAT AS sess,
    (greatest(0, 5+2*z+e2))::FLOAT AS sess_pre
  FROM c) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 500000)
"""


def file_of(folder: str, units: int) -> Path:
    return Path(folder) / f"ab_{units}.parquet"


def make(folder: str, units: int) -> None:
    import duckdb  # noqa: PLC0415 - each mode pays for its own imports only

    connection = duckdb.connect()
    connection.execute("SET threads=2; SELECT setseed(0.42)")
    connection.execute(MAKE.format(units=units, path=file_of(folder, units)))


def bare(path: Path) -> dict[str, object]:
    """The floor: the fifteen sums that three separate CUPED analyses need, by hand-written SQL."""
    import duckdb  # noqa: PLC0415 - each mode pays for its own imports only

    started = time.process_time()
    connection = duckdb.connect()
    connection.execute("SET threads=1")
    sums = ["count(*)"]
    for y, x in zip(METRICS, COVARIATES, strict=True):
        sums += [f"sum({y}::DOUBLE)", f"sum({y}::DOUBLE*{y})", f"sum({x}::DOUBLE)"]
        sums += [f"sum({x}::DOUBLE*{x})", f"sum({y}::DOUBLE*{x})"]
    rows = connection.execute(
        f"SELECT variant, {', '.join(sums)} FROM '{path}' GROUP BY variant ORDER BY variant"
    ).fetchall()
    return {"arms": len(rows), "cpu_s": time.process_time() - started}


def ours(path: Path) -> dict[str, object]:
    """One Ibis query, then nine adjusted relative effects with intervals and a check of the split."""
    imports = time.process_time()
    import ibis  # noqa: PLC0415 - its cost is measured
    import pyarrow as pa  # noqa: PLC0415, F401 - the first result needs it

    from cmo.experiments.adjustment import Adjustment, contrast  # noqa: PLC0415
    from cmo.experiments.checks import sample_ratio  # noqa: PLC0415
    from cmo.experiments.counting import (  # noqa: PLC0415
        Count,
        binary_of,
        count_moments,
        read_moments,
        spans,
        whole_numbers,
    )
    from cmo.experiments.metric import Mean  # noqa: PLC0415
    from cmo.experiments.ratio import relative_effect  # noqa: PLC0415

    connection = ibis.duckdb.connect(threads=1)
    imports = time.process_time() - imports
    started = time.process_time()
    together = tuple(zip(METRICS, COVARIATES, strict=True))
    units = connection.read_parquet(str(path))
    whole = whole_numbers(units, (*METRICS, *COVARIATES))
    binary = binary_of(spans(units, whole).to_pyarrow().to_pylist()[0], whole)
    count = Count(arm="variant", values=(*METRICS, *COVARIATES), together=together, binary=binary)
    table = read_moments(count_moments(units, count).to_pyarrow().to_pylist(), count)
    counted = time.process_time()

    def analysed() -> dict[str, list[float]]:
        arms = table.by_arm()
        told = {}
        for name in METRICS:
            how = Adjustment(covariates=(Mean(f"{name}_pre"),))
            for treated in ("1", "2"):
                of = contrast(arms, Mean(name), control="0", treated=treated, adjustment=how)
                effect = relative_effect(of)
                told[f"{name}_{treated}"] = [
                    round(x, 6) for x in (effect.estimate, effect.low, effect.high, effect.p)
                ]
        sample_ratio({name: part.n for name, part in arms.items()}, dict.fromkeys(arms, 1.0))
        return told

    found = analysed()
    ended = time.process_time()
    analysed()
    again = time.process_time() - ended
    return {
        "cpu_s": ended - started,
        "query_cpu_s": counted - started,
        "again_from_sums_ms": 1000 * again,
        "import_cpu_s": imports,
        "effects": found,
    }


def tea(path: Path) -> dict[str, object]:
    """The same three CUPED analyses and the check of the split by tea-tasting, where it is installed."""
    imports = time.process_time()
    import ibis  # noqa: PLC0415 - each mode pays for its own imports only
    import pyarrow as pa  # noqa: PLC0415, F401 - the first result needs it
    import tea_tasting  # noqa: PLC0415

    connection = ibis.duckdb.connect(threads=1)
    imports = time.process_time() - imports
    started = time.process_time()
    units = connection.read_parquet(str(path))
    experiment = tea_tasting.Experiment(
        **{name: tea_tasting.Mean(name, f"{name}_pre") for name in METRICS},
        split=tea_tasting.SampleRatio(),
    )
    found = experiment.analyze(units, control=0, all_variants=True)
    return {"cpu_s": time.process_time() - started, "import_cpu_s": imports, "compared": len(found)}


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[0] == "make":
        make(arguments[1], int(arguments[2]) if len(arguments) > 2 else 50_000_000)
        return
    modes = {"bare": bare, "ours": ours, "tea": tea}
    if arguments[0] in modes:
        found = modes[arguments[0]](Path(arguments[1]))
        found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    path = file_of(arguments[0], int(arguments[1]) if len(arguments) > 1 else 50_000_000)
    told = {}
    others = ("tea",) if find_spec("tea_tasting") else ()
    for mode in ("bare", "ours", *others, "bare", "ours", *others):
        done = subprocess.run(
            [sys.executable, __file__, mode, str(path)], capture_output=True, check=True, env=os.environ
        )
        told[mode] = json.loads(done.stdout)
        print(mode, json.dumps(told[mode]))
    for other in ("bare", *others):
        print(f"ours / {other}: {told['ours']['cpu_s'] / told[other]['cpu_s']:.2f} x the CPU")


if __name__ == "__main__":
    main()
