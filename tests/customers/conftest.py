"""Worlds whose truth is known, and the published cases."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cmo.customers.cells import Cells, cells_of


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
