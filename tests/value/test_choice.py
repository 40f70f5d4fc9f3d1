import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.value.choice import Choices, UnidentifiedError, logit

WORTHS = np.array([-0.8, 0.6, 0.4])


def world(rng: np.random.Generator, *, people: int = 100, tasks: int = 8, apart: float = 0.0) -> Choices:
    """Persons with the worths of the population, or around it, choosing among three."""
    n = people * tasks
    attributes = rng.standard_normal((n, 3, 3))
    own = np.repeat(WORTHS + apart * rng.standard_normal((people, 3)), tasks, axis=0)
    utility = np.einsum("tak,tk->ta", attributes, own) + rng.gumbel(size=(n, 3))
    chosen = utility == utility.max(axis=1, keepdims=True)
    return Choices.of(
        attributes.reshape(-1, 3),
        task=np.repeat(np.arange(n), 3),
        chosen=chosen.ravel(),
        person=np.repeat(np.arange(people), tasks),
    )


def test_intervals_cover_the_worths() -> None:
    rng = np.random.default_rng(1)
    held = np.zeros(3)
    for _ in range(150):
        fit = logit(world(rng, people=60))
        held += np.abs(fit.coefficients - WORTHS) < 1.645 * np.sqrt(np.diag(fit.clustered))
    assert np.all((held / 150 > 0.84) & (held / 150 < 0.96))


def test_persons_who_differ_widen_the_clustered_interval() -> None:
    fit = logit(world(np.random.default_rng(2), people=300, apart=0.8))
    assert np.all(np.diag(fit.clustered) > 1.2 * np.diag(fit.covariance))


@settings(deadline=None, max_examples=20)
@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-50, 50))
def test_units_and_origins_of_attributes_do_not_matter(scale: float, shift: float) -> None:
    choices = world(np.random.default_rng(3), people=30)
    moved = Choices.of(
        scale * choices.attributes + shift, task=choices.task, chosen=choices.chosen, person=choices.person
    )
    fit, again = logit(choices), logit(moved)
    assert again.coefficients * scale == pytest.approx(fit.coefficients, rel=1e-4, abs=1e-6)
    assert again.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-6)


def test_weights_count_as_repeated_tasks() -> None:
    choices = world(np.random.default_rng(4), people=20)
    twice = Choices.of(
        np.vstack([choices.attributes, choices.attributes]),
        task=np.concatenate([choices.task, choices.task + choices.task[-1] + 1]),
        chosen=np.tile(choices.chosen, 2),
    )
    weighted = Choices.of(
        choices.attributes, task=choices.task, chosen=choices.chosen, weight=np.full(160, 2.0)
    )
    assert logit(weighted).coefficients == pytest.approx(logit(twice).coefficients)
    assert logit(weighted).covariance == pytest.approx(logit(twice).covariance)


def test_attributes_that_never_differ_are_refused() -> None:
    choices = world(np.random.default_rng(5), people=20)
    constant = np.column_stack([choices.attributes, np.ones(choices.task.size)])
    with pytest.raises(UnidentifiedError, match="leave one out"):
        logit(Choices.of(constant, task=choices.task, chosen=choices.chosen))


def test_an_attribute_that_decides_every_choice_is_refused() -> None:
    choices = world(np.random.default_rng(6), people=20)
    decided = np.column_stack([choices.attributes[:, :2], choices.chosen.astype(float)])
    with pytest.raises(UnidentifiedError):
        logit(Choices.of(decided, task=choices.task, chosen=choices.chosen))


def test_a_task_without_a_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly one chosen"):
        Choices.of(np.ones((2, 1)), task=np.array([0, 0]), chosen=np.array([False, False]))


def test_a_task_torn_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="rows of a task together"):
        Choices.of(np.ones((3, 1)), task=np.array([0, 1, 0]), chosen=np.array([True, True, False]))
