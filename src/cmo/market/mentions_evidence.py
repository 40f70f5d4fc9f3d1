"""Who among the customers speaks of a topic: the company's segments beside each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from cmo.warehouse.field import Field

FEWEST: Final = 5
"""Customers who must speak of a topic before it is said who they are."""
PRIOR: Final = 2.0
"""Mentions at the usual rate that every segment is given beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """How much a segment speaks of a topic, beside the others.

    Attributes:
        topic: Which topic.
        segment: Which segment of customers.
        customers: Customers of it who spoke of the topic.
        index: Their share among those of the segment who said anything, over that of all customers, drawn
            towards 1 where few spoke: 2 is twice as often.
        low: Lower end of its 90 % interval.
        high: Upper end.
    """

    topic: str
    segment: str
    customers: int
    index: float
    low: float
    high: float


def leanings(field: Field, topics: Sequence[str], *, roll: Path) -> tuple[Leaning, ...]:
    """Segments in the words of feedback: who names each topic, the keenest first.

    Args:
        field: The company's tables.
        topics: Names of topics, looked for in the texts as they are written, in any case.
        roll: The roll of customers, with their segments.
    """
    has_words = "feedback" in field.tables and {"text", "customer_id"} <= set(field.columns("feedback"))
    if not topics or not has_words or not roll.exists():
        return ()
    known = pq.read_table(roll, columns=["customer_id", "segment"])
    segment = dict(zip(known["customer_id"].to_pylist(), known["segment"].to_pylist(), strict=True))
    rows = field.table("feedback").filter(lambda row: row["text"].notnull() & row["customer_id"].notnull())
    words = rows.mutate(words=rows.text.lower())
    spoke = _of(field.collect(words.select("customer_id").distinct())["customer_id"].to_pylist(), segment)
    found: list[Leaning] = []
    for topic in topics:
        named = words.filter(words.words.contains(topic.lower())).select("customer_id").distinct()
        those = _of(field.collect(named)["customer_id"].to_pylist(), segment)
        if sum(those.values()) >= FEWEST:
            found += _indices(topic, those, spoke)
    return tuple(found)


def _of(people: Sequence[str], segment: dict[str, str]) -> Counter[str]:
    return Counter(segment[one] for one in people if one in segment)


def _indices(topic: str, those: Counter[str], spoke: Counter[str]) -> list[Leaning]:
    rate = sum(those.values()) / sum(spoke.values())
    rows = []
    for name, n in sorted(those.items()):
        expected = rate * spoke[name]
        shape, scale = n + PRIOR, expected + PRIOR
        spread = 1.645 / np.sqrt(shape)
        rows.append(
            Leaning(
                topic=topic,
                segment=name,
                customers=n,
                index=shape / scale,
                low=float(shape / scale * np.exp(-spread)),
                high=float(shape / scale * np.exp(spread)),
            )
        )
    return sorted(rows, key=lambda one: -one.index)
