import numpy as np
import pytest

from cmo.value.choice import Choices, UnidentifiedError, logit
from cmo.value.mixed_logit import _drawn, _height, mixed_logit
from cmo.value.panels import panels
from cmo.value.tastes import Taste, Tastes

N, L, M, F = Taste.NORMAL, Taste.LOGNORMAL, Taste.MINUS_LOGNORMAL, Taste.FIXED


def answers(rng: np.random.Generator, worths: np.ndarray, *, tasks: int, shown: int = 3) -> Choices:
    """Choices of persons with the given worths, shape (persons, attributes)."""
    people, k = worths.shape
    attributes = rng.standard_normal((people * tasks, shown, k))
    utility = np.einsum("tak,tk->ta", attributes, np.repeat(worths, tasks, axis=0))
    utility += rng.gumbel(size=utility.shape)
    return Choices.of(
        attributes.reshape(-1, k),
        task=np.repeat(np.arange(people * tasks), shown),
        chosen=(utility == utility.max(axis=1, keepdims=True)).ravel(),
        person=np.repeat(np.arange(people), tasks),
    )


@pytest.mark.parametrize(
    "tastes",
    [
        Tastes(kinds=(N, L, F), correlated=True),
        Tastes(kinds=(L, N, M), price=0),
        Tastes(kinds=(N, F, N), correlated=True, price=1),
        Tastes(kinds=(F, F, N)),
    ],
)
def test_derivatives_are_those_of_the_likelihood(tastes: Tastes) -> None:
    rng = np.random.default_rng(1)
    choices = answers(rng, rng.normal(0, 0.8, (20, 3)), tasks=4)
    draws = _drawn(choices, tastes, rng=rng, draws=32)
    laid = panels(choices, draws=32)
    point = rng.normal(0, 0.4, tastes.n_parameters)
    at = _height(laid, tastes, point, draws=draws, bend=True)
    step = 1e-5

    def slope(where: np.ndarray) -> np.ndarray:
        there = _height(laid, tastes, where, draws=draws)
        return there.weight @ there.scores

    ahead = [
        (_height(laid, tastes, point + one, draws=draws), _height(laid, tastes, point - one, draws=draws))
        for one in step * np.eye(tastes.n_parameters)
    ]
    numeric = [(up.log_likelihood - down.log_likelihood) / (2 * step) for up, down in ahead]
    assert slope(point) == pytest.approx(np.array(numeric), abs=1e-5)
    bends = [(slope(point + one) - slope(point - one)) / (2 * step) for one in step * np.eye(point.size)]
    assert -at.information == pytest.approx(np.array(bends), abs=1e-5)


def test_intervals_cover_means_and_spreads() -> None:
    truth = np.array([-0.8, 0.6, 0.5, 0.7])
    tastes = Tastes(kinds=(N, N))
    held = np.zeros(4)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        choices = answers(rng, truth[:2] + truth[2:] * rng.standard_normal((250, 2)), tasks=6)
        fit = mixed_logit(choices, tastes, rng=rng, draws=64, starts=1)
        held += np.abs(fit.parameters - truth) < 1.645 * np.sqrt(np.diag(fit.covariance))
    assert 0.82 < held.mean() / 20 < 0.98


def test_a_single_taste_is_integrated_and_agrees_with_simulation() -> None:
    rng = np.random.default_rng(3)
    worths = np.column_stack([-np.exp(rng.normal(-0.5, 0.6, 150)), np.full(150, 0.7)])
    choices = answers(rng, worths, tasks=5)
    fit = mixed_logit(choices, Tastes(kinds=(M, F)), rng=rng, starts=1)
    assert fit.elsewhere == pytest.approx([fit.log_likelihood] * 2, abs=1e-9)
    normals = rng.standard_normal((1, 1, 8_000))
    coefficients = fit.tastes.coefficients(fit.tastes.latent(fit.parameters, normals))[0]
    likelihood = 0.0
    for panel in panels(choices, draws=None):
        utility = panel.apart @ coefficients
        chance = -np.log1p(np.exp(utility).sum(axis=2)).sum(axis=1)
        likelihood += float(np.log(np.exp(chance).mean(axis=1)).sum())
    assert likelihood == pytest.approx(fit.log_likelihood, abs=2.0)
    errors = np.sqrt(np.diag(fit.covariance))
    assert np.all(np.abs(fit.parameters - np.array([-0.5, 0.7, 0.6])) < 3 * errors)


def test_worth_in_money_is_the_same_in_either_space() -> None:
    rng = np.random.default_rng(4)
    choices = answers(rng, np.tile([-1.2, 0.9], (300, 1)), tasks=6)
    spread = Tastes(kinds=(F, N), price=0)
    fit = mixed_logit(choices, spread, rng=rng, draws=64, starts=2)
    plain = logit(choices).coefficients
    assert fit.parameters[1] == pytest.approx(-plain[1] / plain[0], abs=0.05)


def test_units_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    choices = answers(rng, np.array([-1.0, 0.8]) + 0.5 * rng.standard_normal((200, 2)), tasks=6)
    cents = Choices.of(
        choices.attributes * np.array([100.0, 1.0]),
        task=choices.task,
        chosen=choices.chosen,
        person=choices.person,
    )
    tastes = Tastes(kinds=(N, N), correlated=True)
    fit, other = (
        mixed_logit(one, tastes, rng=np.random.default_rng(6), draws=64, starts=1) for one in (choices, cents)
    )
    scale = np.array([100, 1, 100, 1, 1])
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-6)
    assert other.parameters * scale == pytest.approx(fit.parameters, rel=1e-4)


def test_the_population_has_the_spread_that_was_found() -> None:
    rng = np.random.default_rng(7)
    choices = answers(rng, np.array([-1.0, 0.8]) + 0.5 * rng.standard_normal((300, 2)), tasks=6)
    fit = mixed_logit(choices, Tastes(kinds=(N, N)), rng=rng, draws=64, starts=1)
    people = fit.population(rng, draws=200, persons=200)
    assert people.shape == (200, 200, 2)
    assert people.mean(axis=(0, 1)) == pytest.approx(fit.parameters[:2], abs=0.05)
    assert people.std(axis=(0, 1)) == pytest.approx(fit.parameters[2:], abs=0.08)


def test_a_constant_attribute_is_refused() -> None:
    rng = np.random.default_rng(8)
    choices = answers(rng, np.zeros((20, 2)), tasks=4)
    flat = Choices.of(np.ones((choices.task.size, 1)), task=choices.task, chosen=choices.chosen)
    with pytest.raises(UnidentifiedError, match="never differs"):
        mixed_logit(flat, Tastes(kinds=(N,)), rng=rng, draws=64)


def test_draws_come_in_powers_of_two() -> None:
    rng = np.random.default_rng(9)
    with pytest.raises(ValueError, match="power of two"):
        mixed_logit(answers(rng, np.zeros((20, 2)), tasks=4), Tastes(kinds=(N, N)), rng=rng, draws=500)


def test_weights_within_a_person_are_refused() -> None:
    rng = np.random.default_rng(10)
    choices = answers(rng, np.zeros((3, 1)), tasks=2)
    uneven = Choices.of(
        choices.attributes,
        task=choices.task,
        chosen=choices.chosen,
        person=choices.person,
        weight=np.arange(1.0, 7.0),
    )
    with pytest.raises(ValueError, match="one weight a person"):
        panels(uneven, draws=None)
