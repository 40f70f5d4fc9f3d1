"""The calendar over all channels: what goes out when, and what gets in each other's way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from cmo.measures import Text

APART: Final = 3
"""Days that should lie between two messages to the same people."""


class Clash(StrEnum):
    """What kind of conflict."""

    SEGMENT = "segment"
    EMBARGO = "embargo"
    HOLIDAY = "holiday"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A piece on its day.

    Attributes:
        id: Campaign, release or event with its channel.
        title: Its name.
        channel: Where.
        segment: Who receives it; empty for everybody.
        on: The day.
        state: How far it is.
        embargo: Nothing before this instant; none where there is no embargo.
        hours: Hours of work it takes.
        cost: Money it costs.
        result: What it brought, in words; empty while nothing is known.
        direct: Whether people are written to, rather than something posted.
        url: Where it can be seen.
    """

    id: str
    title: str
    channel: str
    on: date
    segment: str = ""
    state: str = ""
    embargo: datetime | None = None
    hours: float = 0.0
    cost: float = 0.0
    result: str = ""
    direct: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something that gets in the way.

    Attributes:
        clash: Its kind.
        entries: The pieces it is about.
        says: What is wrong and what to do.
    """

    clash: Clash
    entries: tuple[str, ...]
    says: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the company can do.

    Attributes:
        hours: Hours a week that the team has for this; none where nobody said.
        apart: Days between two messages to the same people.
        closed: Days on which nothing should go out beside public holidays, with their names.
    """

    hours: float | None = None
    apart: int = APART
    closed: Mapping[date, Text] = field(default_factory=dict)


def conflicts(entries: Sequence[Entry], limits: Limits) -> tuple[Conflict, ...]:
    """All conflicts, by day.

    Args:
        entries: What is planned.
        limits: What the company can do.
    """
    ordered = sorted(entries, key=lambda one: (one.on, one.id))
    return (
        *_same_people(ordered, limits.apart),
        *_embargoes(ordered),
        *_holidays(ordered, limits.closed),
        *_capacity(ordered, limits.hours),
    )


def _same_people(entries: Sequence[Entry], apart: int) -> list[Conflict]:
    direct = [one for one in entries if one.direct]
    found = []
    for at, one in enumerate(direct):
        for other in direct[at + 1 :]:
            if (other.on - one.on).days >= apart:
                break
            if one.id == other.id or (one.segment and other.segment and one.segment != other.segment):
                continue
            who = one.segment or other.segment
            people = Text(f"“{who}”", f"« {who} »") if who else Text("everybody", "tout le monde")
            says = Text(
                f"{one.title} ({one.on}) and {other.title} ({other.on}) both go to {people.en}: "
                f"leave {apart} days between them",
                f"{one.title} ({one.on}) et {other.title} ({other.on}) s'adressent à {people.fr} : "
                f"laisser {apart} jours entre les deux",
            )
            found.append(Conflict(clash=Clash.SEGMENT, entries=(one.id, other.id), says=says))
    return found


def _embargoes(entries: Sequence[Entry]) -> list[Conflict]:
    return [
        Conflict(
            clash=Clash.EMBARGO,
            entries=(one.id,),
            says=Text(
                f"{one.title} is planned on {one.on}, its embargo ends on {one.embargo.date()}: move it "
                "there",
                f"{one.title} est prévu le {one.on}, son embargo finit le {one.embargo.date()} : le décaler",
            ),
        )
        for one in entries
        if one.embargo is not None and one.on < one.embargo.date()
    ]


def _holidays(entries: Sequence[Entry], closed: Mapping[date, Text]) -> list[Conflict]:
    found = []
    for one in entries:
        name = closed.get(one.on) or holidays(one.on.year).get(one.on)
        if name is not None:
            says = Text(
                f"{one.title} goes out on {one.on}, {name.en}: take another day",
                f"{one.title} part le {one.on}, {name.fr} : prendre un autre jour",
            )
            found.append(Conflict(clash=Clash.HOLIDAY, entries=(one.id,), says=says))
    return found


def _capacity(entries: Sequence[Entry], hours: float | None) -> list[Conflict]:
    if hours is None:
        return []
    weeks: dict[date, list[Entry]] = defaultdict(list)
    for one in entries:
        weeks[one.on - timedelta(days=one.on.weekday())].append(one)
    found = []
    for monday, those in sorted(weeks.items()):
        asked = sum(one.hours for one in those)
        if asked > hours:
            says = Text(
                f"the week of {monday} asks {asked:g} hours of {hours:g}: move something",
                f"la semaine du {monday} demande {asked:g} heures sur {hours:g} : décaler quelque chose",
            )
            found.append(Conflict(clash=Clash.CAPACITY, entries=tuple(one.id for one in those), says=says))
    return found


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    length = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * length) // 451
    month, day = divmod(h + length - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> Mapping[date, Text]:
    """The eleven public holidays of France (article L3133-1 of the labour code)."""
    sunday = easter(year)
    return {
        date(year, 1, 1): Text("New Year's Day", "jour de l'An"),
        sunday + timedelta(days=1): Text("Easter Monday", "lundi de Pâques"),
        date(year, 5, 1): Text("Labour Day", "fête du Travail"),
        date(year, 5, 8): Text("Victory Day", "victoire de 1945"),
        sunday + timedelta(days=39): Text("Ascension Day", "Ascension"),
        sunday + timedelta(days=50): Text("Whit Monday", "lundi de Pentecôte"),
        date(year, 7, 14): Text("Bastille Day", "fête nationale"),
        date(year, 8, 15): Text("Assumption Day", "Assomption"),
        date(year, 11, 1): Text("All Saints' Day", "Toussaint"),
        date(year, 11, 11): Text("Armistice Day", "armistice de 1918"),
        date(year, 12, 25): Text("Christmas Day", "Noël"),
    }
