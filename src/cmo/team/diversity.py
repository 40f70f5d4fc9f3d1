"""Diversity as numbers of people, self-declared, never of fewer than five.

A table of counts betrays somebody in three ways: a small number names people; numbers that are shown and the
size of the team give away what is left; and two tables, one after the other, give away who came between. So
a value is shown for five people or more, what is left over is nobody or five people or more, a value that
everybody has is not shown, and a new table is published only when five people or more have changed what they
say since the last.

References:
    Sweeney (2002), "k-anonymity: a model for protecting privacy", Int. J. Uncertainty, Fuzziness and
    Knowledge-Based Systems 10(5). Dwork & Roth (2014), section 1.1, on differencing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

K: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What may be told of one question.

    Attributes:
        counts: People by value, each five or more.
        rest: People of the team whose value is not shown: nobody, or five or more.
    """

    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    rest: int = 0


def published(declared: Mapping[str, str], *, n_team: int) -> Published:
    """What may be told of what people say of themselves.

    Args:
        declared: Value by person, of those who chose to say one.
        n_team: People of the team, >= len(declared).
    """
    counts = {value: n for value, n in Counter(declared.values()).items() if n >= K}
    rest = n_team - sum(counts.values())
    while counts and 0 < rest < K:  # the smallest goes, so that what is left over is many
        smallest = min(counts, key=lambda value: (counts[value], value))
        rest += counts.pop(smallest)
    if len(counts) == 1 and rest == 0:
        counts, rest = {}, n_team
    return Published(counts=dict(sorted(counts.items())), rest=rest)


def may_replace(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether enough people have changed what they say for a new table to give nobody away.

    Args:
        before: What people said when the table was published that is shown now.
        now: What they say now.
    """
    changed = {who for who in (*before, *now) if before.get(who) != now.get(who)}
    return len(changed) >= K
