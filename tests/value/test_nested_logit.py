"""The nested logit: recovered in a simulated world, and its laws."""

import numpy as np
import pytest

from cmo.value.choice import Choices, UnidentifiedError, logit
from cmo.value.nested_logit import nested_logit

NESTS = np.array([0, 0, 1, 1, 2])
WORTHS = np.array([1.0, -0.7])


def chosen_in_nests(n_tasks: int, *, apart: tuple[float, float], seed: int = 1) -> tuple[Choices, np.ndarray]:
    """Choices of people whose closeness of alternatives is known."""
    rng = np.random.default_rng(seed)
    shown = rng.normal(size=(n_tasks, 5, 2))
    scale = np.array([*apart, 1.0])[NESTS]
    inner = np.exp(shown @ WORTHS / scale)
    whole = np.stack([inner[:, nest == NESTS].sum(axis=1) for nest in range(3)], axis=1)
    outer = whole ** np.array([*apart, 1.0])
    chance = inner / whole[:, NESTS] * (outer / outer.sum(axis=1, keepdims=True))[:, NESTS]
    drawn = (rng.random((n_tasks, 1)) > chance.cumsum(axis=1)).sum(axis=1)
    choices = Choices.of(
        shown.reshape(-1, 2),
        task=np.repeat(np.arange(n_tasks), 5),
        chosen=(np.arange(5) == drawn[:, None]).ravel(),
    )
    return choices, np.tile(NESTS, n_tasks)


def test_known_closeness_is_recovered() -> None:
    choices, nest = chosen_in_nests(6000, apart=(0.4, 0.8))
    fit = nested_logit(choices, nest)
    assert np.all(np.abs(fit.coefficients - WORTHS) < 3 * np.sqrt(np.diag(fit.covariance))[:2])
    assert np.all(np.abs(fit.dissimilarity[:2] - [0.4, 0.8]) < 3 * fit.errors()[:2])
    assert fit.dissimilarity[2] == 1.0
    assert fit.errors()[2] == 0.0


def test_order_of_alternatives_does_not_matter() -> None:
    choices, nest = chosen_in_nests(400, apart=(0.5, 0.5))
    fit = nested_logit(choices, nest)
    turned = np.arange(nest.size).reshape(-1, 5)[:, [4, 2, 0, 3, 1]].ravel()
    other = Choices.of(choices.attributes[turned], task=choices.task, chosen=choices.chosen[turned])
    again = nested_logit(other, nest[turned])
    assert again.coefficients == pytest.approx(fit.coefficients, rel=1e-4)
    assert again.dissimilarity == pytest.approx(fit.dissimilarity, rel=1e-4)
    back = np.empty(nest.size)
    back[turned] = again.probabilities(other, nest[turned])
    assert back == pytest.approx(fit.probabilities(choices, nest), abs=1e-5)


def test_without_closeness_it_is_the_multinomial_logit() -> None:
    choices, nest = chosen_in_nests(4000, apart=(1.0, 1.0))
    fit = nested_logit(choices, nest, common=True)
    assert abs(fit.dissimilarity[0] - 1) < 3 * fit.errors()[0]
    assert fit.log_likelihood >= logit(choices).log_likelihood
    assert fit.log_likelihood - logit(choices).log_likelihood < 6


def test_probabilities_add_up_in_each_task() -> None:
    choices, nest = chosen_in_nests(50, apart=(0.5, 0.9))
    fit = nested_logit(choices, nest)
    sums = np.add.reduceat(fit.probabilities(choices, nest), choices.starts)
    assert sums == pytest.approx(np.ones(50))


def test_nests_of_single_alternatives_are_refused() -> None:
    choices, _ = chosen_in_nests(50, apart=(0.5, 0.9))
    with pytest.raises(UnidentifiedError, match="give other nests"):
        nested_logit(choices, np.tile(np.arange(5), 50))


def test_nest_of_each_alternative_is_needed() -> None:
    choices, nest = chosen_in_nests(50, apart=(0.5, 0.9))
    with pytest.raises(ValueError, match="must number the nest"):
        nested_logit(choices, nest[1:])
