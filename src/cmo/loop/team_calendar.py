"""Somebody's work of the coming weeks as a calendar that any program reads (iCal, RFC 5545)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from cmo.briefs.answers import Answer
from cmo.loop.team import Team, team_of
from cmo.measures import Language, Problem, Text
from cmo.strategy.part import nearest


def calendar_to(folder: Path, who: str, *, to: Path, language: Language | None) -> Answer:
    """Write somebody's calendar to a file.

    Raises:
        Problem: They are nobody of the team, or the file cannot be written.
    """
    now = team_of(folder, language)
    content = calendar_of(now, who)
    try:
        to.write_bytes(content)
    except OSError as error:
        raise Problem(f"{to}: the file cannot be written ({error.strerror})") from error
    n = content.count(b"BEGIN:VEVENT")
    said = Text(f"{to}: {n} entries.", f"{to} : {n} entrées.")
    return Answer(data={"file": str(to), "entries": n}, lines=(said.in_(now.language),))


def calendar_of(now: Team, who: str) -> bytes:
    """Somebody's work and absences, an entry for each week in which they do something.

    The same work has the same name (UID) whenever it is asked for, and a higher sequence once it moved, so
    that a calendar program moves its entry instead of adding one.

    Raises:
        Problem: They are nobody of the team.
    """
    names = [one.id for one in now.strategy.team]
    if who not in names:
        raise Problem(
            f"{who} is nobody of the team: {nearest(who, names) if names else 'there is nobody yet'}"
        )
    member = next(one for one in now.strategy.team if one.id == who)
    company = now.workspace.config.company
    calendar = Calendar()
    calendar.add("prodid", "-//cmo//team//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{company.name} – {member.name}")
    calendar.add("x-wr-timezone", company.timezone)
    stamp = datetime.combine(now.force.today, datetime.min.time(), tzinfo=UTC)
    for event in (*_work(now, who), *_absences(now, who)):
        event.add("dtstamp", stamp)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _work(now: Team, who: str) -> list[Event]:
    force, found = now.force, []
    items = {one.id: one for one in force.items}
    for one in force.plan.assignments:
        mine = one.hours if one.who == who else one.mentored if one.mentor == who else ()
        for week, hours in enumerate(mine):
            if hours <= 0.05:
                continue
            monday = force.weeks.monday(week)
            event = Event()
            event.add("uid", f"{one.item}-{monday}-{who}@cmo")
            event.add("sequence", _sequence(force.today.toordinal()))
            said = items[one.item].says.in_(now.language)
            beside = Text(" (accompany)", " (accompagner)").in_(now.language) if one.mentor == who else ""
            event.add("summary", f"{said}{beside} – {hours:.0f} h")
            event.add("dtstart", max(monday, force.today))
            event.add("dtend", monday + timedelta(days=5))
            due = Text(f"Due {items[one.item].by}.", f"Échéance : {items[one.item].by}.")
            event.add("description", due.in_(now.language))
            event.add("transp", "TRANSPARENT")
            found.append(event)
    return found


def _absences(now: Team, who: str) -> list[Event]:
    member = next(one for one in now.strategy.team if one.id == who)
    found = []
    for window in member.absences:
        event = Event()
        event.add("uid", f"absence-{window.start}-{who}@cmo")
        event.add("sequence", 0)
        event.add("summary", Text("Away", "Absence").in_(now.language))
        event.add("dtstart", window.start)
        event.add("dtend", window.end + timedelta(days=1))
        found.append(event)
    return found


def _sequence(day: int) -> int:
    """Days since 2020: it grows with time, so that what is asked for later counts."""
    return day - datetime(2020, 1, 1, tzinfo=UTC).date().toordinal()
