import numpy as np
import pytest

from cmo.value.choice import Choices
from cmo.value.hierarchical_logit import Run, hierarchical_logit
from cmo.value.tastes import Taste


def survey(rng: np.random.Generator, worths: np.ndarray, *, tasks: int) -> Choices:
    people, k = worths.shape
    attributes = rng.standard_normal((people * tasks, 3, k))
    utility = np.einsum("tak,tk->ta", attributes, np.repeat(worths, tasks, axis=0))
    utility += rng.gumbel(size=utility.shape)
    return Choices.of(
        attributes.reshape(-1, k),
        task=np.repeat(np.arange(people * tasks), 3),
        chosen=(utility == utility.max(axis=1, keepdims=True)).ravel(),
        person=np.repeat(np.arange(people), tasks),
    )


def test_everybody_s_interval_holds_their_own_worth() -> None:
    rng = np.random.default_rng(1)
    worths = np.array([-1.0, 0.5, 0.8]) + rng.standard_normal((250, 3)) * np.array([0.8, 0.5, 1.0])
    fit = hierarchical_logit(survey(rng, worths, tasks=8), (Taste.NORMAL,) * 3, rng=rng, run=Run(draws=2000))
    low, high = np.quantile(fit.persons, [0.05, 0.95], axis=0)
    assert 0.865 < np.mean((low <= worths) & (worths <= high)) < 0.935
    assert fit.mean.mean(axis=0) == pytest.approx(worths.mean(axis=0), abs=0.2)
    spread = np.sqrt(np.diagonal(fit.spread, axis1=1, axis2=2)).mean(axis=0)
    assert spread == pytest.approx(worths.std(axis=0), abs=0.2)
    assert 0.15 < fit.taken < 0.4


def test_population_means_are_covered() -> None:
    held = np.zeros(2)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        worths = np.array([-0.8, 0.6]) + 0.7 * rng.standard_normal((120, 2))
        fit = hierarchical_logit(
            survey(rng, worths, tasks=6), (Taste.NORMAL,) * 2, rng=rng, run=Run(draws=800)
        )
        low, high = np.quantile(fit.mean, [0.05, 0.95], axis=0)
        held += (low <= [-0.8, 0.6]) & (high >= [-0.8, 0.6])
    assert held.mean() / 10 > 0.7


def test_a_price_deters_everybody() -> None:
    rng = np.random.default_rng(3)
    worths = np.column_stack([-np.exp(rng.normal(-0.2, 0.5, 200)), rng.normal(0.5, 0.5, 200)])
    fit = hierarchical_logit(
        survey(rng, worths, tasks=8), (Taste.MINUS_LOGNORMAL, Taste.NORMAL), rng=rng, run=Run(draws=2000)
    )
    assert np.all(fit.persons[..., 0] < 0)
    assert fit.mean.mean(axis=0) == pytest.approx(np.array([-0.2, 0.5]), abs=0.25)
    people = fit.population(rng, persons=50)
    assert people.shape == (fit.mean.shape[0], 50, 2)
    assert np.all(people[..., 0] < 0)


def test_a_fixed_coefficient_is_refused() -> None:
    rng = np.random.default_rng(4)
    choices = survey(rng, np.zeros((10, 1)), tasks=4)
    with pytest.raises(ValueError, match="must be normal or lognormal"):
        hierarchical_logit(choices, (Taste.FIXED,), rng=rng)
