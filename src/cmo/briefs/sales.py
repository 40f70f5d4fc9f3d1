"""Sales in a brief: what was, and what is to be expected."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.happenings import Happening, within
from cmo.briefs.charts.history import Moment, history_chart
from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.derived import FORECAST, REVENUE, Ahead, months_ahead
from cmo.briefs.document import Chart, Column, Illustration, Paragraph, Section, Table
from cmo.briefs.facts import Facts
from cmo.briefs.figures import outlook, trend
from cmo.briefs.voice import Voice
from cmo.measures import Estimate

_TOLD: Final = 3
"""Events of the log that the chart's sentence names."""


def sales(facts: Facts, voice: Voice) -> Section | None:
    """Sales so far and ahead; none without a history or a forecast."""
    drawn = sales_illustration(facts, voice)
    if drawn is None:
        return None
    words = " ".join(part for part in (trend(facts, voice), outlook(facts, voice)) if part)
    blocks = (Paragraph(text=words), drawn) if words else (drawn,)
    return Section(name="sales", title=voice.say("Sales", "Les ventes"), blocks=blocks)


def sales_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """Sales by period with their forecast; none without a history or a forecast."""
    revenue, forecast = facts.estimate(REVENUE), facts.estimate(FORECAST)
    past = _past(revenue) if revenue is not None else ()
    ahead = months_ahead(forecast) if forecast is not None else ()
    known = revenue or forecast
    if known is None or not (past or ahead):
        return None
    future = [
        Moment(start=one.month.start, low=one.figure.low, value=one.figure.value, high=one.figure.high)
        for one in ahead
    ]
    monthly = bool(ahead) or (
        revenue is not None and revenue.history is not None and revenue.history.cycle == 12
    )
    name = (
        voice.say("Revenue by month", "Chiffre d’affaires par mois")
        if monthly
        else voice.say("Revenue by period", "Chiffre d’affaires par période")
    )
    ends = [end for moment in (*past, *future) for end in (moment.low, moment.high)]
    axis = axis_of(known.unit, name=name, values=ends, voice=voice)
    wide, narrow = (
        history_chart(past, future, axis=axis, voice=voice, width=width, happened=_happened(facts))
        for width in (WIDE, NARROW)
    )
    months = [*(moment.start for moment in past), *(moment.start for moment in future)]
    shown = within(_happened(facts), start=months[0], stop=months[-1])
    return Illustration(
        name="sales",
        sentence=" ".join(filter(None, (_sentence(future, voice=voice), _marked(shown, voice=voice)))),
        description=voice.say(
            "Line chart of {name}: a full line for what was sold, a dashed line with a strip around it "
            "for what is expected.",
            "Courbe « {name} » : un trait plein pour le réalisé, un trait en tirets entouré d’une bande pour "
            "l’attendu.",
            name=name,
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=_table(past, ahead, unit_of=known, name=name, voice=voice, happened=shown),
    )


def _past(revenue: Estimate) -> tuple[Moment, ...]:
    history = revenue.history
    if history is None:
        return ()
    totals = history.location.sum(axis=0)
    low, high = np.quantile(history.draws.sum(axis=1), [0.05, 0.95], axis=0)
    return tuple(
        Moment(start=period.start, low=float(low[i]), value=float(totals[i]), high=float(high[i]))
        for i, period in enumerate(history.periods)
    )


def _sentence(future: Sequence[Moment], *, voice: Voice) -> str:
    if not future:
        return voice.say("The full line is what was sold.", "Le trait plein montre le réalisé.")
    return voice.say(
        "The full line is what was sold, the dashed one what to expect if nothing changes; nine times in "
        "ten, sales fall inside the strip.",
        "Le trait plein montre le réalisé, les tirets ce qu’on attend si rien ne change ; neuf fois sur "
        "dix, les ventes tombent dans la bande.",
    )


def _happened(facts: Facts) -> tuple[Happening, ...]:
    return tuple(Happening(start=one.start, end=one.end, name=one.name) for one in facts.events)


def _marked(shown: Sequence[Happening], *, voice: Voice) -> str:
    """A sentence for the marks of the event log: the latest ones by name."""
    if not shown:
        return ""
    latest = [
        voice.say("{name} ({day})", "{name} ({day})", name=one.name, day=voice.day(one.start))
        for one in reversed(shown[-_TOLD:])
    ]
    n_more = len(shown) - len(latest)
    names = voice.listing(latest)
    if not n_more:
        return voice.say("Marked: {names}.", "Sont marqués : {names}.", names=names)
    return voice.say(
        "Marked, among {n} events of the log: {names}.",
        "Sont marqués, parmi {n} événements du journal : {names}.",
        n=voice.count(len(shown)),
        names=names,
    )


def _during(start: date, until: date | None, happened: Sequence[Happening]) -> str:
    """What began in a period, up to the beginning of the next."""
    names = [one.name for one in happened if start <= one.start and (until is None or one.start < until)]
    return ", ".join(dict.fromkeys(names)) or "–"


def _table(
    past: Sequence[Moment],
    ahead: Sequence[Ahead],
    *,
    unit_of: Estimate,
    name: str,
    voice: Voice,
    happened: Sequence[Happening],
) -> Table:
    so_far, expected = voice.say("so far", "réalisé"), voice.say("expected", "attendu")
    rows: list[tuple[str, ...]] = [
        (voice.month(moment.start), so_far, unit_of.unit.write(moment.value, voice.language), "–")
        for moment in past
    ]
    rows += [
        (voice.month(one.month.start), expected, voice.value(one.figure), voice.interval(one.figure) or "–")
        for one in ahead
    ]
    columns: tuple[Column, ...] = (
        Column(label=voice.say("Period", "Période")),
        Column(label=voice.say("Kind", "Nature")),
        Column(label=voice.say("Value", "Valeur"), numeric=True),
        Column(label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True),
    )
    if happened:
        starts = [*(moment.start for moment in past), *(one.month.start for one in ahead), None]
        began = [_during(start, until, happened) for start, until in pairwise(starts) if start is not None]
        rows = [(*row, said) for row, said in zip(rows, began, strict=True)]
        columns = (*columns, Column(label=voice.say("What happened", "Ce qui s’est passé")))
    return Table(caption=name, columns=columns, rows=tuple(rows))
