"""The whole counting of a review on DuckDB and on Spark, figure by figure, a worker killed on the way.

    python benchmarks/warehouse_spark.py                      # every area on a simulated company
    python benchmarks/warehouse_spark.py --million 50         # counts of order lines, time and memory

A Spark standalone master with two workers is started on loopback from the wheel (pyspark 4.0, in an own
virtual environment that is made at need; Java 17 must be there). The client is cmo's extra `spark`. Halfway
through the counts a worker and its executor are killed; the figures must not change. CPU seconds of Spark
are those of master, workers, executors and server; memory is the sum of each one's peak.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar

import ibis
import numpy as np
import pyarrow as pa
from spark_cluster import Cluster, cluster, spark_home
from warehouse_import import count, generate

from cmo.loop.catalogue import PROVIDERS
from cmo.loop.measuring import seed_of
from cmo.measures import Estimate, Unanswered
from cmo.simulation.simulate import simulate
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

CLOSE = 1e-9
END = date(2026, 9, 30)
ORDERS = "company: {name: Benchmark, timezone: UTC}\nsources:\n  orders: {path: orders.parquet}\n"


class Watched(Field):
    """A field that tells what it counted."""

    __slots__ = ()
    counted: ClassVar[list[pa.Table]] = []
    before: ClassVar[Callable[[int], None]] = staticmethod(lambda _: None)

    def collect(self, expression: ibis.Expr) -> pa.Table:
        """Counts, and remembers what came back."""
        Watched.before(len(Watched.counted))
        Watched.counted.append(super().collect(expression))
        return Watched.counted[-1]


def watched(workspace: Workspace, engine: str) -> Watched:
    """The field of a workspace on an engine."""
    workspace.config = workspace.config.model_copy(update={"engine": engine})
    field = open_field(workspace)
    return Watched(company=field.company, shelves=field.shelves, strategy=field.strategy)


def answers(field: Field) -> list[Estimate | Unanswered]:
    """What all areas say, each with the draws that its data gives."""
    said: list[Estimate | Unanswered] = []
    for area, provider in PROVIDERS.items():
        at_hand = tuple(table for table in provider.reads if table in field.tables)
        if at_hand:
            print(f"  {area}", flush=True)
            said += provider.ask(field, rng=np.random.default_rng(seed_of(area, field, at_hand)))
    return said


def rows_of(table: pa.Table) -> list[tuple[Any, ...]]:
    """Rows in an order of their own, whatever the engine's."""
    return sorted(zip(*(column.to_pylist() for column in table.columns), strict=True), key=repr_rounded)


def repr_rounded(row: tuple[Any, ...]) -> str:
    return repr([f"{value:.6g}" if isinstance(value, float) else value for value in row])


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=CLOSE, atol=1e-9, equal_nan=True))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def unlike_counts(counted: list[pa.Table], others: list[pa.Table]) -> int:
    """How many counts are not the same; says which cells."""
    unlike, at = 0, 0
    for number, one in enumerate(counted):
        if at < len(others) and one.column_names != others[at].column_names:
            print(f"  count {number + 1} {one.column_names} was made by one engine only")
            unlike += 1
            continue
        other, at = others[at] if at < len(others) else one.slice(0, 0), at + 1
        rows, others_rows = rows_of(one), rows_of(other)
        cells = [(a, b) for a, b in zip(rows, others_rows, strict=False) if not same(list(a), list(b))]
        if cells or len(rows) != len(others_rows):
            unlike += 1
            print(f"  count {number + 1} {one.column_names}: {len(rows)} and {len(others_rows)} rows")
            for a, b in cells[:3]:
                print(f"    {a!s:.160}\n    {b!s:.160}")
    return unlike


def off(one: Estimate | Unanswered, other: Estimate | Unanswered) -> float:
    """Largest difference of two answers, against spread or size; infinite if they differ in kind."""
    if isinstance(one, Unanswered) or isinstance(other, Unanswered):
        return 0.0 if one == other else float("inf")
    if (one.measure, one.by, one.subjects) != (other.measure, other.by, other.subjects):
        return float("inf")
    size = np.maximum(np.abs(one.location), one.draws.std(axis=0)) + 1e-12
    return float(np.max(np.abs(other.location - one.location) / size, initial=0.0))


def on_duckdb(folder: Path) -> tuple[list[Estimate | Unanswered], list[pa.Table]]:
    """What all areas say on DuckDB, and what they counted for it."""
    said = answers(watched(Workspace.open(folder), "duckdb"))
    return said, Watched.counted


def review(spark: Cluster, folder: Path, *, scale: float, years: int) -> bool:
    """All areas on both engines."""
    made = simulate(folder / "company", seed=3, years=years, scale=scale, end=END, language="fr")
    workspace = Workspace.open(made.workspace)
    read_sources(workspace)
    print("DuckDB", flush=True)
    begun = time.perf_counter()
    # in a process of its own: what an area remembers of one engine must not answer for the other
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        here, counted = apart.submit(on_duckdb, workspace.folder).result()
    print(f"  {len(counted)} counts, {time.perf_counter() - begun:.0f} s with the models", flush=True)

    def power_cut(n: int) -> None:
        if n == len(counted) // 2 and "worker2" in spark.processes:
            print(f"  worker killed before count {n + 1}", flush=True)
            spark.kill("worker2")

    Watched.counted.clear()
    Watched.before = staticmethod(power_cut)
    print("Spark", flush=True)
    begun = time.perf_counter()
    there = answers(watched(workspace, spark.url))
    print(f"  {len(Watched.counted)} counts, {time.perf_counter() - begun:.0f} s with the models", flush=True)
    unlike = unlike_counts(counted, Watched.counted)
    worst: dict[str, float] = {}
    for one, other in zip(here, there, strict=True):
        worst[one.measure] = max(worst.get(one.measure, 0.0), off(one, other))
    print(f"{len(counted)} counts compared cell by cell, {unlike} differ by more than {CLOSE:g}")
    for one, other in zip(here, there, strict=True):
        if off(one, other) == float("inf"):
            print(f"not the same answer:\n  {one!r:.300}\n  {other!r:.300}")
    figures = sum(len(one.subjects) for one in here if isinstance(one, Estimate))
    print(f"{len(here)} answers with {figures} figures; largest difference by measure:")
    for measure, value in worst.items():
        print(f"  {measure:34s} {value:.1e}")
    return not unlike and max(worst.values()) < 1e-6


def lines(spark: Cluster, folder: Path, *, million: int) -> bool:
    """Counts of order lines on both engines."""
    path = folder / "orders.parquet"
    generate(million, path)
    (folder / "cmo.yaml").write_text(ORDERS, encoding="utf-8")
    begun = time.process_time()
    read_sources(Workspace.open(folder))
    print(f"{million} M lines; import {time.process_time() - begun:.0f} CPU s", flush=True)
    command = [sys.executable, __file__, "--count", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    print("engine   wall s   CPU s   peak MiB")
    print(f"DuckDB {told['wall']:8.1f} {told['cpu']:7.1f} {told['peak']:10.0f}", flush=True)
    used, begun = spark.seconds(), time.perf_counter()
    there = counted_lines(folder, spark.url)
    wall = time.perf_counter() - begun
    print(f"Spark  {wall:8.1f} {spark.seconds() - used:7.1f} {spark.peak():10.0f}", flush=True)
    alike = same(told["rows"], json.loads(json.dumps(there)))
    print(f"the same rows: {alike}")
    return alike


def counted_lines(folder: Path, engine: str) -> list[list[Any]]:
    """The three counts of the import benchmark, as rows."""
    Watched.counted.clear()
    count(watched(Workspace.open(folder), engine))
    return [
        [[str(c) if not isinstance(c, float) else c for c in r] for r in rows_of(t)] for t in Watched.counted
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", type=int, nargs="+", default=[], help="count order lines instead")
    parser.add_argument("--scale", type=float, default=0.3)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--memory", default="2g", help="memory of each executor")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--spark", type=Path, default=Path(tempfile.gettempdir()) / "cmo-spark")
    parser.add_argument("--server", help="a running server, as sc://host:port, in place of a cluster")
    parser.add_argument("--count", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.count:
        begun, cpu = time.perf_counter(), time.process_time()
        rows = counted_lines(given.count, "duckdb")
        told = {"wall": time.perf_counter() - begun, "cpu": time.process_time() - cpu, "rows": rows}
        print(json.dumps(told | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return
    if given.server:
        with tempfile.TemporaryDirectory(dir=given.folder) as name:
            running = Cluster(url=given.server)
            raise SystemExit(not review(running, Path(name), scale=given.scale, years=given.years))
    home = spark_home(given.spark)
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        with cluster(home, folder, memory=given.memory) as spark:
            print(f"Spark with two workers at {spark.url}", flush=True)
            if given.million:
                good = True
                for million in given.million:
                    with tempfile.TemporaryDirectory(dir=folder) as own:
                        good = lines(spark, Path(own), million=million) and good
            else:
                good = review(spark, folder, scale=given.scale, years=given.years)
    if not good:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
