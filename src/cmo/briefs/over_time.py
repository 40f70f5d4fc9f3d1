"""An estimate over time in a brief: what each period brought, with its range."""

from typing import Final

import numpy as np

from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.history import Moment, history_chart
from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.document import Chart, Column, Illustration, Table
from cmo.briefs.voice import Voice
from cmo.briefs.wording import label_of, subject_of
from cmo.measures import LEVEL, Estimate, Grade

_DAYS_OF_A_MONTH: Final = 28


def history_illustration(estimate: Estimate, subject: str, *, voice: Voice) -> Illustration | None:
    """One subject of an estimate, period by period; none where no history was estimated.

    Args:
        estimate: The estimate.
        subject: Which of its subjects.
        voice: The language.

    Raises:
        KeyError: It is not among the subjects.
    """
    history, column = estimate.history, estimate.column(subject)
    if history is None or len(history.periods) < 2:
        return None
    tail = (1 - LEVEL) / 2
    low, middle, high = np.quantile(history.draws[:, column, :], [tail, 0.5, 1 - tail], axis=0)
    if estimate.grade is Grade.D:
        middle = history.location[column]
    moments = [
        Moment(start=period.start, low=float(low[i]), value=float(middle[i]), high=float(high[i]))
        for i, period in enumerate(history.periods)
    ]
    name = label_of(estimate.measure, voice=voice)
    if len(estimate.subjects) > 1:
        name = f"{name}, {subject_of(subject, voice=voice)}"
    axis = axis_of(
        estimate.unit, name=name, values=[end for one in moments for end in (one.low, one.high)], voice=voice
    )
    wide, narrow = (
        history_chart(moments, (), axis=axis, voice=voice, width=width) for width in (WIDE, NARROW)
    )
    monthly = history.periods[0].days >= _DAYS_OF_A_MONTH
    return Illustration(
        name=f"{estimate.measure}-{estimate.by}-over-time".replace(".", "-").replace("_", "-"),
        sentence=_sentence(moments, estimate, voice=voice),
        description=voice.say(
            "Line chart of {name} over time.", "Courbe de la mesure {name} au fil du temps.", name=name
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=name,
            columns=(
                Column(label=voice.say("Period", "Période")),
                Column(label=voice.say("Value", "Valeur"), numeric=True),
                Column(
                    label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
                ),
            ),
            rows=tuple(
                (
                    voice.month(one.start) if monthly else voice.day(one.start),
                    estimate.unit.write(one.value, voice.language),
                    _between(one, estimate, voice=voice),
                )
                for one in moments
            ),
        ),
    )


def _between(one: Moment, estimate: Estimate, *, voice: Voice) -> str:
    low, high = (estimate.unit.write(end, voice.language, beside=one.value) for end in (one.low, one.high))
    return "–" if low == high else voice.say("{low} to {high}", "{low} à {high}", low=low, high=high)


def _sentence(moments: list[Moment], estimate: Estimate, *, voice: Voice) -> str:
    best, last = max(moments, key=lambda one: one.value), moments[-1]
    return voice.say(
        "The latest period stands at {last}; the highest was {best}, in the period from {day}.",
        "La dernière période est à {last} ; la plus haute, {best}, commence le {day}.",
        last=estimate.unit.write(last.value, voice.language),
        best=estimate.unit.write(best.value, voice.language),
        day=voice.day(best.start),
    )
