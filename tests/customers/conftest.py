"""Worlds whose truth is known, and the published cases."""

import csv
import gzip
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cmo.customers.purchases.cells import Cells, cells_of
from cmo.warehouse.field import Field

START = date(2022, 1, 1)
DAYS = 730
SPEND = {"search": 40_000.0, "social": 40_000.0}
TRUTH = {"search": (0.9, 40.0, 0.8, 4.0), "social": (0.4, 40.0, 1.2, 2.5)}  # r, alpha in days, a, b


def _log(
    n: int, *, of: tuple[float, float, float, float], rng: np.random.Generator
) -> list[tuple[int, float]]:
    """(customer, day) of n customers who arrive over the two years, and of one year more."""
    r, alpha, a, b = of
    rate, leaving, at = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), rng.uniform(0, DAYS, n)
    bought = list(enumerate(at))
    living = np.arange(n)
    while living.size:
        at[living] += rng.exponential(1 / np.maximum(rate[living], 1e-9))
        living = living[at[living] < DAYS + 365]
        bought += list(zip(living.tolist(), at[living].tolist(), strict=True))
        living = living[rng.random(living.size) >= leaving[living]]
    return bought


@pytest.fixture(scope="session")
def world() -> tuple[Field, dict[str, float]]:
    """Two channels that truly differ, and what their customers of the two years spent in the third."""
    rng = np.random.default_rng(8)
    orders: dict[str, list[object]] = {"order_id": [], "customer_id": [], "ordered_at": [], "revenue": []}
    people: dict[str, list[object]] = {"customer_id": [], "acquisition_channel": [], "email": []}
    later = dict.fromkeys(TRUTH, 0.0)
    midnight = datetime.combine(START, datetime.min.time())
    for channel, of in TRUTH.items():
        n = 1_500
        taste = rng.gamma(4.0, 1 / 15.0, n)
        people["customer_id"] += [f"{channel}{i}" for i in range(n)]
        people["acquisition_channel"] += [channel] * n
        people["email"] += [f"{channel}{i // 2 if i < 20 else i}@example.org" for i in range(n)]
        for customer, day in _log(n, of=of, rng=rng):
            amount = float(rng.gamma(6.0) / taste[customer])
            if day >= DAYS:
                later[channel] += amount
                continue
            orders["order_id"].append(f"{channel}{customer}-{day:.6f}")
            orders["customer_id"].append(f"{channel}{customer}")
            orders["ordered_at"].append(midnight + timedelta(days=day))
            orders["revenue"].append(amount)
    n = len(people["customer_id"])
    agreed, gone = rng.random(n) < 0.7, rng.random(n) < 0.1
    people["email_consent_at"] = [START if yes else None for yes in agreed]
    people["unsubscribed_at"] = [START + timedelta(days=90) if yes else None for yes in gone]
    mailed = rng.random(n) < 0.5
    units = {
        "experiment": ["mail"] * n,
        "unit_id": people["customer_id"],
        "variant": np.where(mailed, "letter", "control").tolist(),
        "assigned_at": [midnight + timedelta(days=600)] * n,
        "revenue": (rng.gamma(2.0, 5.0, n) + 6.0 * mailed).tolist(),
    }
    media = {
        "date": [START + timedelta(days=day) for day in range(DAYS) for _ in SPEND],
        "channel": list(SPEND) * DAYS,
        "spend": [amount / 365 for amount in SPEND.values()] * DAYS,
    }
    tables = {
        "orders": pa.table(orders),
        "customers": pa.table(people),
        "media": pa.table(media),
        "experiment_units": pa.table(units),
    }
    return Field.of_tables(tables), later


def _table(path: Path) -> np.ndarray:
    with gzip.open(path, "rt") as file:
        return np.array(list(csv.reader(file))[1:], dtype=np.float64)


def _histories(n: int, parameters: tuple[float, float, float, float], rng: np.random.Generator) -> np.ndarray:
    r, alpha, a, b = parameters
    rate, leaving = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    age = rng.uniform(30.0, 730.0, n)
    at, last, x, later = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    living = np.arange(n)
    while living.size:
        at[living] += rng.exponential(1 / np.maximum(rate[living], 1e-12))
        living = living[at[living] < age[living] + 365.0]
        seen = living[at[living] <= age[living]]
        x[seen] += 1
        last[seen] = at[seen]
        later[living[at[living] > age[living]]] += 1
        living = living[rng.random(living.size) >= leaving[living]]
    return np.stack([x, last, age, later], axis=1)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_260)


@pytest.fixture(scope="session")
def histories() -> Callable[[int, tuple[float, float, float, float], np.random.Generator], np.ndarray]:
    """Simulates BG/NBD customers: frequency, recency and age in days over two years, next year's orders."""
    return _histories


@pytest.fixture(scope="session")
def base() -> np.ndarray:
    """Four thousand customers with a true r 0.8, alpha 60 days, a 0.9, b 3."""
    return _histories(4_000, (0.8, 60.0, 0.9, 3.0), np.random.default_rng(7))


@pytest.fixture(scope="session")
def base_cells(base: np.ndarray) -> Cells:
    return cells_of(base[:, 0], base[:, 1], age=base[:, 2])


@pytest.fixture(scope="session")
def case(shared: Path) -> Callable[[str], dict[str, Any]]:
    """A published case by name."""

    def read(name: str) -> dict[str, Any]:
        return json.loads((shared / "cases" / "customers" / f"{name}.json").read_text())

    return read


@pytest.fixture(scope="session")
def table(shared: Path) -> Callable[[str], np.ndarray]:
    """The numbers of a published data file."""
    return lambda name: _table(shared / "data" / "customers" / f"{name}.csv.gz")


@pytest.fixture(scope="session")
def cdnow(table: Callable[[str], np.ndarray]) -> np.ndarray:
    """The CDNOW sample by week: frequency, recency, age; the file rounds to 0.01 what were whole days."""
    rows = table("cdnow_summary_x_tx_T")[:, 1:]
    rows[:, 1:] = np.round(rows[:, 1:] * 7) / 7
    return rows


@pytest.fixture(scope="session")
def cdnow_cells(cdnow: np.ndarray) -> Cells:
    return cells_of(cdnow[:, 0], cdnow[:, 1], age=cdnow[:, 2])
