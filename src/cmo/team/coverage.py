"""Skills the work needs against skills the team has, and who cannot fall ill."""

from collections.abc import Sequence
from dataclasses import dataclass

from cmo.measures import Text
from cmo.team.options import is_able
from cmo.team.people import Person
from cmo.team.staffing import Staffing
from cmo.team.work import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How far a skill is covered.

    Attributes:
        skill: The skill.
        level: The highest level that any work needs.
        hours: Hours of the work that needs it.
        staffed: Those of them that somebody does.
        spare: Free hours that those who are able have left, once the plan is done.
        levels: Level of everybody who has any, by id, the highest first.
    """

    skill: str
    level: float
    hours: float
    staffed: float
    spare: float
    levels: dict[str, float]

    @property
    def share(self) -> float:
        """Share of the need that is covered, in [0, 1]."""
        return self.staffed / self.hours if self.hours else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """Somebody without whom work stands still.

    Attributes:
        who: Their id.
        skill: What only they can do.
        hours: Hours that depend on them.
        says: It in a sentence.
    """

    who: str
    skill: str
    hours: float
    says: Text


def coverage(items: Sequence[Item], people: Sequence[Person], plan: Staffing) -> tuple[Covered, ...]:
    """Each skill that work needs, the least covered first."""
    taken = {one.id: 0.0 for one in people}
    for each in plan.assignments:
        taken[each.who] += sum(each.hours)
        if each.mentor is not None:
            taken[each.mentor] += sum(each.mentored)
    found = []
    for skill in sorted({skill for one in items for skill in one.skills}):
        needing = [one for one in items if skill in one.skills]
        level = max(one.skills[skill] for one in needing)
        able = [one for one in people if any(is_able(item, one) for item in needing)]
        levels = {one.id: one.level(skill) for one in people if one.level(skill) > 0}
        found.append(
            Covered(
                skill=skill,
                level=level,
                hours=sum(one.hours for one in needing),
                staffed=sum(one.hours for one in needing if one.id not in plan.unstaffed),
                spare=sum(max(sum(one.free) - taken[one.id], 0.0) for one in able),
                levels=dict(sorted(levels.items(), key=lambda pair: (-pair[1], pair[0]))),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.share, -one.hours)))


def single_points(items: Sequence[Item], people: Sequence[Person]) -> tuple[Single, ...]:
    """Those who alone can do some work: most hours first."""
    hours: dict[tuple[str, str], float] = {}
    names = {one.id: one.name for one in people}
    for item in items:
        able = [one.id for one in people if is_able(item, one) and one.speaks(item.language)]
        if item.skills and len(able) == 1:
            for skill, level in item.skills.items():
                if sum(one.level(skill) >= level for one in people) == 1:
                    hours[able[0], skill] = hours.get((able[0], skill), 0.0) + item.hours
    found = [
        Single(
            who=who,
            skill=skill,
            hours=total,
            says=Text(
                f"Only {names[who]} can do {skill} as it is needed: {total:.0f} hours depend on them.",
                f"{names[who]} est seul(e) à savoir faire {skill} au niveau voulu : {total:.0f} heures en "
                "dépendent.",
            ),
        )
        for (who, skill), total in hours.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.hours, one.who)))
