"""What a campaign is made of: its driver, its facts, the words of a customer, the voice of the company."""

from collections.abc import Iterable
from typing import Final

from cmo.briefs.voice import Voice as Speech
from cmo.communication.brief import Driver, Insight, Voice
from cmo.communication.evidence import verbatims
from cmo.communication.facts import Fact
from cmo.communication.words import named, recognised_by
from cmo.customers.segmentation.segments import NAMED
from cmo.ledger.reviews import last_review, remembered_evidence
from cmo.loop.roll import kept_roll
from cmo.measures import Estimate, Language, Text
from cmo.strategy.document import Strategy
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

IMPORTANCE, SATISFACTION = "value.importance", "value.satisfaction"
PLEASED: Final = 0.5
"""Share of the satisfied below which an aspect is nothing to speak of."""
_NOT_SAID: Final = frozenset({"price", "brand", "total"})
"""Drivers that are no message."""
_MOST_FACTS: Final = 3


def drivers() -> tuple[Driver, ...]:
    """What makes customers choose, the weightiest first: from choices, else from their satisfaction."""
    if last_review() is None:
        return ()
    for measure in (IMPORTANCE, SATISFACTION):
        found = [
            Driver(id=name, says=named(name), weight=estimate.figure(name).value, measure=measure)
            for estimate in remembered_evidence(measure).of(measure)
            for name in estimate.subjects
            if estimate.by in {"attribute", "aspect"} and name not in _NOT_SAID
        ]
        if found:
            return tuple(sorted(found, key=lambda one: (-one.weight, one.id)))
    return ()


def facts() -> tuple[Fact, ...]:
    """Figures that a text to customers may refer to: what most of them are satisfied with, best first."""
    if last_review() is None:
        return ()
    found = [
        (estimate.figure(name).value, name, estimate)
        for estimate in remembered_evidence(SATISFACTION).of(SATISFACTION)
        for name in estimate.subjects
        if estimate.by == "aspect" and name not in _NOT_SAID and estimate.figure(name).value >= PLEASED
    ]
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:_MOST_FACTS]
    return tuple(_fact(name, estimate) for _, name, estimate in best)


def _fact(name: str, estimate: Estimate) -> Fact:
    share, words = estimate.figure(name).value, named(name)
    return Fact(
        id=name,
        says=Text(f"Customers satisfied with {words.en}", f"Avis satisfaits sur {words.fr}"),
        written=Text(Speech("en").percent(share), Speech("fr").percent(share)),
        measure=SATISFACTION,
        subject=name,
        as_of=estimate.as_of,
        grade=estimate.grade,
    )


def insight(
    workspace: Workspace, about: Iterable[str], *, segment: str, language: Language
) -> Insight | None:
    """What somebody of the segment really said of one of these drivers; none where nobody did.

    Args:
        workspace: The company's folder; it has been reviewed.
        about: Drivers, the most wanted first.
        segment: Customers it must be of; all where it is empty or none of theirs.
        language: Language it must be in.
    """
    if last_review() is None or "feedback" not in workspace.config.sources:
        return None
    field = open_field(workspace)
    people = None
    if segment in NAMED:
        held = kept_roll(workspace, language).table(("customer_id",), segment=segment)
        people = frozenset(str(one) for one in held["customer_id"].to_pylist())
    for driver in about:
        found = verbatims(field, recognised_by(driver), language=language, people=people)
        if found:
            first = found[0]
            return Insight(verbatim=first.verbatim, source=first.source, said_on=first.said_on, about=driver)
    return None


def voice(workspace: Workspace, strategy: Strategy) -> Voice:
    """How the company speaks: from its positioning, and from cmo.yaml."""
    config, said = workspace.config, strategy.positioning
    return Voice(
        company=config.company.name,
        stands=None if said is None else said.that,
        unlike=None if said is None else said.unlike,
        tone=config.communication.tone,
        mandatory=config.communication.mandatory,
        forbidden=config.communication.forbidden,
    )


def message(workspace: Workspace, strategy: Strategy, language: Language) -> str:
    """The single message where nobody gave one: what the positioning promises; empty without one."""
    said = strategy.positioning
    if said is None or said.that is None:
        return ""
    return f"{workspace.config.company.name} {said.that.in_(language).rstrip('.')}"
