"""Segments that a person understands: rules one can say, and how many customers they hold for what money."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Customers, chance_alive
from cmo.measures import Text

STILL_THERE = 0.7  # chance of being alive from which a customer counts as there
GONE = 0.3  # chance below which a customer counts as lost
OFTEN = 4  # repeat purchases of a champion


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A rule and its words.

    Attributes:
        name: Stable name, the subject of the measures.
        label: What people call it.
        says: The rule in a sentence.
    """

    name: str
    label: Text
    says: Text


SEGMENTS = (
    Segment(
        name="once",
        label=Text("one-time buyers", "acheteurs uniques"),
        says=Text("have bought once so far", "n'ont acheté qu'une fois jusqu'ici"),
    ),
    Segment(
        name="champions",
        label=Text("champions", "champions"),
        says=Text(
            "have come back at least four times and are still there",
            "sont revenus au moins quatre fois et sont toujours là",
        ),
    ),
    Segment(
        name="regulars",
        label=Text("regulars", "réguliers"),
        says=Text(
            "have come back one to three times and are still there",
            "sont revenus une à trois fois et sont toujours là",
        ),
    ),
    Segment(
        name="overdue",
        label=Text("overdue", "en retard"),
        says=Text(
            "have come back before but are silent for longer than they used to be",
            "étaient revenus mais se taisent plus longtemps que d'habitude",
        ),
    ),
    Segment(
        name="lost",
        label=Text("lost", "perdus"),
        says=Text(
            "have come back before but are most likely gone",
            "étaient revenus mais sont très probablement partis",
        ),
    ),
)
"""In the order of the positions that `segment_of` returns."""

NAMED = MappingProxyType({one.name: one for one in SEGMENTS})


def segment_of(fitted: Fit, customers: Customers) -> Integers:
    """Position in `SEGMENTS` of each customer.

    Args:
        fitted: The purchase model that says who is still there.
        customers: Histories, shape (customer,).
    """
    alive = chance_alive(fitted.model, fitted.theta, customers=customers)
    return segment_by(customers.frequency, alive=alive)


def segment_by(frequency: Floats, *, alive: Floats) -> Integers:
    """Position in `SEGMENTS` of each customer, by repeat purchases and the chance of still being one."""
    x = frequency
    out = np.select([x < 1, alive < GONE, alive < STILL_THERE, x >= OFTEN], [0, 4, 3, 1], default=2)
    return out.astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What one segment is, in figures.

    Attributes:
        customers: How many.
        usual_gap: Median over its customers of the mean time between purchases; not a number for single
            buyers.
        silence: Median time since the last purchase.
        alive: Mean chance of still being a customer.
    """

    customers: float
    usual_gap: float
    silence: float
    alive: float


def portrait(customers: Customers, weight: Floats, *, alive: Floats) -> Portrait:
    """Figures of the customers of one segment.

    Args:
        customers: Their histories, in days, shape (cell,).
        weight: Customers in each cell, shape (cell,).
        alive: Chance of still being a customer, shape (cell,).

    Raises:
        ValueError: The segment is empty.
    """
    if not weight.sum() > 0:
        raise ValueError("the segment holds no customer: it has no portrait")
    back = customers.frequency > 0
    gap = customers.recency[back] / customers.frequency[back]
    return Portrait(
        customers=float(weight.sum()),
        usual_gap=_median(gap, weight[back]) if np.any(back) else float("nan"),
        silence=_median(customers.age - customers.recency, weight),
        alive=float(np.dot(weight, alive) / weight.sum()),
    )


def sentence(segment: Segment, of: Portrait, *, worth: Text) -> Text:
    """The segment in a sentence: "412 customers worth 61 k€ are overdue: usual gap 23 days, silent for 71".

    Args:
        segment: Which.
        of: Its figures.
        worth: Its value, already written for people in both languages.
    """
    rhythm = Text("", "")
    if np.isfinite(of.usual_gap):
        rhythm = Text(
            f": usual gap {of.usual_gap:.0f} days, silent for {of.silence:.0f}",
            f" : intervalle habituel {of.usual_gap:.0f} jours, silencieux depuis {of.silence:.0f}",
        )
    number = f"{of.customers:,.0f}"
    spaced = number.replace(",", "\N{NARROW NO-BREAK SPACE}")
    return Text(
        f"{number} customers worth {worth.en} {segment.says.en}{rhythm.en}.",
        f"{spaced} clients valant {worth.fr} {segment.says.fr}{rhythm.fr}.",
    )


def _median(values: Floats, weight: Floats) -> float:
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][np.searchsorted(share, 0.5)])
