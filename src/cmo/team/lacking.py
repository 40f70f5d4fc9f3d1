"""What is lacking where work is left undone, and what would make it possible, at which price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from cmo.measures import Text, Unit, listing
from cmo.strategy.staff import Supplier
from cmo.team.options import SHORT, is_able
from cmo.team.people import Person
from cmo.team.staffing import Staffing, staff
from cmo.team.weeks import Weeks
from cmo.team.work import HOUR, Item, spans

LATEST: Final = 8
"""Weeks by which a deadline is moved at most."""
WEEKS_OF_A_YEAR: Final = 46
"""Weeks that somebody who is hired works in a year."""


class Means(StrEnum):
    """What makes work possible that is left undone."""

    AGENCY = "agency"
    HIRE = "hire"
    TRAINING = "training"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One way to have the work done.

    Attributes:
        means: What kind.
        by: Id of the supplier, or of who is trained; empty where the deadline moves.
        says: It in a sentence.
        price: What it costs, in the company's currency; a hire's is that of a year.
    """

    means: Means
    by: str
    says: Text
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Work that is left undone for the same reason.

    Attributes:
        items: Names of the work.
        skills: Skills and levels that it needs, as `video 3`.
        hours: Hours of it.
        by: The day on which the first of it is due.
        able: Ids of those who are skilled enough.
        free: Hours that they have left in its weeks.
        says: What lacks, in a sentence.
        remedies: What would make it possible, the cheapest first.
    """

    items: tuple[str, ...]
    skills: tuple[str, ...]
    hours: float
    by: date
    able: tuple[str, ...]
    free: float
    says: Text
    remedies: tuple[Remedy, ...]


def lacks(
    plan: Staffing,
    items: Sequence[Item],
    people: Sequence[Person],
    *,
    weeks: Weeks,
    suppliers: Sequence[Supplier],
    currency: str,
) -> tuple[Lack, ...]:
    """Explain the work that a plan leaves undone, by what it needs.

    Args:
        plan: The plan.
        items: The work it was made for.
        people: Those it was made with.
        weeks: The weeks it was made for.
        suppliers: Who could help, at which price.
        currency: The company's.

    Returns:
        The dearest first; a remedy that is told is enough by itself.
    """
    groups: dict[tuple[tuple[tuple[str, float], ...], str | None], list[Item]] = {}
    for item in items:
        if item.id in plan.unstaffed:
            groups.setdefault((tuple(sorted(item.skills.items())), item.language), []).append(item)
    case = _Case(plan=plan, items=items, people=people, weeks=weeks, suppliers=suppliers, unit=Unit(currency))
    found = [(sum(one.weight for one in group), case.lack(group)) for group in groups.values()]
    return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """All that an explanation is made from."""

    plan: Staffing
    items: Sequence[Item]
    people: Sequence[Person]
    weeks: Weeks
    suppliers: Sequence[Supplier]
    unit: Unit

    def lack(self, group: Sequence[Item]) -> Lack:
        """Why this work, which needs the same, is left undone."""
        one, hours = group[0], sum(each.hours for each in group)
        able = [each for each in self.people if is_able(one, each) and each.speaks(one.language)]
        by = min(each.by for each in group)
        free = sum(self._left(each, group) for each in able)
        remedies = sorted(self._remedies(group, hours), key=lambda each: each.price)
        return Lack(
            items=tuple(each.id for each in group),
            skills=tuple(f"{skill} {level:g}" for skill, level in sorted(one.skills.items())),
            hours=hours,
            by=by,
            able=tuple(each.id for each in able),
            free=free,
            says=_said(one, hours, by=by, able=able, free=free, people=self.people),
            remedies=tuple(remedies),
        )

    def _left(self, person: Person, group: Sequence[Item]) -> float:
        """Free hours of somebody that the plan leaves within the weeks of the work."""
        within = spans(group, self.weeks)
        stretch = range(min(one.first for one in within), max(one.last for one in within) + 1)
        taken = [0.0] * self.weeks.n
        for one in self.plan.assignments:
            for who, hours in ((one.who, one.hours), (one.mentor, one.mentored)):
                if who == person.id:
                    taken = [a + b for a, b in zip(taken, hours, strict=True)]
        return sum(max(person.free[week] - taken[week], 0.0) for week in stretch)

    def _remedies(self, group: Sequence[Item], hours: float) -> Iterable[Remedy]:
        one = group[0]
        for supplier in self.suppliers:
            brings = all(supplier.skills.get(skill, 0.0) >= level for skill, level in one.skills.items())
            speaks = one.language is None or not supplier.languages or one.language in supplier.languages
            if supplier.kind == "training":
                yield from self._trained(group, supplier)
            elif brings and speaks and self._suffices(group, [*self.people, self._bought(supplier)]):
                yield self._by(supplier, hours)
        if self.plan.proven:
            yield from self._later(group)

    def _by(self, supplier: Supplier, hours: float) -> Remedy:
        an_hour, name = supplier.price_per_hour or 0.0, supplier.says
        if supplier.kind == "agency":
            price = an_hour * hours
            en, fr = (self.unit.write(price, to, beside=1000.0) for to in ("en", "fr"))
            says = Text(
                f"{name.en} does the {hours:.0f} hours for {en}.",
                f"{name.fr} fait les {hours:.0f} heures pour {fr}.",
            )
            return Remedy(means=Means.AGENCY, by=supplier.id, says=says, price=price)
        price = an_hour * (supplier.hours_per_week or 0.0) * WEEKS_OF_A_YEAR + (supplier.price or 0.0)
        en, fr = (self.unit.write(price, to, beside=1000.0) for to in ("en", "fr"))
        says = Text(f"Hire: {name.en}, {en} a year.", f"Recruter : {name.fr}, {fr} par an.")
        return Remedy(means=Means.HIRE, by=supplier.id, says=says, price=price)

    def _trained(self, group: Sequence[Item], supplier: Supplier) -> Iterable[Remedy]:
        """Somebody one level short who follows a training and then has the hours."""
        one = group[0]
        for person in self.people:
            raised = {
                skill: max(person.level(skill), level)
                for skill, level in supplier.skills.items()
                if level - person.level(skill) <= SHORT
            }
            after = replace(person, skills={**person.skills, **raised}, free=self._after(person, supplier))
            if is_able(one, person) or not is_able(one, after) or not person.speaks(one.language):
                continue
            others = [after if each.id == person.id else each for each in self.people]
            if not self._suffices(group, others):
                continue
            price = (supplier.price or 0.0) + (supplier.hours or 0.0) * (person.cost or HOUR)
            en, fr = (self.unit.write(price, to, beside=1000.0) for to in ("en", "fr"))
            says = Text(
                f"Train {person.name} ({supplier.says.en}): {en}, the hours of the course counted.",
                f"Former {person.name} ({supplier.says.fr}) : {fr}, heures de cours comprises.",
            )
            yield Remedy(means=Means.TRAINING, by=person.id, says=says, price=price)

    def _after(self, person: Person, supplier: Supplier) -> tuple[float, ...]:
        """Free hours once the course has taken its own, from the first weeks on."""
        left, found = supplier.hours or 0.0, []
        for hours in person.free:
            taken = min(left, hours)
            left -= taken
            found.append(hours - taken)
        return tuple(found)

    def _later(self, group: Sequence[Item]) -> Iterable[Remedy]:
        names = {one.id for one in group}
        for more in (1, 2, 4, LATEST):
            moved = [
                replace(one, by=one.by + timedelta(weeks=more)) if one.id in names else one
                for one in self.items
            ]
            if not names & set(staff(moved, self.people, self.weeks).unstaffed):
                last = max(one.by for one in group) + timedelta(weeks=more)
                plural = "s" if more > 1 else ""
                yield Remedy(
                    means=Means.LATER,
                    by="",
                    says=Text(
                        f"Move the deadline by {more} week{plural}, to {last}.",
                        f"Repousser l'échéance de {more} semaine{plural}, au {last}.",
                    ),
                    price=0.0,
                )
                return

    def _bought(self, supplier: Supplier) -> Person:
        start = supplier.weeks or 0
        week = supplier.hours_per_week if supplier.hours_per_week is not None else 35.0
        hours = tuple(week if i >= start else 0.0 for i in range(self.weeks.n))
        return Person(
            id=f"supplier:{supplier.id}",
            name=supplier.id,
            skills=dict(supplier.skills),
            hours=hours,
            free=hours,
            languages=frozenset(supplier.languages),
            outside=True,
        )

    def _suffices(self, group: Sequence[Item], people: Sequence[Person]) -> bool:
        """Whether the work can be done by these people, while everybody keeps what the plan gives them."""
        kept = {one.item: one.who for one in self.plan.assignments}
        names = {one.id for one in group}
        fixed = [replace(one, who=kept[one.id], skills={}) for one in self.items if one.id in kept]
        wanted = [one for one in self.items if one.id in names]
        return not names & set(staff([*fixed, *wanted], people, self.weeks).unstaffed)


def _said(
    one: Item,
    hours: float,
    *,
    by: date,
    able: Sequence[Person],
    free: float,
    people: Sequence[Person],
) -> Text:
    need = listing([f"{skill} ({level:g})" for skill, level in sorted(one.skills.items())])
    en = f"{need.en or 'any work'}" + (f" in {one.language}" if one.language else "")
    fr = f"{need.fr or 'tout travail'}" + (f" en {one.language}" if one.language else "")
    if not able:
        best = max(people, key=lambda each: min(map(each.level, one.skills), default=0.0), default=None)
        nearest = Text("", "")
        level = 0.0 if best is None or not one.skills else min(map(best.level, one.skills))
        if best is not None and level > 0:
            nearest = Text(
                f", the nearest is {best.name} ({level:g})", f", {best.name} s'en approche ({level:g})"
            )
        return Text(
            f"Nobody can do {en}{nearest.en}: {hours:.0f} hours until {by} are left undone.",
            f"Personne ne sait faire {fr}{nearest.fr} : {hours:.0f} heures d'ici au {by} restent à faire.",
        )
    names = listing([each.name for each in able])
    if free >= hours:
        return Text(
            f"{en} until {by}: {names.en} have {free:.0f} hours left for {hours:.0f}, but no single one of "
            "them, in time, for a whole piece.",
            f"{fr} d'ici au {by} : {names.fr} ont encore {free:.0f} heures pour {hours:.0f}, mais aucun à "
            "lui seul, à temps, pour un travail entier.",
        )
    return Text(
        f"{en} until {by}: {hours:.0f} hours are needed and {names.en} "
        f"{'have' if len(able) > 1 else 'has'} {free:.0f} left; {hours - free:.0f} are lacking.",
        f"{fr} d'ici au {by} : il faut {hours:.0f} heures et {names.fr} "
        f"{'en ont' if len(able) > 1 else 'en a'} encore {free:.0f} ; il en manque {hours - free:.0f}.",
    )
