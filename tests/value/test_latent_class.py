import numpy as np
import pytest

from cmo.value.choice import Choices, logit
from cmo.value.latent_class import latent_classes, segments

TASTES = np.array([[-1.5, 0.2], [0.3, 1.4]])


def survey(rng: np.random.Generator, *, people: int = 200, tasks: int = 8) -> tuple[Choices, np.ndarray]:
    of = (rng.random(people) < 0.35).astype(int)
    attributes = rng.standard_normal((people * tasks, 3, 2))
    utility = np.einsum("tak,tk->ta", attributes, np.repeat(TASTES[of], tasks, axis=0))
    utility += rng.gumbel(size=utility.shape)
    choices = Choices.of(
        attributes.reshape(-1, 2),
        task=np.repeat(np.arange(people * tasks), 3),
        chosen=(utility == utility.max(axis=1, keepdims=True)).ravel(),
        person=np.repeat(np.arange(people), tasks),
    )
    return choices, of


def test_classes_are_found_and_people_put_into_them() -> None:
    choices, of = survey(np.random.default_rng(1))
    found = latent_classes(choices, 2, rng=np.random.default_rng(2))
    assert found.shares == pytest.approx([0.65, 0.35], abs=0.08)
    assert found.coefficients == pytest.approx(TASTES, abs=0.3)
    assert np.mean(found.memberships.argmax(axis=1) == of) > 0.93
    assert found.certainty > 0.7


def test_the_number_of_classes_is_that_of_the_world() -> None:
    choices, _ = survey(np.random.default_rng(3))
    assert segments(choices, most=3, rng=np.random.default_rng(4)).shares.size == 2


def test_people_who_choose_alike_are_one_class() -> None:
    rng = np.random.default_rng(5)
    attributes = rng.standard_normal((600, 3, 2))
    utility = attributes @ TASTES[0] + rng.gumbel(size=(600, 3))
    choices = Choices.of(
        attributes.reshape(-1, 2),
        task=np.repeat(np.arange(600), 3),
        chosen=(utility == utility.max(axis=1, keepdims=True)).ravel(),
        person=np.repeat(np.arange(100), 6),
    )
    found = segments(choices, most=2, rng=rng)
    assert found.shares.tolist() == [1.0]
    assert found.coefficients[0] == pytest.approx(logit(choices).coefficients, abs=1e-6)
    assert found.certainty == 1.0
