"""An event: who is invited, what it costs, what each contact cost, and what is to be done afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from icalendar import Calendar, Event
from pydantic import BaseModel, ConfigDict, Field

from cmo.measures import Language, Text

AFTER: Final = (
    (1, Text("thank those who came, and those who could not", "remercier les présents, et les absents")),
    (
        7,
        Text(
            "call the contacts, decide whether to do it again", "rappeler les contacts, décider d'une suite"
        ),
    ),
)
"""Days after an event, and what is due then."""


class Gathering(BaseModel):
    """An event as its file says it.

    Attributes:
        title: Its name.
        type: Fair, workshop, pop-up shop, webinar …
        on: When it begins, with its zone.
        end: When it ends.
        place: Where, or an address of the web.
        says: What awaits the guest.
        costs: Money by line.
        hours: Hours of the staff.
        target: Contacts hoped for.
        seats: Most guests; none where there is no limit.
        language: Its language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200)]
    type: Annotated[str, Field(min_length=1, max_length=60)] = "event"
    on: datetime
    end: datetime
    place: Annotated[str, Field(min_length=1, max_length=300)]
    says: Annotated[str, Field(min_length=1, max_length=4000)]
    costs: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    hours: Annotated[float, Field(ge=0)] = 0.0
    target: Annotated[int, Field(ge=0)] = 0
    seats: Annotated[int, Field(ge=1)] | None = None
    language: Language = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an event cost and brought.

    Attributes:
        registered: Who registered.
        came: Who came.
        agreed: Who agreed to be written to.
        cost: Money and hours, in money.
        per_contact: The same for each who came; none where nobody did, or nobody said.
    """

    registered: int
    came: int
    agreed: int
    cost: float
    per_contact: float | None


def balance(event: Gathering, *, registered: int, came: int, agreed: int, per_hour: float) -> Balance:
    """What an event cost for each contact, hours of the staff included.

    Args:
        event: The event.
        registered: Who registered.
        came: Who came.
        agreed: Who agreed to be written to.
        per_hour: What an hour of the team costs.
    """
    cost = sum(event.costs.values()) + event.hours * per_hour
    return Balance(
        registered=registered, came=came, agreed=agreed, cost=cost, per_contact=cost / came if came else None
    )


def due_after(event: Gathering) -> tuple[tuple[datetime, Text], ...]:
    """What is to be done after an event, and by when."""
    return tuple((event.end + timedelta(days=days), says) for days, says in AFTER)


def as_ical(key: str, event: Gathering, *, url: str, version: int) -> bytes:
    """The event for a guest's own calendar."""
    whole: Any = Calendar()
    whole.add("prodid", "-//cmo//event//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    one: Any = Event()
    one.add("uid", f"event-{key}@cmo")
    one.add("sequence", version)
    one.add("summary", event.title)
    one.add("dtstart", event.on)
    one.add("dtend", event.end)
    one.add("dtstamp", event.on)
    one.add("location", event.place)
    one.add("description", event.says)
    one.add("url", url)
    whole.add_component(one)
    return bytes(whole.to_ical())
