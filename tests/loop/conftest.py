"""Small companies for tests: a folder with orders, beliefs and nothing simulated."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PROGRAM = Path(sys.executable).with_name("cmo")

CONFIG = """\
company: {name: Petite Boutique, currency: EUR, language: en, timezone: Europe/Paris}
sources:
  orders:
    path: data/orders*.csv
    columns: {order_id: order, customer_id: customer, ordered_at: day, revenue: amount, sales_channel: shop}
"""

STRATEGY = """\
# What we believe
beliefs:
  - id: loyal
    says: {en: "Most come back", fr: "La plupart reviennent"}
    confidence: 0.9
    claim: {measure: customers.repeat_rate, at_most: 0.5}
  - {id: web, says: "The web sells most", claim: {measure: sales.revenue, of: web, is: highest}}
  - {id: spring, says: "Spring was big", claim: {measure: sales.revenue, at_least: 1, during: 2025-Q2}}
  - {id: loved, says: "They love us", claim: {measure: value.nps, at_least: 30}}
  - {id: vague, says: "We are the best"}
"""


@dataclass(frozen=True)
class Boutique:
    """A small shop in a folder."""

    folder: Path

    def orders(self, name: str, *, first: date, days: int, seed: int) -> float:
        """Write five to fourteen orders a day; returns the sum of their amounts."""
        rng = np.random.default_rng(seed)
        total = 0.0
        with (self.folder / "data" / name).open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["order", "customer", "day", "amount", "shop"])
            for i in range(days):
                for j in range(int(rng.integers(5, 15))):
                    amount = round(float(rng.gamma(2, 20)), 2)
                    total += amount
                    shop = "web" if rng.random() < 0.7 else "store"
                    day = (first + timedelta(days=i)).isoformat()
                    rows.writerow([f"{seed}-{i}-{j}", f"c{rng.integers(0, 400)}", day, f"{amount:.2f}", shop])
        return total

    def cmo(self, *words: str, code: int = 0, timeout: float = 120) -> str:
        """Run a command of cmo here; its standard output."""
        command = [PROGRAM, *words, "-w", self.folder]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=timeout, env=environment()
        )
        assert done.returncode == code, f"{words} ended with {done.returncode}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def ask(self, *words: str) -> Any:
        """The JSON that a command answers."""
        return json.loads(self.cmo(*words, "--json"))


def environment() -> dict[str, str]:
    """The environment of a program under test: one thread, no ledger elsewhere."""
    left_out = {"CMO_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture
def boutique(tmp_path: Path) -> Boutique:
    """A shop with 800 days of orders and five beliefs."""
    shop = Boutique(tmp_path / "boutique")
    (shop.folder / "data").mkdir(parents=True)
    (shop.folder / "cmo.yaml").write_text(CONFIG, encoding="utf-8")
    (shop.folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    shop.orders("orders-1.csv", first=date(2024, 1, 1), days=800, seed=1)
    return shop
