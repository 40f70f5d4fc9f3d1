"""Tests as answers: the board of all of them, and one with everything that is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cmo.briefs.answers import Answer, Data
from cmo.experiments.checks import Check
from cmo.experiments.life import Life, Sealed
from cmo.experiments.registration import Conclusion, Stage
from cmo.measures import Language, Text, Unit

STAGES = {
    Stage.IDEA: Text("idea", "idée"),
    Stage.SCORED: Text("scored", "évalué"),
    Stage.DESIGNED: Text("designed", "conçu"),
    Stage.APPROVED: Text("approved", "approuvé"),
    Stage.RUNNING: Text("running", "en cours"),
    Stage.ANALYSING: Text("analysing", "en analyse"),
    Stage.DECIDED: Text("decided", "décidé"),
    Stage.LEARNT: Text("learnt", "appris"),
}
CONCLUSIONS = {
    Conclusion.WON: Text("won", "gagné"),
    Conclusion.LOST: Text("lost", "perdu"),
    Conclusion.INCONCLUSIVE: Text("inconclusive", "sans conclusion"),
    Conclusion.STOPPED_EARLY: Text("stopped early", "arrêté avant terme"),
    Conclusion.INVALID: Text("invalid", "invalide"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A test on the board.

    Attributes:
        test: Identifier.
        says: What is tried.
        stage: Where it stands; by its dates where only strategy.yaml tells of it.
        form: What a marketer calls it.
        subject: The channel, segment or regions it is about.
        starts_on: First day, none for an idea.
        ends_on: Last day.
        registered: Whether its design was sealed here.
        conclusion: How it ended.
        days_left: Days until its planned end, while it runs.
        overdue: Whether it should have been decided.
        effect: Relative effect last read, with the bounds of its interval.
    """

    test: str
    says: Text
    stage: Stage
    form: str
    subject: str
    starts_on: date | None = None
    ends_on: date | None = None
    registered: bool = False
    conclusion: Conclusion | None = None
    days_left: int | None = None
    overdue: bool = False
    effect: tuple[float, float, float] | None = None


def board_answer(cards: Sequence[Card], language: Language) -> Answer:
    """All tests by stage, those that wait for somebody first."""
    ranked = sorted(cards, key=lambda card: (not card.overdue, _URGENCY.index(card.stage)))
    head = Text(
        "test|state|kind|about|until|effect|remark", "test|état|genre|sujet|jusqu'au|effet|remarque"
    ).in_(language)
    late = [card.test for card in ranked if card.overdue]
    lines: tuple[str, ...] = ()
    if not cards:
        none = Text(
            "There is no test yet: cmo tests design makes one.",
            "Il n'y a encore aucun test : cmo tests design en conçoit un.",
        )
        lines = (none.in_(language),)
    elif late:
        named = ", ".join(late)
        lines = (
            Text(
                f"Ended and waiting for a decision: {named}.",
                f"Terminés et en attente d'une décision : {named}.",
            ).in_(language),
        )
    return Answer(
        data={"tests": [card_data(card, language) for card in ranked]},
        lines=lines,
        head=tuple(head.split("|")) if cards else (),
        body=tuple(_row(card, language) for card in ranked),
    )


_URGENCY = (
    Stage.ANALYSING,
    Stage.RUNNING,
    Stage.APPROVED,
    Stage.DESIGNED,
    Stage.DECIDED,
    Stage.SCORED,
    Stage.IDEA,
    Stage.LEARNT,
)


def card_data(card: Card, language: Language) -> Data:
    """A test of the board as plain values."""
    return {
        "id": card.test,
        "says": card.says.in_(language),
        "stage": card.stage.value,
        "kind": card.form,
        "subject": card.subject,
        "starts_on": None if card.starts_on is None else card.starts_on.isoformat(),
        "ends_on": None if card.ends_on is None else card.ends_on.isoformat(),
        "registered": card.registered,
        "conclusion": None if card.conclusion is None else card.conclusion.value,
        "days_left": card.days_left,
        "overdue": card.overdue,
        "effect": None
        if card.effect is None
        else dict(zip(("estimate", "low", "high"), card.effect, strict=True)),
    }


def _row(card: Card, language: Language) -> tuple[str, ...]:
    until = "–" if card.ends_on is None else card.ends_on.isoformat()
    effect = "–"
    if card.effect is not None:
        share = Unit("share")
        middle, low, high = (share.write(end, language) for end in card.effect)
        effect = f"{middle} ({low} {'to' if language == 'en' else 'à'} {high})"
    return (
        card.test,
        STAGES[card.stage].in_(language),
        card.form,
        card.subject,
        until,
        effect,
        _remark(card).in_(language),
    )


def _remark(card: Card) -> Text:
    if card.overdue:
        return Text("to be decided", "à décider")
    if card.conclusion is not None:
        return CONCLUSIONS[card.conclusion]
    if card.days_left is not None:
        plural = "s" if card.days_left > 1 else ""
        return Text(f"{card.days_left} day{plural} left", f"encore {card.days_left} jour{plural}")
    if not card.registered and card.stage not in {Stage.IDEA, Stage.SCORED}:
        return Text("unregistered", "hors registre")
    return Text.same("")


def life_data(life: Life) -> Data:
    """Everything that is remembered of a test."""
    return {
        "id": life.test,
        "says": life.says.as_mapping(),
        "stage": life.stage.value,
        "conclusion": None if life.conclusion is None else life.conclusion.value,
        "score": dict(life.score),
        "designs": [design_data(design) for design in life.designs],
        "steps": [
            {
                "stage": step.stage.value,
                "at": step.at.isoformat(),
                "by": step.by,
                "words": step.words,
                "day": None if step.day is None else step.day.isoformat(),
                "conclusion": None if step.conclusion is None else step.conclusion.value,
                "version": step.version,
            }
            for step in life.steps
        ],
    }


def design_data(design: Sealed) -> Data:
    """A sealed design as plain values."""
    figures = design.figures
    return {
        "version": design.number,
        "seal": design.seal,
        "unbroken": design.unbroken,
        "made_by": design.made_by,
        "made_at": design.made_at.isoformat(),
        "population": list(design.population),
        "registration": design.registration.as_mapping(),
        "figures": {
            "standard_error": figures.standard_error,
            "expected_effect": figures.expected_effect,
            "power": figures.power,
            "mde": figures.mde,
            "weeks": figures.weeks,
            "units": figures.units,
            "cost": figures.cost,
            "value": figures.value,
            "spend_change": figures.spend_change,
        },
    }


def check_data(check: Check, language: Language) -> Data:
    """A check with its sentence."""
    return {
        "code": check.code,
        "passed": check.passed,
        "vital": check.vital,
        "p": check.p,
        "says": check.says.in_(language),
    }


def check_line(check: Check, language: Language) -> str:
    """A check with a sign: `ok`, `!` where it casts doubt, `STOP` where it forbids."""
    sign = {True: Text("ok", "ok"), None: Text("?", "?")}.get(
        check.passed, Text("STOP", "STOP") if check.vital else Text("!", "!")
    )
    return f"  {sign.in_(language):<5}{check.says.in_(language)}"


def life_answer(life: Life, readings: Sequence[Mapping[str, Any]], language: Language) -> Answer:
    """One test: what was promised, what happened, what was read."""
    lines = [f"{life.test} – {life.says.in_(language)} – {STAGES[life.stage].in_(language)}"]
    if life.design is not None:
        lines += design_lines(life.design, language)
    head = Text("state|when|by|remark", "état|quand|par|remarque").in_(language)
    return Answer(
        data={**life_data(life), "readings": [dict(one) for one in readings]},
        lines=tuple(lines),
        head=tuple(head.split("|")),
        body=tuple(
            (
                STAGES[step.stage].in_(language),
                (step.at if step.day is None else step.day).strftime("%Y-%m-%d"),
                step.by,
                _said(step.words, step.conclusion, language),
            )
            for step in life.steps
        ),
    )


def design_lines(design: Sealed, language: Language) -> list[str]:
    """What a sealed design promises, in sentences."""
    promise = design.registration
    metric, first, last = promise.metric, promise.starts_on, promise.ends_on
    days = (last - first + timedelta(days=1)).days
    told = Text(
        f"Version {design.number}, sealed {design.seal[:12]}, by {design.made_by}. {promise.hypothesis}",
        f"Version {design.number}, scellée {design.seal[:12]}, par {design.made_by}. {promise.hypothesis}",
    )
    decides = Text(
        f"Decided on {metric}, from {first} to {last} ({days} days).",
        f"Tranché sur {metric}, du {first} au {last} ({days} jours).",
    )
    return [told.in_(language), decides.in_(language)]


def _said(words: str, conclusion: Conclusion | None, language: Language) -> str:
    if conclusion is None:
        return words
    named = CONCLUSIONS[conclusion].in_(language)
    return f"{named}: {words}" if language == "en" else f"{named} : {words}"
