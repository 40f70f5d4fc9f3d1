"""`cmo forecast`: what to expect of sales, of the market's brands and of topics, each with its interval."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.briefs.answers import Answer
from cmo.briefs.forecast_answers import Expected, forecast_answer
from cmo.loop.measuring import seed_of
from cmo.loop.standing import standing
from cmo.market.market_evidence import panel_of
from cmo.market.trend_evidence import heard_of
from cmo.measures import DRAWS, Language, Problem, Window, months
from cmo.sales.forecast import FEWEST_MONTHS, forecast
from cmo.sales.weekly import FEWEST_WEEKS, weekly_forecast
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field

KINDS: Final = ("sales", "market", "signals")
MOST: Final = 12
"""Series forecast at once: each costs a second."""
LONGEST: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What is known of something.

    Attributes:
        name: Of what.
        last: Its last complete month or week.
        values: Its values up to then.
        unit: Their unit.
    """

    name: str
    last: Window
    values: npt.NDArray[np.float64]
    unit: str


def forecasts(
    folder: Path, kind: str, *, of: str | None, ahead: int, weeks: bool, language: Language | None
) -> Answer:
    """What to expect of the months or weeks to come.

    Args:
        folder: The company's folder.
        kind: `sales`, `market` (each brand's sales) or `signals` (each topic's volume).
        of: One brand or topic only.
        ahead: How many months or weeks, 1 to 24.
        weeks: By week and not by month; not for the market.
        language: Language of the answer.

    Raises:
        Problem: There has been no review, the kind or subject is not known, or its past is too short.
    """
    now = standing(folder, language)
    if kind not in KINDS:
        raise Problem(f"{kind} cannot be forecast; choose {', '.join(KINDS)}")
    if not 1 <= ahead <= LONGEST:
        raise Problem(f"--ahead {ahead}: give a number from 1 to {LONGEST}")
    field = open_field(now.workspace)
    currency = now.workspace.config.company.currency
    known = _weekly(field, kind, currency) if weeks else _monthly(field, kind, currency)
    chosen = [one for one in known if of in (None, one.name)]
    if not chosen:
        names = ", ".join(sorted(one.name for one in known)) or "nothing yet"
        raise Problem(f"there is no past to forecast {of or kind} from; known is {names}")
    chosen = sorted(chosen, key=lambda one: -one.values[-3:].sum())[:MOST]
    rng = np.random.default_rng(seed_of(f"forecast {kind} {of} {weeks}", field, tuple(field.tables)))
    found = [_expected(one, ahead=ahead, weeks=weeks, rng=rng) for one in chosen]
    return forecast_answer(kind, found, language=now.language)


def _monthly(field: Field, kind: str, currency: str) -> list[_Past]:
    makers: dict[str, Callable[[], list[_Past]]] = {
        "sales": lambda: _sales_by_month(field, currency),
        "market": lambda: _market(field, currency),
        "signals": lambda: _topics(field),
    }
    return [one for one in makers[kind]() if one.values.size >= FEWEST_MONTHS]


def _weekly(field: Field, kind: str, currency: str) -> list[_Past]:
    if kind == "market":
        raise Problem("the market's figures come by the month: leave out --weeks")
    found = _sales_by_week(field, currency) if kind == "sales" else _topics_by_week(field)
    return [one for one in found if one.values.size >= FEWEST_WEEKS and np.all(one.values > 0)]


def _expected(past: _Past, *, ahead: int, weeks: bool, rng: np.random.Generator) -> Expected:
    if weeks:
        drawn = weekly_forecast(past.values, horizon=ahead, rng=rng, draws=DRAWS)
        starts = [past.last.end + timedelta(days=1 + 7 * i) for i in range(ahead)]
        periods = tuple(Window(start=day, end=day + timedelta(days=6)) for day in starts)
    else:
        drawn = forecast(past.values, horizon=ahead, rng=rng, draws=DRAWS).draws
        first = past.last.end + timedelta(days=1)
        periods = months(Window(start=first, end=first + timedelta(days=31 * (ahead + 1))))[:ahead]
    return Expected(name=past.name, unit=past.unit, periods=periods, draws=drawn)


def _sales_by_month(field: Field, currency: str) -> list[_Past]:
    if "orders" not in field.tables:
        return []
    spans = months(field.span("orders"))
    sums = _sums(field, "M")
    values = np.array([sums.get(span.start, 0.0) for span in spans])
    if not spans:
        return []
    return [_Past(name="sales", last=spans[-1], values=values, unit=currency)]


def _sales_by_week(field: Field, currency: str) -> list[_Past]:
    if "orders" not in field.tables:
        return []
    span = field.span("orders")
    sums = {day: value for day, value in _sums(field, "W").items() if day >= span.start}
    days = [day for day in sorted(sums) if day + timedelta(days=6) <= span.end]
    if not days:
        return []
    whole = [days[0] + timedelta(weeks=i) for i in range((days[-1] - days[0]).days // 7 + 1)]
    values = np.array([sums.get(day, 0.0) for day in whole])
    return [_Past(name="sales", last=_week(whole[-1]), values=values, unit=currency)]


def _sums(field: Field, by: str) -> dict[date, float]:
    lines = field.table("orders")
    cells = field.collect(
        lines.group_by(at=lines.ordered_at.truncate(by).date())
        .aggregate(revenue=lines.revenue.cast("float64").sum())
        .order_by("at")
    )
    return {row["at"]: row["revenue"] for row in cells.to_pylist()}


def _market(field: Field, currency: str) -> list[_Past]:
    panel = panel_of(field)
    if panel is None:
        return []
    return [
        _Past(name=brand, last=panel.months[-1], values=panel.sales[:, i], unit=currency)
        for i, brand in enumerate(panel.brands)
    ]


def _topics(field: Field) -> list[_Past]:
    if "signals" not in field.tables:
        return []
    heard = heard_of(field)
    return [
        _Past(name=topic, last=heard.months[-1], values=heard.volumes[i], unit="count")
        for i, topic in enumerate(heard.topics)
        if heard.months
    ]


def _topics_by_week(field: Field) -> list[_Past]:
    if "signals" not in field.tables:
        return []
    rows = field.table("signals")
    cells = field.collect(
        rows.group_by(topic=rows.topic, at=rows.date.truncate("W"))
        .aggregate(volume=rows.volume.cast("float64").sum())
        .order_by("topic", "at")
    ).to_pylist()
    every = sorted({row["at"] for row in cells})
    if not every or every[-1] + timedelta(days=6) > field.as_of + timedelta(days=6):
        return []
    volumes = {(row["topic"], row["at"]): row["volume"] for row in cells}
    return [
        _Past(
            name=topic,
            last=_week(every[-1]),
            values=np.array([volumes.get((topic, day), 0.0) for day in every]),
            unit="count",
        )
        for topic in sorted({row["topic"] for row in cells})
    ]


def _week(day: date) -> Window:
    return Window(start=day, end=day + timedelta(days=6))
