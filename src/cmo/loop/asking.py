"""`cmo choice design`: a questionnaire of choices, and what it would find, before anybody is asked."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from cmo.briefs.answers import Answer
from cmo.briefs.questionnaire_answers import Asked, questionnaire_answer, questionnaire_page
from cmo.loop.standing import language_of
from cmo.measures import Language, Problem
from cmo.simulation.files import write_xlsx
from cmo.value.choice import Floats, UnidentifiedError
from cmo.value.questionnaire import Profile, Questionnaire, design, power, profiles
from cmo.workspace import Document

EXAMPLE = "attributes: {brand: [Ours, Theirs], price: [38, 42, 46]}"
FORMATS = (".csv", ".xlsx", ".html")
SURVEYS = 30
PEOPLE = 400
UNSURE = 0.3  # standard deviation of the prior of a coefficient, in utility over the attribute's reach
DIFFERENT = 0.5  # standard deviation of tastes over people, in the same
PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How people are to be asked.

    Attributes:
        tasks: Tasks that each respondent answers.
        places: Offers in each task.
        versions: Versions of the questionnaire.
        respondents: People to be asked.
        none: Whether they may take none of them.
        effect: Utility between two levels that the survey must find, where the file expects nothing.
        seed: Seed of the search.
    """

    tasks: int
    places: int
    versions: int
    respondents: int
    none: bool
    effect: float
    seed: int


def designed(folder: Path, file: Path, *, form: Form, to: Path | None, language: Language | None) -> Answer:
    """A questionnaire with a small D-error, its power, written to a file where one is named.

    Raises:
        Problem: The file describes no attributes, or the form cannot tell them apart.
    """
    spoken = language or language_of(folder)
    if to is not None and to.suffix not in FORMATS:
        raise Problem(f"{to}: a questionnaire is written as {', '.join(FORMATS)}; give the file such a name")
    levels, forbidden, expected = _described(Document.read(file))
    rng = np.random.default_rng(form.seed)
    try:
        made, names = _made(levels, forbidden, expected, form=form, rng=rng)
        worths = _worths(levels, expected, form)
        people = worths + DIFFERENT * _reach(levels, form) * rng.standard_normal((PEOPLE, worths.size))
        found = power(made, people, respondents=form.respondents, surveys=SURVEYS, rng=rng)
    except UnidentifiedError as error:
        raise Problem(str(error)) from error
    except ValueError as error:
        raise Problem(f"{file.name}: {error}") from error
    asked = Asked(questionnaire=made, names=names, worths=worths, power=found, levels=dict(levels))
    if to is not None:
        _write(asked, to, spoken)
    return questionnaire_answer(asked, to=to, language=spoken)


Levels = Mapping[str, list[str | float]]


def _described(document: Document) -> tuple[Levels, Callable[[Profile], bool], Mapping[str, float]]:
    """Attributes with their levels, which offers make no sense, and what is expected."""
    listed = document.data.get("attributes")
    if not isinstance(listed, dict) or not listed:
        raise Problem(f"{document.name}, line 1: attributes with their levels were expected, as {EXAMPLE}")
    levels: dict[str, list[str | float]] = {}
    for name, values in listed.items():
        if not isinstance(values, list) or len(values) < 2:
            line = document.line_of(("attributes", name))
            raise Problem(f"{document.name}, line {line}: {name} needs a list of at least two levels")
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        levels[str(name)] = [float(value) if numbers else str(value) for value in values]
    pairs = document.data.get("forbidden") or []
    for at, pair in enumerate(pairs):
        strange = set(pair) - set(levels) if isinstance(pair, dict) else {"?"}
        if strange:
            line = document.line_of(("forbidden", at))
            raise Problem(
                f"{document.name}, line {line}: levels that must not meet were expected, as "
                f"{{brand: Theirs, price: 38}}; {min(strange)} is no attribute"
            )

    def senseless(offer: Profile) -> bool:
        return any(
            all(str(offer[name]) == str(_like(levels[name], value)) for name, value in pair.items())
            for pair in pairs
        )

    expected = document.data.get("expected") or {}
    return levels, senseless, {str(name): float(worth) for name, worth in expected.items()}


def _like(levels: list[str | float], value: object) -> object:
    return float(value) if isinstance(levels[0], float) and isinstance(value, int | float) else value


def _made(
    levels: Levels,
    forbidden: Callable[[Profile], bool],
    expected: Mapping[str, float],
    *,
    form: Form,
    rng: np.random.Generator,
) -> tuple[Questionnaire, tuple[str, ...]]:
    """Levels of numbers are told apart in the search, so that all are shown; then they count from their mean.

    To take none of them is so held against an offer of mean numbers and first levels.
    """
    kept, coded = profiles(levels, forbidden=forbidden)
    if len(kept) < form.places:
        raise ValueError(f"only {len(kept)} offers are allowed, too few for {form.places} in a task")
    words = {name: [f"{value}" for value in values] for name, values in levels.items()}
    as_words = tuple({name: str(value) for name, value in one.items()} for one in kept)
    apart = np.column_stack(
        [
            [float(one[name] == level) for one in as_words]
            for name, values in words.items()
            for level in values[1:]
        ]
    )
    mean = np.concatenate([_level_worths(name, levels[name], expected) for name in levels])
    mean = np.append(mean, expected.get("none", 0.0)) if form.none else mean
    made = design(
        (kept, apart),
        tasks=form.tasks,
        places=form.places,
        versions=form.versions,
        prior=(mean, np.full(mean.size, UNSURE)),
        rng=rng,
        none=form.none,
    )
    names = [
        label
        for name, values in levels.items()
        for label in ([name] if isinstance(values[0], float) else [f"{name}={value}" for value in values[1:]])
    ]
    coded = coded - np.where(["=" in name for name in names], 0.0, coded.mean(axis=0))
    coded = np.column_stack([coded, np.zeros(len(coded))]) if form.none else coded
    return replace(made, coded=coded), (*names, *(("none",) if form.none else ()))


def _level_worths(name: str, values: list[str | float], expected: Mapping[str, float]) -> Floats:
    """Worth of each level over the first."""
    if isinstance(values[0], float):
        return np.array([expected.get(name, 0.0) * (float(v) - float(values[0])) for v in values[1:]])
    first = expected.get(f"{name}={values[0]}", 0.0)
    return np.array([expected.get(f"{name}={value}", first) - first for value in values[1:]])


def _reach(levels: Levels, form: Form) -> Floats:
    """What one unit of utility over the reach of each coefficient's attribute is in the coefficient."""
    each = [
        1 / (max(map(float, values)) - min(map(float, values)))
        if isinstance(values[0], float)
        else np.ones(len(values) - 1)
        for values in levels.values()
    ]
    return np.concatenate([*map(np.atleast_1d, each), *([np.ones(1)] if form.none else [])])


def _worths(levels: Levels, expected: Mapping[str, float], form: Form) -> Floats:
    """Coefficients expected, or an effect of the size that the survey must find."""
    worths: list[float] = []
    for name, values in levels.items():
        if isinstance(values[0], float):
            reach = max(map(float, values)) - min(map(float, values))
            worths.append(expected.get(name, (-1 if name == PRICE else 1) * form.effect / reach))
        else:
            told = any(f"{name}={value}" in expected for value in values)
            own = _level_worths(name, values, expected)
            worths += (own if told else np.full(len(values) - 1, form.effect)).tolist()
    return np.array([*worths, *([expected.get("none", 0.0)] if form.none else [])])


def _write(asked: Asked, to: Path, language: Language) -> None:
    rows = asked.questionnaire.rows()
    columns = ["version", "task", "place", *asked.levels]
    if to.suffix == ".html":
        to.write_text(questionnaire_page(asked, language), encoding="utf-8")
    elif to.suffix == ".xlsx":
        table = pa.table({name: [row.get(name) for row in rows] for name in columns})
        write_xlsx(to, table, sheet="questionnaire")
    else:
        with to.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(rows)
