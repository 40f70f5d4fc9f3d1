"""Rows that are sound and none of a table: how many, and why."""

import re
from collections.abc import Mapping

from cmo.measures import Language, Text, Unit
from cmo.warehouse.refusals import RULES


def left_out_words(counts: Mapping[str, int], language: Language) -> str:
    """', left out: 2 a total of other rows', or nothing.

    Args:
        counts: Rows by code of the reason.
        language: Language to speak.
    """
    if not counts:
        return ""
    count = Unit("count")
    reasons = ", ".join(
        f"{_reason(code, language)} ({count.write(n, language)})" for code, n in counts.items()
    )
    return Text(f", left out: {reasons}", f", laissées de côté : {reasons}").in_(language)


def _reason(code: str, language: Language) -> str:
    """Why rows are left out, without the words that say that they are."""
    return re.sub(r"^[^:]*:\s*", "", RULES[code].in_(language))
