"""People as a plan of work sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cmo.strategy.staff import Member
from cmo.team.weeks import Weeks

MARKETING: Final = "marketing"
_NOTHING: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be given work.

    Attributes:
        id: Their name in the plan.
        name: Their name for people.
        skills: Level of each skill, 0 to 5.
        hours: Hours they have in each week of the plan, >= 0.
        free: The same, less what is staked on bets already.
        languages: Languages they work in; any where there is none.
        markets: Markets they know.
        channels: Channels they own.
        wishes: Skills they wish to grow in.
        cost: What an hour costs; none where it is not known.
        outside: Whether they are no member of the team but could be bought.
    """

    id: str
    name: str
    skills: Mapping[str, float]
    hours: tuple[float, ...]
    free: tuple[float, ...]
    languages: frozenset[str] = frozenset()
    markets: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    cost: float | None = None
    outside: bool = False

    def level(self, skill: str) -> float:
        """How well they can do something; 0 where nothing is known."""
        return self.skills.get(skill, 0.0)

    def speaks(self, language: str | None) -> bool:
        """Whether they can work in a language."""
        return language is None or not self.languages or language in self.languages


def person_of(member: Member, weeks: Weeks, *, staked: float = 0.0) -> Person:
    """A member of the team as the plan sees them.

    Args:
        member: What strategy.yaml says of them.
        weeks: The weeks to plan.
        staked: Hours a week that are staked on bets.
    """
    whole = member.hours_per_week or 0.0
    hours = weeks.hours(whole, absences=member.absences)
    kept = 0.0 if whole == 0 else max(1 - staked / whole, 0.0)
    return Person(
        id=member.id,
        name=member.name,
        skills=dict(member.skills),
        hours=hours,
        free=tuple(one * kept for one in hours),
        languages=frozenset(member.languages),
        markets=frozenset(member.markets),
        channels=frozenset(member.channels),
        wishes=frozenset(member.wishes),
        cost=member.cost_per_hour,
    )


def people_of(
    team: Sequence[Member], weeks: Weeks, *, staked: Mapping[str, float] = _NOTHING
) -> tuple[Person, ...]:
    """All who do marketing; members of other departments are asked, not given work."""
    return tuple(
        person_of(one, weeks, staked=staked.get(one.id, 0.0))
        for one in team
        if one.department in (None, MARKETING)
    )
