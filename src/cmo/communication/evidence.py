"""What customers said, asked of the warehouse: verbatims for a brief. The only module here that does."""

from collections.abc import Collection, Sequence
from typing import Final

import ibis

from cmo.communication.brief import Insight
from cmo.measures import Language
from cmo.warehouse.field import Field

MOST: Final = 400
"""Opinions looked at: the latest that speak of what is asked for."""
_SHORT, _LONG = 30, 180
_GOOD: Final = 0.8


def verbatims(
    field: Field, words: Sequence[str], *, language: Language, people: Collection[str] | None
) -> tuple[Insight, ...]:
    """What content customers said of something, the shortest telling first; their words unchanged.

    Args:
        field: The company's tables.
        words: Beginnings of words, of which one must occur.
        language: Language they must be in, where the table tells.
        people: Customers they must be of; all where none.
    """
    if "feedback" not in field.tables or not {"text", "feedback_id"} <= set(field.columns("feedback")):
        return ()
    told = field.table("feedback")
    has = set(told.columns)
    low = told["text"].cast("string").lower()
    wanted = low.length().between(_SHORT, _LONG) & ibis.or_(*(low.contains(word.lower()) for word in words))
    if "language" in has:
        wanted &= (told["language"] == language) | told["language"].isnull()
    if {"rating", "rating_max"} <= has:
        wanted &= told["rating"] >= _GOOD * told["rating_max"]
    if "brand" in has:
        wanted &= (told["brand"] == field.company.name) | told["brand"].isnull()
    kept = [name for name in ("feedback_id", "at", "text", "customer_id") if name in has]
    rows = told.filter(wanted).order_by(ibis.desc("at"), "feedback_id").select(*kept).limit(MOST)
    found = [
        Insight(
            verbatim=str(row["text"]).strip(),
            source=f"feedback {row['feedback_id']}",
            said_on=row["at"].date() if row.get("at") is not None else None,
        )
        for row in field.collect(rows).to_pylist()
        if people is None or str(row.get("customer_id")) in people
    ]
    return tuple(sorted(found, key=lambda one: (_clauses(one.verbatim), len(one.verbatim), one.source)))


def _clauses(words: str) -> int:
    """How much is said beside the one thing: a verbatim that also complains is no help."""
    low = f" {words.casefold()} "
    against = sum(low.count(f" {word} ") for word in ("mais", "but", "sauf", "except", "dommage", "pity"))
    return 10 * against + low.count(" et ") + low.count(" and ") + low.count(",")
