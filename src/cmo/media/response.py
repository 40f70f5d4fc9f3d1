"""What a channel's money will bring over the plan's period, told as one more measure: `media.response`.

Its subjects are a channel and an amount, `tv@16000`; its draws are those of the other media measures, so that
whoever decides can weigh any division of the money draw by draw, without fitting anything again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cmo.measures import Window
from cmo.media.design import Mix
from cmo.media.effects import Response
from cmo.media.evidence_counts import Weekly
from cmo.media.plan import brought
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

MULTIPLES: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
"""Amounts that are tabulated, in multiples of the plan's (or of the usual pace where that is larger)."""
QUARTER: Final = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabulated:
    """Draws of the margin that money brings.

    Attributes:
        subjects: `channel@amount`, one per column; the amount over the whole period, in whole money.
        draws: Margin brought before the money is taken off, shape (draws, subjects).
        horizon: The days the money is spent in.
    """

    subjects: tuple[str, ...]
    draws: Floats
    horizon: Window


def tabulated(
    mix: Mix, drawn: Sequence[Response], *, plan: Mapping[str, Any] | None, horizon: Window, margin: float
) -> Tabulated:
    """Tabulate what each channel would bring, its carry-over after the last week included.

    Args:
        mix: What was fitted.
        drawn: Each channel's drawn response, in the order of the mix.
        plan: The plan in force; none where there is none.
        horizon: The days to come.
        margin: Profit per unit of outcome before media.
    """
    weeks = max(1, round(horizon.days / 7))
    told = channels_of(plan)
    subjects, columns = [], []
    for c, (name, response) in enumerate(zip(mix.names, drawn, strict=True)):
        usual = float(mix.spend[-52:, c].mean()) * weeks
        planned = float(told[name]["spend"]) if name in told else usual
        base = max(planned, usual, float(mix.spend[:, c].mean()) * weeks)
        grid = np.unique(np.round(np.append(base * np.array(MULTIPLES), planned)))
        columns.append(margin * brought(response, grid, weeks=weeks))
        subjects += [f"{name}@{money:.0f}" for money in grid]
    return Tabulated(subjects=tuple(subjects), draws=np.concatenate(columns, axis=1), horizon=horizon)


def channels_of(plan: Mapping[str, Any] | None) -> Mapping[str, Mapping[str, Any]]:
    """What the plan says of each channel."""
    return {} if plan is None else plan.get("channels", {})


def horizon_of(plan: Mapping[str, Any] | None, *, after: date) -> Window:
    """The plan's period; without a plan the quarter that follows the last week of the data."""
    if plan is None:
        first = after + timedelta(days=7)
        return Window(start=first, end=first + timedelta(days=7 * QUARTER - 1))
    period = plan["period"]
    return period if isinstance(period, Window) else Window.parse(period)


def margin_of(field: Field, weekly: Weekly) -> float | None:
    """Profit per unit of revenue before media, of the outcomes or else of the orders; none if unknown."""
    if weekly.margin is not None:
        return weekly.margin
    if "orders" not in field.tables or "margin" not in field.columns("orders"):
        return None
    orders = field.table("orders")
    sums = orders.filter(orders["margin"].notnull()).aggregate(
        margin=orders["margin"].sum().cast("float64"), revenue=orders["revenue"].sum().cast("float64")
    )
    row = field.collect(sums).to_pylist()[0]
    return row["margin"] / row["revenue"] if row["revenue"] else None
