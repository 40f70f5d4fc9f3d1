"""The calendar over all channels.

Campaigns, releases and events on their days, their conflicts, and as iCal.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.communication.calendar import Conflict, Entry, Limits, conflicts, holidays
from cmo.communication.campaign import Stage, of_mapping
from cmo.communication.channels import CHANNELS, Way
from cmo.communication.links import digest_of, token_of
from cmo.communication.tally import Tally
from cmo.ledger.consents import LINKS, secret
from cmo.ledger.outbox import tallies
from cmo.ledger.works import Work, works
from cmo.loop.campaign_life import due_on, embargo_of
from cmo.loop.campaigns import KIND, stage_of
from cmo.loop.standing import opened
from cmo.measures import Language, Problem, Text
from cmo.workspace import Workspace


def calendar(
    folder: Path,
    *,
    month: str | None,
    to: Path | None,
    language: Language | None,
) -> Answer:
    """What goes out when, over all channels, and what gets in each other's way.

    Args:
        folder: The company's folder.
        month: Only this month, as 2027-03; all days where none.
        to: An iCal file to write, where one is wanted.
        language: Language of the answer.

    Raises:
        Problem: The month is none, or the file cannot be written.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = entries(spoken)
    if month is not None:
        found = _of_month(found, month)
    wrong = conflicts(found, limits(workspace))
    if to is not None:
        try:
            to.write_bytes(ical(found, name=workspace.config.company.name))
        except OSError as error:
            raise Problem(f"{to}: this file cannot be written ({error.strerror})") from error
    voice = Voice(spoken)
    none = Text("Nothing is planned.", "Rien n'est prévu.")
    lines = [f"! {one.says.in_(spoken)}" for one in wrong] or ([] if found else [none.in_(spoken)])
    head = Text(
        "day|piece|channel|for|state|hours|cost|result", "jour|pièce|canal|pour|état|heures|coût|résultat"
    )
    everybody = Text("everybody", "tout le monde").in_(spoken)
    body = tuple(
        (
            one.on.isoformat(),
            one.title,
            one.channel,
            one.segment or everybody,
            one.state,
            f"{one.hours:g}",
            voice.count(round(one.cost)),
            one.result,
        )
        for one in found
    )
    data: Data = {
        "entries": [_data(one) for one in found],
        "conflicts": [
            {"kind": one.clash.value, "entries": list(one.entries), "says": one.says.in_(spoken)}
            for one in wrong
        ],
    }
    shown_head = tuple(head.in_(spoken).split("|")) if body else ()
    return Answer(data=data, lines=tuple(lines), head=shown_head, body=body)


def entries(language: Language) -> list[Entry]:
    """Everything that has a day, in the order of days."""
    found = [entry for one in works(KIND) for entry in _of_campaign(one, language)]
    found += [entry for kind in ("release", "event") for one in works(kind) if (entry := _of_other(one))]
    return sorted(found, key=lambda one: (one.on, one.id))


def limits(workspace: Workspace) -> Limits:
    """What the company can do, as cmo.yaml says."""
    said = workspace.config.communication
    return Limits(hours=said.hours_per_week, apart=said.days_between)


def clashes(workspace: Workspace, found: Sequence[Entry]) -> tuple[Conflict, ...]:
    """What gets in each other's way."""
    return conflicts(found, limits(workspace))


def ical(found: Sequence[Entry], *, name: str) -> bytes:
    """The calendar as iCal: whole days, identifiers that stay the same."""
    whole = Calendar()
    whole.add("prodid", "-//cmo//calendar//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", name)
    for one in found:
        event = Event()
        event.add("uid", f"{one.id}@cmo")
        event.add("summary", f"{one.title} ({one.channel})")
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("dtstamp", datetime(one.on.year, one.on.month, one.on.day))  # noqa: DTZ001 - a day has no zone
        event.add("description", " · ".join(part for part in (one.segment, one.state, one.result) if part))
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())


def feed_token() -> str:
    """The token of the calendar's address: whoever holds it reads the calendar, and nothing else."""
    return token_of(secret(LINKS), "calendar")


def feed(token: str, *, name: str, language: Language) -> bytes | None:
    """The calendar behind its secret address; none behind any other."""
    if digest_of(token) != digest_of(feed_token()):
        return None
    return ical(entries(language), name=name)


def day_name(day: date, language: Language) -> str:
    """The public holiday of a day; empty on others."""
    found = holidays(day.year).get(day)
    return "" if found is None else found.in_(language)


def _of_campaign(found: Work, language: Language) -> list[Entry]:
    on = due_on(found)
    stage = stage_of(found)
    if on is None or stage is Stage.STOPPED:
        return []
    campaign, told = of_mapping(found.content), tallies(found.key)
    shares = max(len(campaign.channels), 1)
    return [
        Entry(
            id=f"{found.key}:{name}",
            title=campaign.title,
            channel=name,
            segment=campaign.brief.segment,
            on=on,
            state=stage.says.in_(language),
            embargo=embargo_of(found),
            hours=campaign.plan.hours / shares,
            cost=campaign.plan.cost / shares,
            result=_result([one for one in told if one.channel == name], language),
            direct=CHANNELS[name].medium in {"email", "sms"},
            url=f"/studio/{found.key}/",
        )
        for name in campaign.channels
        if CHANNELS[name].way is not Way.SITE
    ]


def _of_other(found: Work) -> Entry | None:
    on = found.content.get("on")
    if not on:
        return None
    kind = {"release": "newsroom", "event": "event"}[found.kind]
    return Entry(
        id=f"{found.kind}:{found.key}",
        title=str(found.content.get("title", found.key)),
        channel=kind,
        on=date.fromisoformat(str(on)[:10]),
        state=found.state,
        embargo=_instant(found.content.get("embargo")),
        hours=float(found.content.get("hours") or 0.0),
        cost=sum(float(value) for value in dict(found.content.get("costs") or {}).values()),
    )


def _instant(written: object) -> datetime | None:
    return datetime.fromisoformat(str(written)) if written else None


def _result(told: Sequence[Tally], language: Language) -> str:
    sent, clicked = sum(one.sent for one in told), sum(one.clicked for one in told)
    if not sent:
        return ""
    voice = Voice(language)
    return voice.say(
        "{clicked} clicks of {sent}",
        "{clicked} clics sur {sent}",
        clicked=voice.count(clicked),
        sent=voice.count(sent),
    )


def _of_month(found: Sequence[Entry], month: str) -> list[Entry]:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Problem(f"{month}: a month such as 2027-03 was expected") from None
    return [one for one in found if (one.on.year, one.on.month) == (first.year, first.month)]


def _data(one: Entry) -> Data:
    return {
        "id": one.id,
        "title": one.title,
        "channel": one.channel,
        "segment": one.segment or None,
        "on": one.on.isoformat(),
        "state": one.state,
        "embargo": None if one.embargo is None else one.embargo.isoformat(),
        "hours": one.hours,
        "cost": one.cost,
        "result": one.result,
    }
