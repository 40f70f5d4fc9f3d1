"""The sales channels as data and as the lines and table of a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.distribution.moving import Difference, Opening
from cmo.distribution.moving_evidence import Opened, Shared, Shift
from cmo.distribution.piloting import Brought
from cmo.distribution.standing import Advice, Figures, Span
from cmo.measures import Language, Text, Unit
from cmo.strategy.channel_step import ChannelStep
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.portfolio import Stage

STAGES: Final = {
    Stage.PROSPECT: Text("prospect", "envisagé"),
    Stage.PILOT: Text("pilot", "pilote"),
    Stage.SCALE: Text("scale", "développer"),
    Stage.HARVEST: Text("harvest", "récolter"),
    Stage.STOP: Text("stop", "arrêter"),
}
_SHARE: Final = Unit("share")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """A sales channel.

    Attributes:
        channel: Its name.
        stage: Where it stands; none where nobody said.
        step: Its last move; none without.
        figures: What is measured of it; none for one that does not sell yet.
        advice: The stage it should be moved to; none where it should stay.
        brought: What a pilot brought since it began; none without one.
        pilot: The pilot that the last review proposes; none without.
    """

    channel: str
    stage: Stage | None
    step: ChannelStep | None
    figures: Figures | None
    advice: Advice | None
    brought: Brought | None
    pilot: Packet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSheet:
    """All that there is to say of sales channels.

    Attributes:
        as_of: Last day of the data.
        rows: Those that sell, the largest first, then those that could.
        shared: Customers by pairs of channels.
        shifts: What came with a change of main channel.
        opened: Channels opened while the books were kept.
        steps: Every move, the oldest first.
    """

    as_of: date
    rows: tuple[ChannelRow, ...]
    shared: tuple[Shared, ...]
    shifts: tuple[Shift, ...]
    opened: tuple[Opened, ...]
    steps: tuple[ChannelStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """What moving a customer would bring a year, as far as moves both ways tell."""

    source: str
    target: str
    mean: float
    low: float
    high: float


def nets(shifts: Sequence[Shift]) -> tuple[Net, ...]:
    """What a move brings, half of the difference between both ways: what movers have in common falls out.

    Margin where it is known, else revenue.

    Args:
        shifts: Every pair.
    """
    by_pair = {(one.source, one.target): one for one in shifts}
    found = []
    for (source, target), there in by_pair.items():
        back = by_pair.get((target, source))
        if source < target or back is None:
            continue
        one, other = _money(there), _money(back)
        if one is not None and other is not None:
            mean, error = (one.mean - other.mean) / 2, float(np.hypot(one.error, other.error)) / 2
            best = (source, target) if mean >= 0 else (target, source)
            low, high = abs(mean) - 1.645 * error, abs(mean) + 1.645 * error
            found.append(Net(source=best[0], target=best[1], mean=abs(mean), low=low, high=high))
    return tuple(sorted(found, key=lambda one: -one.mean))


def _money(shift: Shift) -> Difference | None:
    return shift.margin if shift.margin is not None else shift.revenue


def channels_answer(sheet: ChannelSheet, *, currency: str, language: Language) -> Answer:
    """Every channel with figures and stage, and what moves between them."""
    voice = Voice(language)
    data: Data = {
        "as_of": sheet.as_of.isoformat(),
        "channels": [_data(one, language=language) for one in sheet.rows],
        "overlap": _overlap(sheet.shared),
        "shifts": [_shift(one) for one in sheet.shifts],
        "worth_moving": [
            {"from": one.source, "to": one.target, "per_customer": one.mean, "q05": one.low, "q95": one.high}
            for one in nets(sheet.shifts)
        ],
        "opened": [_opened(one) for one in sheet.opened],
        "moves": [_step(one) for one in sheet.steps],
    }
    head = Text(
        "channel|stage|should be|revenue|share|growth|margin",
        "canal|étape|devrait être|chiffre d'affaires|part|croissance|marge",
    )
    return Answer(
        data=data,
        lines=tuple(lines(sheet, currency=currency, voice=voice)),
        head=tuple(head.in_(language).split("|")) if sheet.rows else (),
        body=tuple(cells(one, currency=currency, language=language) for one in sheet.rows),
    )


def lines(sheet: ChannelSheet, *, currency: str, voice: Voice) -> list[str]:
    """What to do with channels, what moves bring, what opened ones took, in sentences."""
    said = [
        voice.say(
            "{channel}: should be at {stage}, for {why}.",
            "{channel} : devrait passer à {stage}, car {why}.",
            channel=one.channel,
            stage=STAGES[Stage(one.advice.stage)].in_(voice.language),
            why=one.advice.why.in_(voice.language),
        )
        for one in sheet.rows
        if one.advice is not None
    ]
    said += [_worth(one, currency=currency, voice=voice) for one in nets(sheet.shifts)[:1]]
    said += [_took(one, one.found, voice=voice) for one in sheet.opened if one.found is not None]
    if not sheet.rows:
        said.append(
            voice.say(
                "No sales channel is known: orders name none, and the strategy has no idea of one.",
                "Aucun canal de vente n'est connu : les commandes n'en nomment pas, et la stratégie n'en "
                "envisage aucun.",
            )
        )
    return said


def _worth(one: Net, *, currency: str, voice: Voice) -> str:
    low, mean, high = (Unit(currency).write(value, voice.language) for value in (one.low, one.mean, one.high))
    return voice.say(
        "A customer who moves from {source} to {target} goes with {mean} a year ({low} to {high}); nobody "
        "was drawn by lot.",
        "Un client qui passe de {source} à {target} va avec {mean} par an ({low} à {high}) ; personne n'a "
        "été tiré au sort.",
        source=one.source,
        target=one.target,
        mean=mean,
        low=low,
        high=high,
    )


def _took(one: Opened, found: Opening, *, voice: Voice) -> str:
    low, median, high = np.quantile(found.taken, (0.05, 0.5, 0.95))
    return voice.say(
        "{channel}, opened on {day}, took {median} of its revenue from the others ({low} to {high}), rather "
        "more than less.",
        "{channel}, ouvert le {day}, a pris {median} de son chiffre d'affaires aux autres ({low} à {high}), "
        "plutôt plus que moins.",
        channel=one.channel,
        day=voice.day(one.on),
        median=voice.percent(float(median)),
        low=voice.percent(float(low)),
        high=voice.percent(float(high)),
    )


def cells(row: ChannelRow, *, currency: str, language: Language) -> tuple[str, ...]:
    """A channel as the cells of a table."""
    known = row.figures or Figures()
    return (
        row.channel,
        "–" if row.stage is None else STAGES[row.stage].in_(language),
        "–" if row.advice is None else STAGES[Stage(row.advice.stage)].in_(language),
        _middle(known.revenue, Unit(currency), language),
        *(_middle(one, _SHARE, language) for one in (known.revenue_share, known.growth, known.margin)),
    )


def _middle(span: Span | None, unit: Unit, language: Language) -> str:
    return "–" if span is None else unit.write(span[0], language)


def _data(row: ChannelRow, *, language: Language) -> dict[str, Any]:
    known = row.figures or Figures()
    pilot = row.pilot
    return {
        "channel": row.channel,
        "stage": None if row.stage is None else row.stage.value,
        "since": None if row.step is None else row.step.moved_at.date().isoformat(),
        "by": None if row.step is None else row.step.moved_by,
        "terms": None if row.step is None else dict(row.step.terms) or None,
        "should_be": None if row.advice is None else row.advice.stage,
        "why": None if row.advice is None else row.advice.why.in_(language),
        "brought": None
        if row.brought is None
        else {
            "revenue": row.brought.revenue,
            "margin": row.brought.margin,
            "orders": row.brought.orders,
        },
        **{
            name: _span(getattr(known, name))
            for name in ("revenue", "revenue_share", "growth", "margin", "cannibalisation")
        },
        "pilot": None
        if pilot is None
        else {
            "says": pilot.says.in_(language),
            "money": pilot.money,
            "value": {"mean": pilot.expected.mean, "q05": pilot.expected.q05, "q95": pilot.expected.q95},
            "stop_rule": pilot.stop_rule.in_(language),
            "review_on": pilot.review_on.isoformat(),
        },
    }


def _span(span: Span | None) -> dict[str, float] | None:
    return None if span is None else {"median": span[0], "q05": span[1], "q95": span[2]}


def _overlap(pairs: Sequence[Shared]) -> list[dict[str, Any]]:
    whole = {one.channel: one.customers for one in pairs if one.channel == one.other}
    return [
        {
            "channel": one.channel,
            "other": one.other,
            "customers": one.customers,
            "share": one.customers / whole[one.channel],
        }
        for one in pairs
        if one.channel != one.other
    ]


def _shift(one: Shift) -> dict[str, Any]:
    return {
        "from": one.source,
        "to": one.target,
        "customers": one.customers,
        "revenue": _difference(one.revenue),
        "margin": _difference(one.margin),
    }


def _difference(one: Difference | None) -> dict[str, float] | None:
    if one is None:
        return None
    return {"mean": one.mean, "q05": one.mean - 1.645 * one.error, "q95": one.mean + 1.645 * one.error}


def _opened(one: Opened) -> dict[str, Any]:
    found = one.found
    if found is None:
        return {"channel": one.channel, "on": one.on.isoformat(), "taken": None}
    low, median, high = map(float, np.quantile(found.taken, (0.05, 0.5, 0.95)))
    return {
        "channel": one.channel,
        "on": one.on.isoformat(),
        "taken": {"median": median, "q05": low, "q95": high},
        "from_known_customers": found.from_known,
        "adopters": found.adopters,
        "grade": "D",
    }


def _step(one: ChannelStep) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "stage": one.stage.value,
        "because": one.words,
        "terms": dict(one.terms),
        "by": one.moved_by,
        "on": one.moved_at.date().isoformat(),
    }
