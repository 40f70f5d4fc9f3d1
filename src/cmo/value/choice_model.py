"""Which model of the choices foretells best what people chose elsewhere, and what it says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from cmo.value.choice import Choices, Floats, Logit, UnidentifiedError, Whole, logit
from cmo.value.foretelling import (
    EXPECTED,
    MOST_CLASSES,
    Candidate,
    Model,
    Tried,
    foretold,
    held_out,
    ranked,
    simplest,
)
from cmo.value.hierarchical_logit import Respondents, Run, hierarchical_logit
from cmo.value.latent_class import SMALLEST, LatentClasses, segments
from cmo.value.mixed_logit import MixedLogit, mixed_logit
from cmo.value.nested_logit import NestedLogit, nested_logit
from cmo.value.tastes import BENT, Taste, Tastes, sign_of

FEWEST_TASKS = 4  # a person answers on average, below which tastes are not told apart person by person
SURE = 1.645  # standard errors by which a higher price must deter for its sign to be taken as known
FULL = Run(draws=12_000, keep=3, keep_persons=30, expected=EXPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The model of the choices, with its reasons and what it says of the people.

    Attributes:
        model: The simplest model that foretells as well as the best, within a standard error.
        candidates: All that were tried, the best first; none where the model was asked for.
        left_out: Why a model was not tried.
        n_held: Number of held-out tasks.
        typical: Coefficients of the typical person (the mean of a taste, the median of one whose sign is
            known), draws of shape (draws, K).
        people: Coefficients of people like those who answered, shape (people draws, persons, K); each draw
            takes its persons anew, so that other people could have been asked.
        persons: The same of those who answered, in the order of their number, shape (people draws, persons,
            K); None where the model does not know them one by one.
        dissimilarity: Draws of the nests' dissimilarities, shape (draws, nests), or None.
        classes: Groups of people who choose alike, or None where persons answered too few tasks.
        deters: Chance that a higher price deters, or None where there is no price.
    """

    model: Model
    candidates: tuple[Candidate, ...]
    left_out: Mapping[Model, str]
    n_held: int
    typical: Floats
    people: npt.NDArray[np.float32]
    persons: npt.NDArray[np.float32] | None
    dissimilarity: Floats | None
    classes: LatentClasses | None
    deters: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be modelled.

    Attributes:
        choices: The tasks.
        price: Column of the price, or None.
        nest: Nest of each alternative, shape (alternatives,), or None.
        draws: Draws wanted of the typical person.
        model: The model to take without comparing it with others, or None.
    """

    choices: Choices
    price: int | None = None
    nest: Whole | None = None
    draws: int = 2000
    model: Model | None = None


def choice_model(asked: Asked, *, rng: np.random.Generator) -> Chosen:
    """Fit the models to most answers, let them foretell the others, and fit the chosen one to all.

    Of the models whose score lies within a standard error of the best, the simplest is taken.

    Args:
        asked: The tasks and what is known of them.
        rng: Source of randomness.

    Returns:
        The model, its reasons and its draws.

    Raises:
        UnidentifiedError: Not even the multinomial logit can be told from the choices.

    References:
        Hastie, Tibshirani and Friedman (2009), "The Elements of Statistical Learning", 2nd ed., section
        7.10, for the rule of one standard error.
    """
    choices = asked.choices
    size = choices.spreads()
    if np.any(size == 0):
        raise UnidentifiedError("an attribute never differs within a task; leave it out")
    scaled = choices.with_attributes(choices.attributes / size)
    pooled = logit(scaled)
    kinds = _kinds(pooled, asked.price)
    n_tasks = np.bincount(np.unique(choices.person, return_inverse=True)[1])
    in_panel = float(n_tasks.mean()) >= FEWEST_TASKS
    candidates: tuple[Candidate, ...] = ()
    left_out: dict[Model, str] = {}
    n_held, model = 0, asked.model
    if model is None:
        held = held_out(choices, n_tasks, in_panel=in_panel, rng=rng)
        tried = Tried(choices=scaled, nest=asked.nest, held=held, kinds=kinds)
        scores, left_out = foretold(tried, in_panel=in_panel, rng=rng)
        candidates, n_held = ranked(scores, choices.person[held]), int(held.sum())
        model = simplest(candidates)
    typical, people, persons, apart = _drawn(model, scaled, kinds, asked=asked, pooled=pooled, rng=rng)
    return Chosen(
        model=model,
        candidates=candidates,
        left_out=left_out,
        n_held=n_held,
        typical=typical / size,
        people=_unscaled(_of_people(people, rng), size),
        persons=None if persons is None else _unscaled(persons, size),
        dissimilarity=apart,
        classes=_classes(scaled, size, rng=rng) if in_panel else None,
        deters=None if asked.price is None else _deters(pooled, asked.price),
    )


def _kinds(pooled: Logit, price: int | None) -> tuple[Taste, ...]:
    """Every taste normal, but that for money, where a higher price clearly deters: below zero for all."""
    kinds = [Taste.NORMAL] * pooled.coefficients.size
    if price is not None:
        error = float(np.sqrt(pooled.clustered[price, price]))
        if pooled.coefficients[price] < -SURE * error:
            kinds[price] = Taste.MINUS_LOGNORMAL
    return tuple(kinds)


def _deters(pooled: Logit, price: int) -> float:
    return float(norm.cdf(-pooled.coefficients[price] / np.sqrt(pooled.clustered[price, price])))


Drawn = tuple[Floats, npt.NDArray[np.float32], npt.NDArray[np.float32] | None, Floats | None]
"""Of the typical person, of people, of those who answered, and of the dissimilarities."""


def _drawn(
    model: Model,
    choices: Choices,
    kinds: tuple[Taste, ...],
    *,
    asked: Asked,
    pooled: Logit,
    rng: np.random.Generator,
) -> Drawn:
    """Draws of the chosen model, fitted to all tasks."""
    n = asked.draws
    if model is Model.HIERARCHICAL:
        return _of_respondents(hierarchical_logit(choices, kinds, rng=rng, run=FULL), rng, draws=n)
    if model is Model.MIXED:
        fit = mixed_logit(choices, Tastes(kinds=kinds), rng=rng)
        return _of_mixture(fit, rng, draws=n)
    if model is Model.LATENT:
        return _of_classes(segments(choices, most=MOST_CLASSES, rng=rng), choices, rng, draws=n)
    if model is Model.NESTED:
        assert asked.nest is not None  # noqa: S101 - nests are only chosen where there are some
        return _of_nests(nested_logit(choices, asked.nest), rng, draws=n)
    typical = rng.multivariate_normal(pooled.coefficients, pooled.clustered, size=n, method="eigh")
    return typical, typical[:, None, :].astype(np.float32), None, None


def _of_respondents(fit: Respondents, rng: np.random.Generator, *, draws: int) -> Drawn:
    typical = fit.mean.copy()
    for column, kind in enumerate(fit.kinds):
        if kind in BENT:
            typical[:, column] = sign_of(kind) * np.exp(fit.mean[:, column])
    return typical[rng.permutation(np.resize(np.arange(len(typical)), draws))], fit.persons, fit.persons, None


def _of_mixture(fit: MixedLogit, rng: np.random.Generator, *, draws: int) -> Drawn:
    k = len(fit.tastes.kinds)
    parameters = rng.multivariate_normal(fit.parameters, fit.covariance, size=draws, method="eigh")
    typical = fit.tastes.coefficients(parameters[:, :k].T[None])[0].T
    people = fit.population(rng, draws=200, persons=500).astype(np.float32)
    return np.asarray(typical, dtype=np.float64), people, None, None


def _of_classes(fit: LatentClasses, choices: Choices, rng: np.random.Generator, *, draws: int) -> Drawn:
    """People of each class with the doubt of its logit; classes weigh by their share among persons drawn."""
    persons, who = np.unique(choices.person, return_inverse=True)
    each = []
    for column in range(fit.shares.size):
        weight = fit.memberships[who, column] * choices.weight
        counted = replace(choices, weight=np.where(weight > SMALLEST, weight, 0.0))
        one = logit(counted, near=fit.coefficients[column])
        each.append(rng.multivariate_normal(one.coefficients, one.clustered, size=draws, method="eigh"))
    by_class = np.stack(each, axis=1)
    boots = rng.dirichlet(np.ones(persons.size), size=draws) @ fit.memberships
    typical = np.einsum("dc,dck->dk", boots, by_class)
    cumulated = fit.memberships.cumsum(axis=1)
    some = by_class[:200].astype(np.float32)
    member = (rng.random((200, persons.size, 1)) > cumulated[None]).sum(axis=2)
    people = np.take_along_axis(some, np.minimum(member, fit.shares.size - 1)[:, :, None], axis=1)
    return typical, people, people, None


def _of_nests(fit: NestedLogit, rng: np.random.Generator, *, draws: int) -> Drawn:
    free = [int(np.flatnonzero(fit.free == place)[0]) for place in range(int(fit.free.max()) + 1)]
    middle = np.concatenate([fit.coefficients, fit.dissimilarity[free]])
    drawn = rng.multivariate_normal(middle, fit.clustered, size=draws, method="eigh")
    k = fit.coefficients.size
    apart = np.ones((draws, fit.free.size))
    known = fit.free >= 0
    apart[:, known] = np.maximum(drawn[:, k:], 0.01)[:, fit.free[known]]
    return drawn[:, :k], drawn[:, None, :k].astype(np.float32), None, apart


def _unscaled(people: npt.NDArray[np.float32], size: Floats) -> npt.NDArray[np.float32]:
    return np.asarray(people / size, dtype=np.float32)


def _of_people(people: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Persons taken anew in each draw."""
    n_draws, n_persons, _ = people.shape
    if n_persons == 1:
        return people
    taken = rng.integers(n_persons, size=(n_draws, n_persons))
    return np.take_along_axis(people, taken[:, :, None], axis=1)


def _classes(scaled: Choices, size: Floats, *, rng: np.random.Generator) -> LatentClasses | None:
    try:
        found = segments(scaled, most=MOST_CLASSES, rng=rng)
    except UnidentifiedError:
        return None
    return replace(found, coefficients=found.coefficients / size)
