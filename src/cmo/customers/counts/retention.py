"""Retention by age: who of a cohort orders again, month by month after the first order."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

AGES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Share of customers who order in the k-th calendar month after that of their first order.

    Attributes:
        ages: Ages that at least one cohort has reached, in months, ascending.
        pooled: Draws over all cohorts that reached the age, shape (draws, ages).
        cohorts: Positions of the cohorts that have reached every one of these ages, ascending.
        by_cohort: Draws of these cohorts, shape (draws, ages, cohorts).
    """

    ages: tuple[int, ...]
    pooled: Floats
    cohorts: tuple[int, ...]
    by_cohort: Floats


def retention(
    ordered: Counts,
    size: Counts,
    *,
    reached: npt.NDArray[np.bool_],
    rng: np.random.Generator,
    draws: int,
) -> Retention:
    """Posterior of retention by age, pooled over cohorts and for each cohort that is old enough.

    Every age is a binomial share under Jeffreys' prior, of all cohorts that reached it together and of each
    old cohort alone.

    Args:
        ordered: Customers of each cohort who ordered at each age, shape (cohorts, ages 1 to `AGES`).
        size: Customers of each cohort, >= 1, shape (cohorts,).
        reached: Whether the cohort's whole month at that age has been seen, shape as `ordered`.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        The draws, for the ages that some cohort has reached.

    Raises:
        ValueError: A cohort has fewer customers than ordered again.
    """
    if np.any(ordered > size[:, None]):
        cohort = int(np.argmax((ordered > size[:, None]).any(axis=1)))
        raise ValueError(f"cohort {cohort} has {size[cohort]} customers, fewer than ordered again in a month")
    ages = np.flatnonzero(reached.any(axis=0))
    again, could = ordered[:, ages].astype(float), np.where(reached[:, ages], size[:, None], 0)
    again *= reached[:, ages]
    n_again, n_could = again.sum(axis=0), could.sum(axis=0)
    pooled = rng.beta(n_again + 0.5, n_could - n_again + 0.5, size=(draws, ages.size))
    cohorts = np.flatnonzero(reached[:, ages].all(axis=1))
    did = again[cohorts].T
    by_cohort = rng.beta(did + 0.5, size[cohorts] - did + 0.5, size=(draws, ages.size, cohorts.size))
    return Retention(
        ages=tuple(int(age) + 1 for age in ages),
        pooled=pooled,
        cohorts=tuple(int(cohort) for cohort in cohorts),
        by_cohort=by_cohort,
    )
