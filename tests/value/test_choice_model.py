"""Which model of the choices is taken, and what it says of a world whose truth is known."""

import numpy as np
import pytest

from cmo.value.choice import Choices, UnidentifiedError
from cmo.value.choice_model import Asked, choice_model
from cmo.value.foretelling import Model

WORTHS = np.array([1.2, -0.8])


def asked_of(people: np.ndarray, *, tasks: int = 8, seed: int = 1) -> Choices:
    """Answers of persons whose coefficients are given, shape (persons, 2)."""
    rng = np.random.default_rng(seed)
    shown = rng.normal(size=(len(people) * tasks, 3, 2))
    utility = np.einsum("tak,tk->ta", shown, np.repeat(people, tasks, axis=0)) + rng.gumbel(
        size=shown.shape[:2]
    )
    return Choices.of(
        shown.reshape(-1, 2),
        task=np.repeat(np.arange(len(shown)), 3),
        chosen=(utility == utility.max(axis=1, keepdims=True)).ravel(),
        person=np.repeat(np.arange(len(people)), tasks),
    )


def test_people_alike_need_no_more_than_the_logit() -> None:
    choices = asked_of(np.tile(WORTHS, (60, 1)))
    found = choice_model(Asked(choices=choices, price=1), rng=np.random.default_rng(1))
    assert found.model is Model.LOGIT
    assert found.n_held == 60
    assert found.deters is not None
    assert found.deters > 0.99
    assert found.classes is not None
    assert found.classes.shares.size == 1
    low, high = np.quantile(found.typical, [0.005, 0.995], axis=0)
    assert np.all((low < WORTHS) & (high > WORTHS))


def test_people_who_differ_are_told_apart() -> None:
    people = WORTHS + 2.0 * np.random.default_rng(2).standard_normal((100, 2))
    found = choice_model(Asked(choices=asked_of(people)), rng=np.random.default_rng(1))
    assert found.model in {Model.LATENT, Model.MIXED, Model.HIERARCHICAL}
    scores = {one.model: one.score for one in found.candidates}
    assert scores[found.model] > scores[Model.LOGIT] + 0.05
    assert found.people.shape[1] > 1


def test_few_answers_of_each_person_leave_the_logit() -> None:
    choices = asked_of(np.tile(WORTHS, (80, 1)), tasks=2)
    found = choice_model(Asked(choices=choices), rng=np.random.default_rng(1))
    assert {one.model for one in found.candidates} == {Model.LOGIT}
    assert found.left_out[Model.HIERARCHICAL] == "few_tasks"
    assert found.classes is None


def test_an_attribute_that_never_differs_is_refused() -> None:
    choices = asked_of(np.tile(WORTHS, (5, 1)))
    flat = choices.with_attributes(choices.attributes * [1.0, 0.0])
    with pytest.raises(UnidentifiedError, match="never differs"):
        choice_model(Asked(choices=flat), rng=np.random.default_rng(1))
