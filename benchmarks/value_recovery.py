"""Whether mixed logit and hierarchical Bayes find tastes that are known, and their intervals hold them.

Worlds of people whose tastes are normal (one below zero for all); each is asked anew. Said of 90 % intervals
of means and spreads of the population and, for hierarchical Bayes, of each person's own worths; with the
standard error of the simulation, replications being what varies.

    python benchmarks/value_recovery.py --worlds 100 --model mixed
"""

import argparse
import json
import time

import numpy as np

from cmo.value.choice import Choices
from cmo.value.hierarchical_logit import Run, hierarchical_logit
from cmo.value.mixed_logit import mixed_logit
from cmo.value.tastes import Taste, Tastes

KINDS = (Taste.NORMAL, Taste.NORMAL, Taste.NORMAL, Taste.MINUS_LOGNORMAL)
MEAN = np.array([1.0, -0.6, 0.3, -0.2])  # of the last, of its logarithm
SPREAD = np.array([0.8, 0.6, 0.9, 0.4])
PERSONS, TASKS, PLACES = 200, 10, 3
INTERVAL = 1.644854
DRAWS = 18_000  # of the chain, half of which tunes it


def asked(rng: np.random.Generator) -> tuple[Choices, np.ndarray]:
    """Answers of people drawn anew, and their coefficients."""
    latent = MEAN + SPREAD * rng.standard_normal((PERSONS, 4))
    people = latent.copy()
    people[:, 3] = -np.exp(latent[:, 3])
    shown = rng.standard_normal((PERSONS, TASKS, PLACES, 4))
    utility = np.einsum("ntpk,nk->ntp", shown, people) + rng.gumbel(size=(PERSONS, TASKS, PLACES))
    choices = Choices.of(
        shown.reshape(-1, 4),
        task=np.repeat(np.arange(PERSONS * TASKS), PLACES),
        chosen=(utility == utility.max(axis=2, keepdims=True)).ravel(),
        person=np.repeat(np.arange(PERSONS), TASKS),
    )
    return choices, people


def by_mixture(rng: np.random.Generator, starts: int) -> tuple[np.ndarray, list[float]]:
    """Whether each parameter is held, shape (8,), and how far the simulation moves the log-likelihood."""
    choices, _ = asked(rng)
    fit = mixed_logit(choices, Tastes(kinds=KINDS), rng=rng, draws=256, starts=starts)
    error = np.sqrt(np.diag(fit.covariance))
    held = np.abs(fit.parameters - np.concatenate([MEAN, SPREAD])) < INTERVAL * error
    return held, [one - fit.log_likelihood for one in fit.elsewhere]


def by_persons(rng: np.random.Generator, expected: float) -> tuple[np.ndarray, list[float]]:
    """Whether each mean and spread is held, shape (8,), and the share of persons' worths that are."""
    choices, people = asked(rng)
    fit = hierarchical_logit(
        choices, KINDS, rng=rng, run=Run(draws=DRAWS, keep=4, keep_persons=8, expected=expected)
    )
    spreads = np.sqrt(np.diagonal(fit.spread, axis1=1, axis2=2))
    low, high = np.quantile(np.hstack([fit.mean, spreads]), [0.05, 0.95], axis=0)
    truth = np.concatenate([MEAN, SPREAD])
    own = np.quantile(fit.persons, [0.05, 0.95], axis=0)
    return (low < truth) & (truth < high), [float(((own[0] < people) & (people < own[1])).mean())]


def main() -> None:
    """Ask, fit and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--model", choices=("mixed", "hierarchical"), default="mixed")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--expected", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.process_time()
    held, more = [], []
    for world in range(given.worlds):
        rng = np.random.default_rng([given.seed, world])
        one, other = (
            by_mixture(rng, given.starts) if given.model == "mixed" else by_persons(rng, given.expected)
        )
        held.append(one)
        more.append(other)
        share = np.mean(held)
        error = np.std(np.mean(held, axis=1)) / np.sqrt(len(held))
        print(
            json.dumps(
                {
                    "worlds": world + 1,
                    "held": round(float(share), 4),
                    "simulation_error": round(float(error), 4),
                    "means": np.mean(held, axis=0)[:4].round(3).tolist(),
                    "spreads": np.mean(held, axis=0)[4:].round(3).tolist(),
                    "persons_or_moves": np.abs(np.array(more)).mean(axis=0).round(3).tolist(),
                    "cpu_s": round(time.process_time() - began, 1),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
