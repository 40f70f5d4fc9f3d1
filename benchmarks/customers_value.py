"""What every customer is worth, from an order log to a Parquet file, in CPU seconds and memory.

    python benchmarks/customers_value.py 1000000 --folder /tmp/value [--peer lifetimes] [--seed 7]

Simulates the customers of a known truth once (four channels that differ, 104 weeks), then runs in a fresh
process: the SQL summary, the BG/NBD and Gamma-Gamma fits and the discounted 52-week value of every customer
with its standard error and spread, written to Parquet. `--peer lifetimes` does the same with that library,
where it is installed in the Python given by `--python`, without uncertainty and without a file.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHANNELS = {  # share, r, alpha in weeks, a, b, v; p 6.25 and q 3.74 everywhere
    "search": (0.35, 0.80, 5.0, 0.80, 4.0, 15.44),
    "social": (0.35, 0.45, 5.0, 1.20, 2.5, 11.00),
    "referral": (0.15, 1.10, 5.0, 0.60, 6.0, 20.00),
    "direct": (0.15, 0.70, 3.5, 0.70, 5.0, 17.00),
}
KNOWN, AHEAD = 104 * 7.0, 52 * 7.0
START, END = date(2022, 1, 3), date(2023, 12, 31)
CHUNK = 1_000_000


def simulate(n: int, folder: Path, seed: int) -> None:
    for part in ("orders", "holdout"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    share = np.array([of[0] for of in CHANNELS.values()])
    truth = np.array([of[1:] for of in CHANNELS.values()])
    for chunk, begin in enumerate(range(0, n, CHUNK)):
        rng = np.random.default_rng([seed, chunk])
        size = min(CHUNK, n - begin)
        channel = rng.choice(len(share), size, p=share / share.sum())
        r, alpha, a, b, v = truth[channel].T
        rate, leaving, taste = rng.gamma(r, 1 / (7 * alpha)), rng.beta(a, b), rng.gamma(3.74, 1 / v)
        at, living = rng.uniform(0, KNOWN, size), np.arange(size)
        times, who = [at.copy()], [living.copy()]
        while living.size:
            then = at[living] + rng.exponential(1 / np.maximum(rate[living], 1e-9))
            inside = then < KNOWN + AHEAD
            living = living[inside]
            at[living] = then[inside]
            times.append(at[living].copy())
            who.append(living.copy())
            living = living[rng.random(living.size) >= leaving[living]]
        when, customer = np.concatenate(times), np.concatenate(who)
        amount = np.round(np.maximum(rng.gamma(6.25, 1 / taste[customer]), 0.01), 2)
        known = when < KNOWN
        order = np.argsort(when[known], kind="stable")
        name = customer[known][order] + begin
        moment = np.datetime64(START, "s") + (when[known][order] * 86_400).astype("timedelta64[s]")
        rows = pa.table(
            {
                "order_id": np.arange(name.size, dtype=np.int64) + chunk * 10**9,
                "customer_id": name,
                "ordered_at": moment,
                "revenue": amount[known][order],
            }
        )
        pq.write_table(rows, folder / "orders" / f"{chunk:04d}.parquet", compression="zstd")
        late = customer[~known]
        truth_of = pa.table(
            {
                "customer_id": np.arange(size) + begin,
                "channel": np.array(list(CHANNELS))[channel],
                "orders": np.bincount(late, minlength=size),
                "spent": np.bincount(late, weights=amount[~known], minlength=size),
            }
        )
        pq.write_table(truth_of, folder / "holdout" / f"{chunk:04d}.parquet", compression="zstd")


STAGES: dict[str, dict[str, float]] = {}


@contextmanager
def stage(name: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    STAGES[name] = {
        "cpu_s": round(time.process_time() - cpu, 2),
        "s": round(time.perf_counter() - wall, 2),
        "peak_mb": round(memory),
    }


def value(folder: Path) -> None:
    begun = time.process_time()
    with stage("import"):
        # imports are part of what is measured
        from cmo.customers.lifetimes.value import customer_values, fit_spending  # noqa: PLC0415
        from cmo.customers.purchases import gamma_gamma  # noqa: PLC0415
        from cmo.customers.purchases.beta_geometric import BG_NBD  # noqa: PLC0415
        from cmo.customers.purchases.cells import cells_of  # noqa: PLC0415
        from cmo.customers.purchases.fitting import fit  # noqa: PLC0415
        from cmo.customers.purchases.prediction import Customers, horizon_of  # noqa: PLC0415
        from cmo.customers.summary import occasions, states  # noqa: PLC0415
    with stage("summary"):
        connection = duckdb.connect()
        connection.execute("set threads = 2; set preserve_insertion_order = false; set memory_limit = '2GB'")
        engine = ibis.duckdb.from_connection(connection)
        orders = engine.read_parquet(str(folder / "orders" / "*.parquet"), table_name="orders")
        held = states(occasions(orders))
        start = ibis.literal(START)
        numbers = held.select(
            "customer_id",
            x=(held.n_occasions - 1).cast("int32"),
            t_x=held.last_on.delta(held.first_on, unit="day").cast("int32"),
            age=(ibis.literal((END - START).days) - held.first_on.delta(start, unit="day")).cast("int32"),
            total=held.total - held.first_amount,
        )
        table = numbers.to_pyarrow()
        connection.close()
    with stage("cells"):
        x, t_x, age = (table[name].to_numpy().astype(np.float64) for name in ("x", "t_x", "age"))
        total = table["total"].to_numpy()
        cells = cells_of(x, t_x, age=age)
    with stage("fit orders"):
        fitted = fit(BG_NBD, cells)
    with stage("fit amounts"):
        spending = fit_spending(gamma_gamma.spending_of(x, total, width=0.02))
    with stage("value"):
        horizon = horizon_of(AHEAD, years=AHEAD / 365.25, annual_rate=0.1)
        customers = Customers(frequency=x, recency=t_x, age=age)
        values = customer_values(fitted, spending, customers=customers, total=total, horizon=horizon)
    with stage("write"):
        columns = {
            name: getattr(values, name) for name in ("alive", "orders", "buys", "value", "error", "spread")
        }
        out = pa.table({"customer_id": table["customer_id"], **columns})
        pq.write_table(out, folder / "values.parquet", compression="zstd", use_dictionary=False)
    print(
        json.dumps(
            {
                "customers": x.size,
                "cells": cells.weight.size,
                "cpu_s": round(time.process_time() - begun, 2),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "stages": STAGES,
                "parameters": fitted.parameters,
                "value": round(float(values.value.sum())),
            },
            indent=1,
        )
    )


PEER = """
import json, resource, sys, time, warnings
warnings.filterwarnings("ignore")
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data
begun = time.process_time()
d = pd.read_parquet(sys.argv[1] + "/orders")
s = summary_data_from_transaction_data(d, "customer_id", "ordered_at",
    monetary_value_col="revenue", observation_period_end=pd.Timestamp("2023-12-31"), freq="D")
bg = BetaGeoFitter().fit(s.frequency, s.recency, s["T"])
r = s[(s.frequency > 0) & (s.monetary_value > 0)]
gg = GammaGammaFitter().fit(r.frequency, r.monetary_value)
v = gg.customer_lifetime_value(bg, s.frequency, s.recency, s["T"], s.monetary_value,
    time=12, discount_rate=0.00797)
print(json.dumps({"peer": "lifetimes", "value": round(float(v.sum())),
    "cpu_s": round(time.process_time() - begun, 2),
    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("n", type=int)
    given.add_argument("--folder", type=Path, required=True)
    given.add_argument("--seed", type=int, default=7)
    given.add_argument("--peer", choices=["lifetimes"])
    given.add_argument("--python", default=sys.executable)
    given.add_argument("--inside", action="store_true", help="this process does the work")
    options = given.parse_args()
    folder = options.folder / str(options.n)
    if options.inside:
        value(folder)
        return
    if not (folder / "orders").is_dir():
        simulate(options.n, folder, options.seed)
    again = [sys.executable, __file__, str(options.n), "--folder", str(options.folder), "--inside"]
    print(subprocess.run(again, check=True, capture_output=True, text=True).stdout)
    if options.peer:
        run = [options.python, "-c", PEER, str(folder)]
        print(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
