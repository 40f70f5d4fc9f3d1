"""Tests that pay, as decisions: the best one on the channels, and the best one on each audience."""

from collections.abc import Sequence
from datetime import timedelta

from cmo.experiments.feasible import Form
from cmo.measures import Grade, Text, Window
from cmo.strategy.decisions.decision import Decision, Execution, Kind, Move, Reversibility, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.information.worth import USED_FOR, Candidate


def trials(ground: Ground, found: Sequence[Candidate]) -> list[Decision | Withheld]:
    """The first test on a channel and the first of each audience: their values do not add up otherwise."""
    if not found:
        return [
            Withheld(
                kind=Kind.TEST,
                why=Text(
                    "No test that could be run is worth more than it costs.",
                    "Aucun test réalisable ne vaut plus qu'il ne coûte.",
                ),
            )
        ]
    chosen: dict[str, Candidate] = {}
    for one in found:
        chosen.setdefault(_about(one), one)
    return [_trial(ground, one) for one in chosen.values()]


def _about(candidate: Candidate) -> str:
    return candidate.design.subject if candidate.design.form is Form.SPLIT else "channels"


def _trial(ground: Ground, one: Candidate) -> Decision:
    start = ground.today + timedelta(days=1)
    period = Window(start=start, end=start + timedelta(days=USED_FOR - 1))
    read_on = start + timedelta(weeks=one.design.weeks, days=7)
    return Decision(
        id=f"test-{one.design.id}",
        kind=Kind.TEST,
        says=one.says,
        why=one.why,
        moves=(Move(source=None, target=one.design.id, money=one.design.cost),) if one.design.cost else (),
        money=one.design.cost,
        profit=one.draws,
        period=period,
        basis=ground.basis(
            "experiments.lift" if one.design.form is Form.SPLIT else "media.response", grade=Grade.C
        ),
        execution=Execution(
            owner=ground.owner("experiments", "statistics", "media_planning"),
            hours=one.hours,
            reversibility=Reversibility.EASY,
            stop_rule=Text(
                f"It ends after {one.design.weeks} weeks and is read once, as registered.",
                f"Il s'arrête après {one.design.weeks} semaines et se lit une fois, comme prévu.",
            ),
            review_on=read_on,
        ),
        counts=frozenset({f"know:{_about(one)}"}),
    )
