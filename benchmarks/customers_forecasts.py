"""Forecasts of a real shop's customers at four past dates, beside carrying past rates forward.

    python benchmarks/customers_forecasts.py ../shared/data/online_retail_ii/online_retail_II.parquet

For each cut: bias of the expected orders, and the mean absolute error of four point forecasts of a customer:
the expected orders, the same corrected by what the other cuts teach, the median of the predictive
distribution (which an absolute error rewards), and the past rate carried forward.
"""

import argparse
import json
from datetime import date

import duckdb
import numpy as np

from cmo.customers.purchases.backtest import Candidate, Origin, apart, carried_forward, on_clock, scored
from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD
from cmo.customers.purchases.cells import cells_of
from cmo.customers.purchases.clock import already_there, seasonal_clock
from cmo.customers.purchases.fitting import fit
from cmo.customers.purchases.prediction import Customers, expected_orders

START = date(2009, 12, 1)
CUTS = ("2010-12-31", "2011-03-31", "2011-05-31", "2011-08-31")
QUERY = """
    select distinct customer_id::int, date_diff('day', date '2009-12-01', invoice_date::date)::int
    from read_parquet(?) where customer_id is not null and invoice not like 'C%' and quantity > 0
    and price > 0 and not (sheet = '2009-2010' and invoice_date >= '2010-12-01') order by 1, 2
"""


def origin(rows: np.ndarray, cut: int, until: int) -> Origin:
    known, after = rows[rows[:, 1] <= cut], rows[(rows[:, 1] > cut) & (rows[:, 1] <= until)]
    ids, at = np.unique(known[:, 0], return_inverse=True)
    first, last = np.full(ids.size, 10**6), np.full(ids.size, -1)
    np.minimum.at(first, at, known[:, 1])
    np.maximum.at(last, at, known[:, 1])
    came = after[np.isin(after[:, 0], ids), 0]
    volume = np.bincount(known[:, 1], minlength=cut + 1).astype(float)
    return Origin(
        cut=cut,
        until=until,
        frequency=np.bincount(at) - 1.0,
        first=first,
        last=last,
        later=np.bincount(np.searchsorted(ids, came), minlength=ids.size).astype(float),
        weight=np.ones(ids.size),
        judged=np.arange(ids.size),
        clock=seasonal_clock(volume, start=START, n_days=until + 1),
    )


def expected(candidate: Candidate, at: Origin, there_before: int) -> np.ndarray:
    customers, ahead = on_clock(candidate, at)
    out = np.zeros(at.weight.size)
    for group in apart(at, there_before=there_before):
        few = Customers(
            frequency=customers.frequency[group], recency=customers.recency[group], age=customers.age[group]
        )
        theta = fit(candidate.model, cells_of(few.frequency, few.recency, age=few.age)).theta
        out[group] = expected_orders(candidate.model, theta, customers=few, horizon=ahead)
    return out


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("file")
    options = given.parse_args()
    found = duckdb.connect().execute(QUERY, [options.file]).fetchnumpy()
    rows = np.stack(list(found.values()), axis=1)
    arrivals = np.bincount(rows[np.unique(rows[:, 0], return_index=True)[1], 1], minlength=739).astype(float)
    before = already_there(arrivals)
    origins = [origin(rows, (date.fromisoformat(cut) - START).days, 738) for cut in CUTS]
    for model in (BG_NBD, MBG_NBD):
        candidate = Candidate(model=model, seasonal=True)
        scores = [scored(candidate, at, there_before=before) for at in origins]
        logs = np.log([one.expected / one.actual for one in scores])
        for at, (cut, one) in enumerate(zip(CUTS, scores, strict=True)):
            factor = float(np.exp(-np.delete(logs, at).mean()))
            ahead, later = expected(candidate, origins[at], before), origins[at].later
            line = {
                "model": candidate.name,
                "cut": cut,
                "bias": round(one.bias, 3),
                "bias corrected by the others": round(factor * (1 + one.bias) - 1, 3),
                "mean": round(one.error, 3),
                "corrected": round(float(np.abs(factor * ahead - later).mean()), 3),
                "median": round(one.median_error, 3),
                "carried": round(carried_forward(origins[at]).error, 3),
            }
            print(json.dumps(line))


if __name__ == "__main__":
    main()
