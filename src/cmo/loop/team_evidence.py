"""What is measured of the team: load and coverage, as uncertain as the hours that work will take."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from cmo.ledger.tasks import tasks
from cmo.loop.workforce import Workforce, workforce
from cmo.measures import Doubt, Estimate, Grade, Text, Unanswered, Window
from cmo.strategy.document import Strategy
from cmo.strategy.evidence import Evidence
from cmo.team.coverage import coverage
from cmo.team.effort import Overrun, coverage_draws, load_draws, overrun

LOAD, COVERAGE = "team.load", "team.coverage"
FEW = 5
"""Finished pieces of work below which the hours of work are little more than a guess."""


def with_team(evidence: Evidence, strategy: Strategy) -> Evidence:
    """The evidence of a review with what is known of the team in the place of what was known before.

    The weeks begin the day after the last day that the data reach, so that the same data and the same work
    give the same figures.
    """
    others = [one for one in evidence.estimates if one.measure not in (LOAD, COVERAGE)]
    found = _measured(strategy, as_of=max((one.as_of for one in others), default=None))
    gaps = (one for one in evidence.unanswered if one.measure not in (LOAD, COVERAGE))
    return replace(
        evidence,
        estimates=(*others, *(one for one in found if isinstance(one, Estimate))),
        unanswered=(*gaps, *(one for one in found if isinstance(one, Unanswered))),
    )


def learnt_overrun() -> Overrun:
    """What finished work tells of the hours that are thought of."""
    return overrun([(one.item.hours, one.taken) for one in tasks() if one.taken is not None])


def team_estimates(force: Workforce, hours: Overrun, *, as_of: date) -> list[Estimate]:
    """Load by person and coverage by skill.

    Args:
        force: The team and its work, staffed.
        hours: How hours taken relate to hours thought of.
        as_of: The last day that is known.
    """
    rng = np.random.default_rng(0)  # the same work gives the same figures
    ratio = hours.draws(len(force.items), rng=rng)
    window = Window(start=force.today, end=force.weeks.monday(force.n_busy) - timedelta(days=1))
    doubts = (
        ()
        if hours.n >= FEW
        else (
            Doubt(
                code="hours_guessed",
                says=Text(
                    f"Hours are estimates; {hours.n} finished pieces of work tell how far they are off.",
                    f"Les heures sont estimées ; {hours.n} travaux finis disent de combien elles s'écartent.",
                ),
            ),
        )
    )
    method = Text(
        "the staffing of all work that is asked for, its hours as uncertain as finished work shows",
        "l'affectation du travail demandé, aux heures incertaines comme le montre le travail fini",
    )

    def told(measure: str, draws: npt.NDArray[np.float64], subjects: tuple[str, ...], by: str) -> Estimate:
        return Estimate.of_draws(
            measure,
            draws,
            subjects=subjects,
            by=by,
            unit="share",
            window=window,
            as_of=as_of,
            method=method,
            grade=Grade.D,
            tables=(),
            doubts=doubts,
        )

    until = slice(force.n_busy)
    people = [replace(one, hours=one.hours[until], free=one.free[until]) for one in force.people]
    there = [i for i, one in enumerate(people) if sum(one.hours) > 0]
    loads = load_draws(force.plan, force.items, people, ratio=ratio)
    found = []
    if there:
        names = tuple(force.people[i].id for i in there)
        found.append(told(LOAD, loads[:, there], names, "person"))
    covered = sorted(coverage(force.items, force.people, force.plan), key=lambda one: one.skill)
    if covered:
        skills = tuple(one.skill for one in covered)
        spare = [one.spare for one in covered]
        draws = coverage_draws(force.plan, force.items, skills, spare=spare, ratio=ratio)
        found.append(told(COVERAGE, draws, skills, "skill"))
    return found


def _measured(strategy: Strategy, *, as_of: date | None) -> list[Estimate | Unanswered]:
    if not strategy.team or as_of is None:
        reason = Text(
            "strategy.yaml names no team: write each with skills and hours per week.",
            "strategy.yaml ne nomme aucune équipe : décrivez chacun, compétences et heures par semaine.",
        )
        return [Unanswered(measure=name, reason=reason) for name in (LOAD, COVERAGE)]
    force = workforce(strategy, today=as_of + timedelta(days=1))
    found = team_estimates(force, learnt_overrun(), as_of=as_of)
    missing = {LOAD, COVERAGE} - {one.measure for one in found}
    reason = Text(
        "No work is asked for that needs a skill, or nobody has hours.",
        "Aucun travail demandé n'exige de compétence, ou personne n'a d'heures.",
    )
    return [*found, *(Unanswered(measure=name, reason=reason) for name in sorted(missing))]
