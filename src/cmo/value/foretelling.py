"""How well models of choices foretell what people chose elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cmo.value.choice import Choices, Floats, UnidentifiedError, Whole, logit
from cmo.value.hierarchical_logit import Run, hierarchical_logit
from cmo.value.latent_class import segments
from cmo.value.mixed_logit import mixed_logit
from cmo.value.nested_logit import nested_logit
from cmo.value.tastes import Taste, Tastes

HELD = 5  # one task in so many is held out of each person's answers
HELD_PERSONS = 0.2  # share of persons held out where they answered few tasks
MOST_CLASSES = 5
EXPECTED = 0.2  # variance over persons that the prior expects, in utility over an attribute's own spread
TRIED = Run(draws=3000, keep=15, keep_persons=15, expected=EXPECTED)
MIXED_DRAWS = 128
PERSON_DRAWS = 200  # of a person's taste under the mixed logit, weighted by what the person chose
LARGEST = 4e6  # numbers that describe the tasks, above which persons are not sampled one by one
TINY = 1e-300


class Model(StrEnum):
    """Models of choices, the simplest first."""

    LOGIT = "logit"
    NESTED = "nested"
    LATENT = "latent_classes"
    MIXED = "mixed"
    HIERARCHICAL = "hierarchical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """How a model foretold choices that it had not seen.

    Attributes:
        model: The model.
        score: Mean log-chance that it gave to what was chosen, <= 0.
        behind: Its score less that of the best, <= 0.
        error: Standard error of `behind`, people being what varies, >= 0.
        hits: Share of tasks in which what it found likeliest was chosen.
    """

    model: Model
    score: float
    behind: float
    error: float
    hits: float


def held_out(
    choices: Choices, n_tasks: npt.NDArray[np.intp], *, in_panel: bool, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Tasks to be foretold: some of each person's, or all of some persons'."""
    _, who = np.unique(choices.person, return_inverse=True)
    if not in_panel:
        persons = rng.permutation(n_tasks.size) < max(1, round(HELD_PERSONS * n_tasks.size))
        return np.asarray(persons[who], dtype=np.bool_)
    order = np.lexsort((rng.random(who.size), who))
    first = np.concatenate([[0], np.cumsum(n_tasks)[:-1]])
    turn = np.empty(who.size, dtype=np.intp)
    turn[order] = np.arange(who.size) - np.repeat(first, n_tasks)
    return np.asarray(turn < np.where(n_tasks > 1, np.maximum(n_tasks // HELD, 1), 0)[who], dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Tasks to learn from and tasks to foretell.

    Attributes:
        choices: All tasks, attributes over their spread.
        nest: Nest of each alternative, shape (alternatives,), or None.
        held: Whether each task is to be foretold, shape (tasks,).
        kinds: Kind of each taste.
    """

    choices: Choices
    nest: Whole | None
    held: npt.NDArray[np.bool_]
    kinds: tuple[Taste, ...]

    @property
    def seen(self) -> Choices:
        """Tasks to learn from."""
        return self.choices.of_tasks(~self.held)

    @property
    def unseen(self) -> Choices:
        """Tasks to foretell."""
        return self.choices.of_tasks(self.held)

    def places(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Place of each seen and unseen task's person among those of the seen tasks."""
        persons, seen = np.unique(self.choices.person[~self.held], return_inverse=True)
        return seen, np.searchsorted(persons, self.choices.person[self.held])


Foretold = tuple[Floats, npt.NDArray[np.bool_]]
"""Log-chance of what was chosen in each unseen task, and whether it was found the likeliest."""


def foretold(
    tried: Tried, *, in_panel: bool, rng: np.random.Generator
) -> tuple[dict[Model, Foretold], dict[Model, str]]:
    """What each model foretells of the unseen tasks."""
    ways: dict[Model, Callable[[], Foretold]] = {Model.LOGIT: lambda: _by_logit(tried)}
    left_out: dict[Model, str] = {}
    if tried.nest is not None:
        ways[Model.NESTED] = lambda: _by_nests(tried)
    if not in_panel:
        left_out |= dict.fromkeys((Model.LATENT, Model.MIXED, Model.HIERARCHICAL), "few_tasks")
    else:
        ways[Model.LATENT] = lambda: _by_classes(tried, rng)
        ways[Model.MIXED] = lambda: _by_mixture(tried, rng)
        if tried.choices.attributes.size > LARGEST:
            left_out[Model.HIERARCHICAL] = "too_large"
        else:
            ways[Model.HIERARCHICAL] = lambda: _by_persons(tried, rng)
    found: dict[Model, Foretold] = {}
    for model, way in ways.items():
        try:
            found[model] = way()
        except (UnidentifiedError, np.linalg.LinAlgError):
            left_out[model] = "unidentified"
    return found, left_out


def _scored(unseen: Choices, chances: Floats) -> Foretold:
    top = np.maximum.reduceat(chances, unseen.starts)[unseen.task]
    return np.log(np.maximum(chances[unseen.chosen], TINY)), (chances >= top)[unseen.chosen]


def _by_logit(tried: Tried) -> Foretold:
    unseen = tried.unseen
    return _scored(unseen, unseen.probabilities(logit(tried.seen).coefficients))


def _by_nests(tried: Tried) -> Foretold:
    assert tried.nest is not None  # noqa: S101 - nests are only tried where there are some
    rows = tried.held[tried.choices.task]
    fit = nested_logit(tried.seen, tried.nest[~rows])
    return _scored(tried.unseen, fit.probabilities(tried.unseen, tried.nest[rows]))


def _by_classes(tried: Tried, rng: np.random.Generator) -> Foretold:
    fit, unseen = segments(tried.seen, most=MOST_CLASSES, rng=rng), tried.unseen
    _, place = tried.places()
    each = np.column_stack([unseen.probabilities(one) for one in fit.coefficients])
    return _scored(unseen, (each * fit.memberships[place][unseen.task]).sum(axis=1))


def _by_mixture(tried: Tried, rng: np.random.Generator) -> Foretold:
    """Persons drawn from the mixture count by how well they explain what each person chose."""
    seen, unseen = tried.seen, tried.unseen
    fit = mixed_logit(seen, Tastes(kinds=tried.kinds), rng=rng, draws=MIXED_DRAWS, starts=3)
    here, there = tried.places()
    n = int(here.max()) + 1
    normals = rng.standard_normal((n, len(fit.tastes.random), PERSON_DRAWS))
    coefficients = fit.tastes.coefficients(fit.tastes.latent(fit.parameters, normals))
    weight, chances = np.empty((n, PERSON_DRAWS)), np.empty((unseen.task.size, PERSON_DRAWS))
    for draw in range(PERSON_DRAWS):
        one = coefficients[:, :, draw]
        own = np.log(np.maximum(_of_each(seen, one[here])[seen.chosen], TINY))
        weight[:, draw] = np.bincount(here, weights=own)
        chances[:, draw] = _of_each(unseen, one[there])
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    return _scored(unseen, (chances * weight[there][unseen.task]).sum(axis=1))


def _by_persons(tried: Tried, rng: np.random.Generator) -> Foretold:
    fit, unseen = hierarchical_logit(tried.seen, tried.kinds, rng=rng, run=TRIED), tried.unseen
    _, place = tried.places()
    total = np.zeros(unseen.task.size)
    for persons in fit.persons:
        total += _of_each(unseen, persons[place].astype(np.float64))
    return _scored(unseen, total / len(fit.persons))


def _of_each(choices: Choices, coefficients: Floats) -> Floats:
    """Chances of alternatives where each task has coefficients of its own, shape (tasks, K)."""
    utility = np.einsum("rk,rk->r", choices.attributes, coefficients[choices.task])
    utility -= np.maximum.reduceat(utility, choices.starts)[choices.task]
    odds = np.exp(utility)
    return np.asarray(odds / np.add.reduceat(odds, choices.starts)[choices.task], dtype=np.float64)


def ranked(scores: Mapping[Model, Foretold], person: Whole) -> tuple[Candidate, ...]:
    """The models, the best first, given the person of each unseen task."""
    best = max(scores, key=lambda model: float(scores[model][0].mean()))
    _, who = np.unique(person, return_inverse=True)
    n_tasks, n_persons = who.size, int(who.max()) + 1
    made = []
    for model, (logs, hit) in scores.items():
        behind = logs - scores[best][0]
        sums = np.bincount(who, weights=behind - behind.mean())
        error = np.sqrt(sums @ sums * n_persons / max(n_persons - 1, 1)) / n_tasks
        made.append(
            Candidate(
                model=model,
                score=float(logs.mean()),
                behind=float(behind.mean()),
                error=float(error),
                hits=float(hit.mean()),
            )
        )
    return tuple(sorted(made, key=lambda one: -one.score))


def simplest(candidates: tuple[Candidate, ...]) -> Model:
    """The simplest model whose score lies within a standard error of the best."""
    order = tuple(Model)
    near = [one.model for one in candidates if one.behind >= -one.error]
    return min(near, key=order.index)
