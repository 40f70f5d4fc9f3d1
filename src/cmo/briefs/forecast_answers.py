"""Forecasts as data and as the table of a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.measures import LEVEL, Language, Text, Unit, Window


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """What to expect of one thing.

    Attributes:
        name: Of what.
        unit: Its unit.
        periods: The months or weeks to come.
        draws: Joint draws, shape (draws, periods).
    """

    name: str
    unit: str
    periods: tuple[Window, ...]
    draws: npt.NDArray[np.float64]


def forecast_answer(kind: str, expected: Sequence[Expected], *, language: Language) -> Answer:
    """Each series period by period, and all periods together.

    Args:
        kind: What was forecast.
        expected: One for each series.
        language: Language of the answer.
    """
    voice = Voice(language)
    tail = (1 - LEVEL) / 2
    head = [
        *Text("of|period|median", "de|période|médiane").in_(language).split("|"),
        *(Unit("share").write(at, language) for at in (tail, 1 - tail)),
    ]
    method = voice.say(
        "Chosen by rolling origin, with intervals of the size of the errors made on the series' own past; "
        "nothing is supposed to change.",
        "Choisi par origine glissante, avec des intervalles de la taille des erreurs faites sur le passé de "
        "la série ; rien n'est supposé changer.",
    )
    return Answer(
        data={"kind": kind, "method": method, "grade": "C", "forecasts": [_data(one) for one in expected]},
        lines=(method,),
        head=tuple(head),
        body=tuple(row for one in expected for row in _rows(one, language=language)),
    )


def _data(one: Expected) -> dict[str, Any]:
    return {
        "of": one.name,
        "unit": one.unit,
        "periods": [
            {"start": period.start.isoformat(), "end": period.end.isoformat(), **_span(one.draws[:, i])}
            for i, period in enumerate(one.periods)
        ],
        "together": _span(one.draws.sum(axis=1)),
    }


def _span(draws: npt.NDArray[np.float64]) -> dict[str, float]:
    low, median, high = map(float, np.quantile(draws, (0.05, 0.5, 0.95)))
    return {"mean": float(draws.mean()), "median": median, "q05": low, "q95": high}


def _rows(one: Expected, *, language: Language) -> list[tuple[str, ...]]:
    unit = Unit(one.unit)
    return [
        (
            one.name,
            period.start.isoformat(),
            *(
                unit.write(float(value), language)
                for value in np.quantile(one.draws[:, i], (0.5, 0.05, 0.95))
            ),
        )
        for i, period in enumerate(one.periods)
    ]
