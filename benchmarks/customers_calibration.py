"""Do 90 % intervals hold 90 %? Over simulated customer bases whose truth is known.

    python benchmarks/customers_calibration.py [--runs 200] [--customers 1500] [--channels 0]

Each run draws a base from BG/NBD and Gamma-Gamma, fits it, and asks: does the interval of next year's
expected orders hold the truth; do the parameters' intervals; are the ranks of the customers' true order
counts uniform (randomised PIT). `--channels N` instead compares each channel's expected orders with the
truth in one world of N customers.
"""

import argparse
import json

import numpy as np

from cmo.customers.lifetimes.equity import quadratic
from cmo.customers.lifetimes.pooling import learned_prior
from cmo.customers.lifetimes.posterior import posterior
from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import cells_of
from cmo.customers.purchases.fitting import fit, fit_within
from cmo.customers.purchases.prediction import Customers, expected_orders, order_chances

TRUTH = np.log([0.8, 60.0, 0.9, 3.0])
CHANNELS = {
    "search": (0.80, 35.0, 0.80, 4.0),
    "social": (0.45, 35.0, 1.20, 2.5),
    "referral": (1.10, 35.0, 0.60, 6.0),
    "direct": (0.70, 24.5, 0.70, 5.0),
}


def histories(n: int, theta: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    r, alpha, a, b = np.exp(theta)
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


def run(seed: int, n: int) -> tuple[bool, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, t_x, age, later = histories(n, TRUTH, rng).T
    cells, customers = cells_of(x, t_x, age=age), Customers(frequency=x, recency=t_x, age=age)
    fitted = fit(BG_NBD, cells)
    draws = posterior(fitted, cells, rng=rng).draws

    def log_total(theta: np.ndarray) -> np.ndarray:
        return np.log([expected_orders(BG_NBD, theta, customers=customers, horizon=365.0).sum()])

    low, high = np.quantile(
        quadratic(log_total, fitted.theta, draws=draws, n_exact=40, rng=rng)[:, 0], [0.05, 0.95]
    )
    edges = np.quantile(draws, [0.05, 0.95], axis=0)
    chances = order_chances(BG_NBD, fitted.theta, customers=customers, horizon=365.0, most=int(later.max()))
    at = later.astype(int), np.arange(n)
    rank = np.cumsum(chances, axis=0)[at] - rng.random(n) * chances[at]
    inside = (edges[0] < TRUTH) & (edges[1] > TRUTH)
    return bool(low < log_total(TRUTH)[0] < high), inside, (rank > 0.05) & (rank < 0.95)


def channels(n: int) -> None:
    rng = np.random.default_rng(0)
    rows = {name: histories(n // 4, np.log(truth), rng) for name, truth in CHANNELS.items()}
    cells = {name: cells_of(*of[:, :2].T, age=of[:, 2]) for name, of in rows.items()}
    shared = learned_prior(
        [lambda theta, of=of: BG_NBD.surface(theta, of) for of in cells.values()], BG_NBD.prior(380.0)
    )
    for name, of in rows.items():
        x, t_x, age, later = of.T
        customers = Customers(frequency=x, recency=t_x, age=age)
        own = fit_within(BG_NBD, cells[name], prior=shared).theta
        found = expected_orders(BG_NBD, own, customers=customers, horizon=365.0).sum()
        known = expected_orders(BG_NBD, np.log(CHANNELS[name]), customers=customers, horizon=365.0).sum()
        print(
            json.dumps(
                {"channel": name, "against truth": found / known - 1, "against came": found / later.sum() - 1}
            )
        )


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--runs", type=int, default=200)
    given.add_argument("--customers", type=int, default=1_500)
    given.add_argument("--channels", type=int, default=0)
    options = given.parse_args()
    if options.channels:
        channels(options.channels)
        return
    held = [run(seed, options.customers) for seed in range(options.runs)]
    print(
        json.dumps(
            {
                "runs": options.runs,
                "expected orders of the base": float(np.mean([one[0] for one in held])),
                "parameters": np.mean([one[1] for one in held], axis=0).round(3).tolist(),
                "ranks of customers": float(np.mean([one[2].mean() for one in held])),
            }
        )
    )


if __name__ == "__main__":
    main()
