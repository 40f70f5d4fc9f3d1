"""Import and counting of order lines against bare DuckDB on the same file, in one run.

    python benchmarks/warehouse_import.py --million 1 10 --format parquet csv

Each measurement runs in a process of its own, so that its peak memory is its own. CPU seconds of all threads
are reported: on a shared machine they repeat where wall time does not.

- bare import: CREATE TABLE from the file in a DuckDB file, with the types DuckDB finds
- bare counting: three counts over that table (revenue by month; customers by number of orders; by product)
- cmo import: read_sources on a workspace with that file
- cmo counting: the same three counts as Ibis expressions of the field
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

MEMORY = "1500MB"
COUNTS = (
    "SELECT date_trunc('month', ordered_at) AS month, sum(revenue), count(*) FROM orders GROUP BY 1",
    "SELECT n, count(*) FROM (SELECT count(DISTINCT order_id) n FROM orders GROUP BY customer_id) GROUP BY 1",
    "SELECT product_id, sum(revenue), sum(quantity) FROM orders GROUP BY 1",
)


def generate(million: int, path: Path) -> None:
    """Order lines as a shop would export them: three lines an order, one customer to seven orders."""
    n = million * 1_000_000
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{path.parent}/spill'")
        connection.execute(
            f"""COPY (SELECT 'o' || (i // 3) AS order_id, 'c' || (hash(i // 3) % {n // 20}) AS customer_id,
            TIMESTAMP '2023-01-01' + to_seconds(CAST(i * (94608000.0 / {n}) AS BIGINT)) AS ordered_at,
            round((hash(i) % 20000) / 100.0, 2) AS revenue, CAST(hash(i * 7) % 5 + 1 AS INTEGER) AS quantity,
            'p' || (hash(i * 3) % 1000) AS product_id, 'category ' || (hash(i * 3) % 20) AS category,
            ['web', 'store', 'app'][CAST(hash(i // 3 + 1) % 3 + 1 AS INTEGER)] AS sales_channel
            FROM range({n}) t(i)) TO '{path}'"""
        )


def bare(path: Path, folder: Path) -> dict[str, float]:
    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{folder}/spill'")
        begun = cpu()
        connection.execute(f"CREATE TABLE orders AS FROM '{path}'")
        imported = cpu()
        for statement in COUNTS:
            connection.execute(statement).to_arrow_table()
        return {"import": imported - begun, "counting": cpu() - imported}


def bare_in_place(path: Path, folder: Path) -> dict[str, float]:
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{folder}/spill'")
        connection.execute(f"CREATE VIEW orders AS FROM '{path}'")
        begun = cpu()
        for statement in COUNTS:
            connection.execute(statement).to_arrow_table()
        return {"import": 0.0, "counting": cpu() - begun}


def ours(path: Path, folder: Path) -> dict[str, float]:
    (folder / "cmo.yaml").write_text(f"company: {{name: A}}\nsources: {{orders: {{path: '{path}'}}}}\n")
    workspace = Workspace.open(folder)
    begun = cpu()
    read_sources(workspace)
    imported = cpu()
    again = read_sources(workspace).seconds
    field = open_field(workspace)
    start = cpu()
    count(field)
    return {"import": imported - begun, "counting": cpu() - start, "again": again}


def count(field: Field) -> None:
    orders = field.table("orders")
    month = orders.ordered_at.truncate("M")
    field.collect(orders.group_by(month=month).aggregate(revenue=orders.revenue.sum(), n=orders.count()))
    of_each = orders.group_by("customer_id").aggregate(n=orders.order_id.nunique())
    field.collect(of_each.group_by("n").aggregate(customers=of_each.count()))
    field.collect(
        orders.group_by("product_id").aggregate(revenue=orders.revenue.sum(), quantity=orders.quantity.sum())
    )


def cpu() -> float:
    return time.process_time()


def one(what: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        measured = {"bare": bare, "in place": bare_in_place, "cmo": ours}[what](path, Path(folder))
    measured["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measured))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--format", nargs="+", default=["parquet", "csv"])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one[0], Path(arguments.one[1]))
        return
    print("lines     format   who        import s  counting s  peak MiB  import ×  counting ×")
    for million in arguments.million:
        for suffix in arguments.format:
            with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
                path = Path(folder) / f"orders.{suffix}"
                generate(million, path)
                results = {}
                for what in ("bare", "in place", "cmo"):
                    command = [sys.executable, __file__, "--one", what, str(path)]
                    done = subprocess.run(command, capture_output=True, text=True, check=True)
                    results[what] = json.loads(done.stdout.splitlines()[-1])
                reference = results["bare"]
                for what, got in results.items():
                    ratios = [got[part] / reference[part] for part in ("import", "counting")]
                    print(
                        f"{million:4d} M    {suffix:8s} {what:9s} {got['import']:9.2f} "
                        f"{got['counting']:11.2f} {got['peak']:9.0f} {ratios[0]:9.2f} {ratios[1]:11.2f}",
                        flush=True,
                    )
                print(f"          unchanged, read again: {results['cmo']['again'] * 1000:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
