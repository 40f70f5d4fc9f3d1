"""Questionnaires of choices: which offers to show so that few answers say much, and how much they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from cmo.value.choice import Choices, Floats, UnidentifiedError, logit

Whole = npt.NDArray[np.int64]
Profile = Mapping[str, str | float]

STARTS = 4
MOST_ROUNDS = 30
DRAWS = 40  # of the prior over which a design is judged
MOST_PROFILES = 20_000
MOST_TRIED = 150  # offers tried at one place at a time
BETTER = 1e-9
TINY = np.finfo(float).tiny
INTERVAL = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Tasks, each a set of offers to choose from.

    Attributes:
        profiles: Offers that may be shown, by attribute.
        coded: The same as numbers, shape (profiles, K); the last column is that of "none of them" where it
            is offered.
        tasks: Number of the profile at each place, shape (tasks, places).
        block: Version of the questionnaire to which each task belongs, shape (tasks,), from 0.
        d_error: Mean over the prior of the determinant of the covariance per respondent and version, to the
            power 1/K: the smaller the better.
        overlap: Share of pairs of offers within a task that show the same level of an attribute.
        none: Whether each task offers to take none of them too.
    """

    profiles: tuple[Profile, ...]
    coded: Floats
    tasks: Whole
    block: Whole
    d_error: float
    overlap: float
    none: bool = False

    @property
    def always(self) -> Floats:
        """What every task shows besides its offers, shape (0 or 1, K)."""
        return _none_of(self.coded.shape[1], offered=self.none)

    def rows(self) -> list[dict[str, str | float]]:
        """The questionnaire as a table: version, task, place, and the attributes of the offer.

        The offer to take none of them has no attribute.
        """
        made: list[dict[str, str | float]] = []
        for t in np.argsort(self.block, kind="stable").tolist():
            where: dict[str, str | float] = {"version": int(self.block[t]) + 1, "task": t + 1}
            for place, number in enumerate(self.tasks[t].tolist()):
                made.append({**where, "place": place + 1, **self.profiles[number]})
            if self.none:
                made.append({**where, "place": self.tasks.shape[1] + 1})
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What a survey of some size would say.

    Attributes:
        respondents: Number of people asked.
        error: Standard error of each coefficient, shape (K,).
        found: Share of simulated surveys whose 95 % interval leaves out zero, shape (K,).
        covered: Share of simulated surveys whose 95 % interval holds the truth, shape (K,).
    """

    respondents: int
    error: Floats
    found: Floats
    covered: Floats


def profiles(
    levels: Mapping[str, Sequence[str | float]], *, forbidden: Callable[[Profile], bool] | None = None
) -> tuple[tuple[Profile, ...], Floats]:
    """All offers that the levels allow, and their codes.

    Levels that are words take a column for each after the first; numbers take one column.

    Args:
        levels: Attribute → its levels, at least two.
        forbidden: Tells which offers make no sense.

    Returns:
        The offers, and their codes, shape (offers, K).

    Raises:
        ValueError: An attribute has one level, or there are too many offers to list.
    """
    for name, values in levels.items():
        if len(set(values)) < 2:
            raise ValueError(f"attribute {name} has {len(set(values))} levels, must have at least two")
    count = int(np.prod([len(values) for values in levels.values()]))
    if count > MOST_PROFILES:
        raise ValueError(f"the levels make {count} offers, at most {MOST_PROFILES}; take fewer levels")
    made = [dict(zip(levels, values, strict=True)) for values in product(*levels.values())]
    kept = tuple(one for one in made if forbidden is None or not forbidden(one))
    return kept, np.column_stack([_column(kept, name, values) for name, values in levels.items()])


def _column(kept: Sequence[Profile], name: str, values: Sequence[str | float]) -> Floats:
    if all(isinstance(value, int | float) for value in values):
        return np.array([[float(one[name])] for one in kept])
    return np.array([[float(one[name] == value) for value in values[1:]] for one in kept])


def design(
    offers: tuple[tuple[Profile, ...], Floats],
    *,
    tasks: int,
    places: int,
    versions: int,
    prior: tuple[Floats, Floats],
    rng: np.random.Generator,
    none: bool = False,
) -> Questionnaire:
    """A questionnaire with a small Bayesian D-error, by exchange of offers.

    No task shows the same offer twice.

    Args:
        offers: As `profiles` gives them.
        tasks: Tasks that each respondent answers.
        places: Offers in each task, at least two.
        versions: Versions of the questionnaire; respondents are spread over them.
        prior: Means and standard deviations of the coefficients, each of shape (K,); zeros and a small
            spread where nothing is known; one more where none may be taken, for "none of them".
        rng: Source of randomness.
        none: Whether each task offers to take none of them too.

    Returns:
        The best questionnaire of several starting points.

    Raises:
        ValueError: There are fewer offers than places, or too few answers to tell the coefficients apart.

    References:
        Cook and Nachtsheim (1980), "A comparison of algorithms for constructing exact D-optimal designs";
        Sándor and Wedel (2001), "Designing conjoint choice experiments using managers' prior beliefs".
    """
    kept, coded = offers
    if none:
        coded = np.column_stack([coded, np.zeros(len(coded))])
    always = _none_of(coded.shape[1], offered=none)
    if not 2 <= places <= len(kept):
        raise ValueError(f"places == {places}, must be between 2 and the number of offers, {len(kept)}")
    n_tasks, k = tasks * versions, coded.shape[1]
    if n_tasks * (places - 1 + len(always)) < k:
        raise ValueError(f"{n_tasks} tasks of {places} offers cannot tell {k} coefficients apart; ask more")
    scale = np.maximum(np.abs(np.vstack([coded, always])).max(axis=0), TINY)
    scaled, mean, spread = coded / scale, prior[0] * scale, prior[1] * scale
    worths = mean + spread * rng.standard_normal((DRAWS, k))
    best: tuple[float, Whole] | None = None
    for _ in range(STARTS):
        start = np.stack([rng.choice(len(kept), places, replace=False) for _ in range(n_tasks)])
        found = _exchanged(start, scaled, worths, rng, always=always)
        if best is None or found[0] < best[0]:
            best = found
    assert best is not None  # noqa: S101 - there is at least one start
    return Questionnaire(
        profiles=kept,
        coded=coded,
        tasks=best[1],
        block=np.arange(n_tasks) % versions,
        d_error=best[0] * versions,
        overlap=_overlap(best[1], kept),
        none=none,
    )


def _none_of(k: int, *, offered: bool) -> Floats:
    """The row of "none of them", the last column of K, or no row."""
    return np.eye(k)[-1:] if offered else np.zeros((0, k))


def _beside(shown: Floats, always: Floats) -> Floats:
    """Offers shown with what every task shows, shape (tasks, places, K)."""
    return np.concatenate([shown, np.broadcast_to(always, (len(shown), *always.shape))], axis=1)


def _exchanged(
    tasks: Whole, coded: Floats, worths: Floats, rng: np.random.Generator, *, always: Floats
) -> tuple[float, Whole]:
    """Replace one offer after the other by the one that lowers the D-error most, until none does."""
    tasks = tasks.copy()
    information = np.stack(
        [_information(_beside(coded[numbers][None], always), worths)[0] for numbers in tasks]
    )
    total = information.sum(axis=0)
    reached = _error(total[None])[0]
    for _ in range(MOST_ROUNDS):
        before = reached
        for t in range(len(tasks)):
            for place in range(tasks.shape[1]):
                rest = total - information[t]
                tried = np.setdiff1d(np.arange(len(coded)), tasks[t])
                if tried.size > MOST_TRIED:
                    tried = rng.choice(tried, MOST_TRIED, replace=False)
                sets = np.tile(tasks[t], (tried.size, 1))
                sets[:, place] = tried
                each = _information(_beside(coded[sets], always), worths)
                errors = _error(rest + each)
                lowest = int(errors.argmin())
                if errors[lowest] < reached - BETTER:
                    tasks[t] = sets[lowest]
                    information[t], reached = each[lowest], errors[lowest]
                    total = rest + each[lowest]
        if reached > before - BETTER:
            break
    return float(reached), tasks


def _information(shown: Floats, worths: Floats) -> Floats:
    """Information of tasks under each draw, shape (tasks, draws, K, K)."""
    utility = np.einsum("tpk,dk->tdp", shown, worths)
    odds = np.exp(utility - utility.max(axis=2, keepdims=True))
    chances = odds / odds.sum(axis=2, keepdims=True)
    mean = np.einsum("tdp,tpk->tdk", chances, shown)
    square = np.einsum("tdp,tpk,tpl->tdkl", chances, shown, shown, optimize=True)
    return np.asarray(square - mean[..., :, None] * mean[..., None, :], dtype=np.float64)


def _error(information: Floats) -> Floats:
    """Mean over draws of det(covariance) to the power 1/K, shape (designs,)."""
    k = information.shape[-1]
    sign, logs = np.linalg.slogdet(information)
    errors = np.where(sign > 0, np.exp(-np.maximum(logs, -700 * k) / k), np.inf)
    return np.asarray(errors.mean(axis=-1), dtype=np.float64)


def _overlap(tasks: Whole, kept: Sequence[Profile]) -> float:
    same = [
        kept[a][name] == kept[b][name]
        for numbers in tasks
        for i, a in enumerate(numbers)
        for b in numbers[i + 1 :]
        for name in kept[a]
    ]
    return float(np.mean(same))


def power(
    asked: Questionnaire,
    worths: Floats,
    *,
    respondents: int,
    surveys: int,
    rng: np.random.Generator,
) -> Power:
    """What the questionnaire would find, by simulated surveys of people who differ.

    Args:
        asked: The questionnaire; respondents take its versions in turn.
        worths: Coefficients of people to draw from, shape (people, K): a guess, or an earlier survey.
        respondents: Number of people asked.
        surveys: Number of simulated surveys.
        rng: Source of randomness.

    Returns:
        Errors, and the share of surveys that find each coefficient. The truth of a survey of people who
        differ is what the multinomial logit of very many of them would say.

    Raises:
        UnidentifiedError: Hardly any survey of that size could be read.
    """
    large = max(respondents, 4000)
    truth = logit(_answers(asked, worths, respondents=large, rng=rng)).coefficients
    errors, found, covered = [], [], []
    for _ in range(surveys):
        try:
            fit = logit(_answers(asked, worths, respondents=respondents, rng=rng))
        except UnidentifiedError:
            continue
        error = np.sqrt(np.diag(fit.clustered))
        errors.append(error)
        found.append(np.abs(fit.coefficients) > INTERVAL * error)
        covered.append(np.abs(fit.coefficients - truth) < INTERVAL * error)
    if len(errors) < surveys / 2:
        raise UnidentifiedError(
            f"a survey of {respondents} people cannot be read in most cases; ask more people"
        )
    return Power(
        respondents=respondents,
        error=np.median(errors, axis=0),
        found=np.mean(found, axis=0),
        covered=np.mean(covered, axis=0),
    )


def _answers(asked: Questionnaire, worths: Floats, *, respondents: int, rng: np.random.Generator) -> Choices:
    versions = int(asked.block.max()) + 1
    each = np.stack([np.flatnonzero(asked.block == version) for version in range(versions)])
    tasks = each[np.arange(respondents) % versions]
    shown = _beside(asked.coded[asked.tasks[tasks.ravel()]], asked.always)
    people = worths[rng.integers(len(worths), size=respondents)]
    utility = np.einsum("tpk,tk->tp", shown, np.repeat(people, tasks.shape[1], axis=0))
    utility += rng.gumbel(size=utility.shape)
    n_tasks, places = utility.shape
    return Choices.of(
        shown.reshape(n_tasks * places, -1),
        task=np.repeat(np.arange(n_tasks), places),
        chosen=(utility == utility.max(axis=1, keepdims=True)).ravel(),
        person=np.repeat(np.arange(respondents), tasks.shape[1]),
    )
