"""`cmo problems`: what customers suffer from, what is at stake, and where it stands with the makers."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.voice_answers import problem_answer, problems_answer
from cmo.ledger.audit import note
from cmo.ledger.backlog import problem_steps, take_problem
from cmo.ledger.reviews import remembered_evidence
from cmo.loop.standing import Standing, standing
from cmo.loop.voice import quiet
from cmo.loop.voice_kept import kept_voice, voice_at_hand
from cmo.measures import Language, Problem
from cmo.value.aspects import aspect_of
from cmo.value.backlog import NEXT, Stage, Step
from cmo.workspace import Workspace

WEEK = 7
FEWEST_WEEKS = 4  # weeks after shipping below which no effect is told


def problems(folder: Path, *, language: Language | None) -> Answer:
    """All problems, those with most value at stake first.

    Raises:
        Problem: There has been no review, or there is no opinion in words.
    """
    now = standing(folder, language)
    currency = now.workspace.config.company.currency
    return problems_answer(known_problems(now), currency=currency, language=now.language)


def one_problem(folder: Path, name: str, *, language: Language | None) -> Answer:
    """Everything that is known of one problem.

    Raises:
        Problem: No problem is called so.
    """
    now = standing(folder, language)
    currency = now.workspace.config.company.currency
    return problem_answer(_named(now, name), currency=currency, language=now.language)


def moved(folder: Path, name: str, to: str, *, by: str, words: str = "", language: Language | None) -> Answer:
    """Take a problem one stage further with those who build the product.

    Args:
        folder: The company's folder.
        name: Id of the problem.
        to: The stage it reaches.
        by: Who says so.
        words: What there is to say; a decline needs a reason.
        language: Language of the answer.

    Raises:
        Problem: No problem or stage is called so, or the stage does not follow.
    """
    now = standing(folder, language)
    one = _named(now, name)
    try:
        stage = Stage(to)
    except ValueError:
        raise Problem(f"no stage is called {to}; the stages are {', '.join(Stage)}") from None
    if stage is Stage.MEASURED and one["effect"] is None:
        raise Problem(
            f"the effect of {name} cannot be measured yet: it takes {FEWEST_WEEKS} weeks of opinions after "
            "the day it was shipped"
        )
    seen = {"frequency": one["frequency"], "stake": one["stake"], "effect": one["effect"]}
    take_problem(name, stage, by=by, words=words, seen=seen)
    note(f"problem {stage.value}", by=by, kind="problem", key=name)
    currency = now.workspace.config.company.currency
    return problem_answer(_named(now, name), currency=currency, language=now.language)


def known_problems(now: Standing) -> list[dict[str, Any]]:
    """The problems of the last review with their state, and those under way that are none any more."""
    return _known(kept_voice(now.workspace, progress=quiet).told)


def problems_at_hand(workspace: Workspace) -> tuple[dict[str, Any], ...]:
    """The problems as they were last worked out; none where they never were. Costs little."""
    told = voice_at_hand(workspace)
    return () if told is None else tuple(_known(told))


def _known(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = problem_steps()
    worth = _worth()
    found = [_standing(one, steps.get(one["id"], ()), told=told, worth=worth) for one in told["problems"]]
    there = {one["id"] for one in found}
    gone: dict[str, Any] = {
        "n_opinions": 0,
        "frequency": None,
        "bearing": None,
        "quotes": [],
        "segments": [],
        "stake": None,
    }
    return found + [
        _standing({"id": name, **gone}, taken, told=told, worth=worth)
        for name, taken in steps.items()
        if name not in there
    ]


def _named(now: Standing, name: str) -> dict[str, Any]:
    known = {one["id"]: one for one in known_problems(now)}
    if name not in known:
        raise Problem(f"no problem is called {name}; the problems are {', '.join(known) or 'none'}")
    return known[name]


def _standing(
    one: Mapping[str, Any],
    steps: tuple[Step, ...],
    *,
    told: Mapping[str, Any],
    worth: Mapping[str, list[tuple[str, list[float]]]],
) -> dict[str, Any]:
    state = steps[-1].stage if steps else None
    shipped = [step for step in steps if step.stage is Stage.SHIPPED]
    return {
        **one,
        "state": None if state is None else state.value,
        "next": [stage.value for stage in NEXT[state]],
        "steps": [
            {"state": step.stage.value, "at": step.at.isoformat(), "by": step.by, "words": step.words}
            for step in steps
        ],
        "willing_to_pay": worth.get(str(one["id"]), []),
        "effect": _effect(str(one["id"]), shipped[-1].at.date(), told) if shipped else None,
    }


def _worth() -> dict[str, list[tuple[str, list[float]]]]:
    """What people would pay for levels of attributes that name the aspect, where a choice survey tells."""
    found: dict[str, list[tuple[str, list[float]]]] = {}
    for estimate in remembered_evidence("value.wtp").of("value.wtp"):
        for subject in estimate.subjects:
            aspect = aspect_of(subject.replace("=", " ").replace("_", " "))
            if aspect is not None:
                figure = estimate.figure(subject)
                found.setdefault(aspect, []).append((subject, [figure.low, figure.value, figure.high]))
    return found


def _effect(name: str, shipped_on: date, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Complaints per opinion since a day against the year before; None where too few weeks have passed."""
    weeks = (date.fromisoformat(told["as_of"]) - shipped_on).days // WEEK
    counts = told["weeks"]["complaints"].get(name)
    if counts is None or weeks < FEWEST_WEEKS or weeks >= len(counts):
        return None
    rng = np.random.default_rng(weeks)
    opinions = told["weeks"]["opinions"]
    after, before = sum(counts[-weeks:]), sum(counts[:-weeks][-52:])
    n_after, n_before = sum(opinions[-weeks:]), sum(opinions[:-weeks][-52:])
    if not n_after or not n_before:
        return None
    ratio = rng.gamma(after + 0.5, size=2000) / n_after / (rng.gamma(before + 0.5, size=2000) / n_before)
    return {"weeks": weeks, "times": np.quantile(ratio, (0.05, 0.5, 0.95)).tolist()}
