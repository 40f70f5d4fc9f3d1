"""Kill a review at random instants: nothing may be lost, no verdict half-written, the next run completes.

Run: python benchmarks/review_kill.py [--instants 100] [--seed 1]
Prints the number of instants, how many fell before, during and after the writing, and any loss.
"""

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("cmo")
CONFIG = """\
company: {name: Shop, currency: EUR, language: en, timezone: UTC}
sources:
  orders: {path: data/orders*.csv}
"""
STRATEGY = """\
beliefs:
  - {id: back, says: "They come back", claim: {measure: customers.repeat_rate, at_least: 0.5}}
  - {id: grow, says: "We grow", claim: {measure: sales.revenue, rising: true}}
  - {id: basket, says: "Big baskets", claim: {measure: customers.average_order_value, at_least: 50}}
"""


def write_orders(path: Path, *, first: date, days: int, rng: random.Random) -> float:
    """Write eight orders a day; returns their sum."""
    total = 0.0
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["order_id", "ordered_at", "revenue", "customer_id"])
        for i in range(days):
            for j in range(8):
                amount = round(rng.gammavariate(2, 20), 2)
                total += amount
                rows.writerow(
                    [f"{path.stem}-{i}-{j}", first + timedelta(days=i), amount, f"c{rng.randrange(500)}"]
                )
    return total


def ask(folder: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    """The JSON answer of a command."""
    done = subprocess.run(
        [PROGRAM, *words, "--json", "-w", folder], capture_output=True, text=True, check=True
    )
    answer: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return answer


def killed(folder: Path, *, after: float) -> bool:
    """Run a review and kill it; whether it was still running."""
    with subprocess.Popen(
        [PROGRAM, "review", "-w", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        try:
            running.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            return True
        return False


def main() -> None:
    """Kill, look, repeat; then let a review finish and hold its sum against the files."""
    options = argparse.ArgumentParser()
    options.add_argument("--instants", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "cmo.yaml").write_text(CONFIG, encoding="utf-8")
        (folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
        total = write_orders(folder / "data" / "orders-0.csv", first=date(2024, 1, 1), days=700, rng=rng)
        begun = time.perf_counter()
        ask(folder, "review")
        whole = time.perf_counter() - begun
        n_killed = n_lost = 0
        for instant in range(given.instants):
            day = date(2026, 1, 1) + timedelta(days=instant)
            total += write_orders(folder / "data" / f"orders-{instant + 1}.csv", first=day, days=1, rng=rng)
            n_killed += killed(folder, after=rng.uniform(0.02, 1.2) * whole)
            found = ask(folder, "beliefs")["beliefs"]
            n_lost += [belief["id"] for belief in found] != ["back", "grow", "basket"]
        ask(folder, "review")
        (revenue,) = ask(folder, "measure", "sales.revenue", "--of", "total")["estimates"]
        off = abs(float(str(revenue["mean"])) - total)
    print(f"{given.instants} instants over {whole:.1f} s: {n_killed} killed, {n_lost} reviews lost")
    print(f"the review after them: revenue off by {off:.4f}")
    if n_lost or off > 0.005:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
