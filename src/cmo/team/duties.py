"""The work that a decision or a test brings with it: who must be able to do what, and by when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from cmo.measures import Text
from cmo.strategy.decisions.decision import Kind
from cmo.strategy.decisions.packet import Packet
from cmo.team.work import Item

TIME: Final = timedelta(weeks=4)
"""Time to carry out what was approved."""
LEAST: Final = 1.0
"""Hours of the shortest piece of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A part of what must be done.

    Attributes:
        part: Its name.
        says: What is to be done.
        skills: Skills that can do it, the first that anybody of the team has is asked for.
        level: Least level.
        share: Share of the whole's hours.
        after: Name of the part that comes before; empty where none does.
    """

    part: str
    says: Text
    skills: tuple[str, ...]
    level: float
    share: float
    after: str = ""


_MEDIA: Final = ("media_planning", "sea", "social")
_DATA: Final = ("statistics", "sql", "experiments")
_WORDS: Final = ("copywriting", "brand", "social")
_WATCH: Final = Duty(
    part="watch", says=Text("Watch the result", "Suivre le résultat"), skills=_DATA, level=2, share=0.3
)
_MOVE: Final = Duty(
    part="do", says=Text("Carry it out", "Mettre en œuvre"), skills=_MEDIA, level=2, share=0.7
)
DUTIES: Final[Mapping[Kind, tuple[Duty, ...]]] = MappingProxyType(
    {
        Kind.BUDGET: (_MOVE, _WATCH),
        Kind.STOP: (_MOVE, _WATCH),
        Kind.CHANNEL: (
            Duty(part="plan", says=Text("Plan it", "Préparer"), skills=_MEDIA, level=3, share=0.3),
            Duty(part="make", says=Text("Make it", "Créer"), skills=_WORDS, level=3, share=0.5, after="plan"),
            Duty(part="watch", says=_WATCH.says, skills=_DATA, level=2, share=0.2),
        ),
        Kind.MESSAGE: (
            Duty(part="write", says=Text("Write it", "Rédiger"), skills=_WORDS, level=3, share=0.7),
            _WATCH,
        ),
        Kind.CUSTOMER: (
            Duty(
                part="do",
                says=Text("Write to the customers", "Écrire aux clients"),
                skills=("email", "segmentation", "crm"),
                level=3,
                share=0.7,
            ),
            _WATCH,
        ),
        Kind.PRICE: (
            Duty(
                part="do",
                says=Text("Change the prices", "Changer les prix"),
                skills=("pricing", "ecommerce", "web"),
                level=2,
                share=0.7,
            ),
            _WATCH,
        ),
        Kind.PRODUCT: (
            Duty(
                part="do",
                says=Text("Write the case for the product", "Rédiger le dossier produit"),
                skills=("product", "brand", "copywriting"),
                level=3,
                share=1.0,
            ),
        ),
        Kind.DISTRIBUTION: (
            Duty(
                part="do",
                says=Text("Talk to the sales channel", "Traiter avec le circuit de vente"),
                skills=("distribution", "sales", "affiliation"),
                level=2,
                share=1.0,
            ),
        ),
        Kind.TEST: (
            Duty(
                part="design",
                says=Text("Design and set up the test", "Concevoir et mettre en place le test"),
                skills=("experiments", "statistics"),
                level=2,
                share=0.6,
            ),
            Duty(
                part="read",
                says=Text("Read the test", "Lire le test"),
                skills=("statistics", "experiments"),
                level=2,
                share=0.4,
                after="design",
            ),
        ),
    }
)
TEST_HOURS: Final = (6.0, 4.0)
"""Hours to set a designed test up before its first day, and to read it within a week of its last."""


def work_of_decision(packet: Packet, *, approved_on: date, known: Collection[str]) -> tuple[Item, ...]:
    """The work that an approved decision brings.

    Args:
        packet: The decision.
        approved_on: The day it was approved.
        known: Skills that somebody of the team has.

    Returns:
        One piece for each duty of its kind, due within four weeks or before its period begins, whichever
        is later; what is expected of the decision is the money that depends on them.
    """
    by = max(approved_on + TIME, packet.period.start - timedelta(days=1))
    names = {duty.part: _name("decision", packet.id, duty.part) for duty in DUTIES[packet.kind]}
    channel = next((move.target or move.source for move in packet.moves), None)
    return tuple(
        Item(
            id=names[duty.part],
            says=_beside(duty.says, packet.says),
            hours=max(packet.hours * duty.share, LEAST),
            by=by,
            start=approved_on,
            skills=_need(duty.skills, duty.level, known),
            channel=channel,
            after=(names[duty.after],) if duty.after else (),
            worth=max(packet.expected.mean, 0.0),
            origin=f"decision:{packet.id}",
        )
        for duty in DUTIES[packet.kind]
    )


def work_of_test(
    test: str, says: Text, *, starts_on: date, ends_on: date, known: Collection[str]
) -> tuple[Item, ...]:
    """The work that a designed test brings: to set it up, and to read it.

    Args:
        test: Its name.
        says: What is tested.
        starts_on: Its first day.
        ends_on: Its last day.
        known: Skills that somebody of the team has.
    """
    design, read = DUTIES[Kind.TEST]
    return (
        Item(
            id=_name("test", test, "setup"),
            says=_beside(Text("Set the test up", "Mettre le test en place"), says),
            hours=TEST_HOURS[0],
            by=starts_on - timedelta(days=1),
            skills=_need(design.skills, design.level, known),
            origin=f"test:{test}",
        ),
        Item(
            id=_name("test", test, "read"),
            says=_beside(read.says, says),
            hours=TEST_HOURS[1],
            by=ends_on + timedelta(days=7),
            start=ends_on,
            skills=_need(read.skills, read.level, known),
            origin=f"test:{test}",
        ),
    )


def _need(skills: Sequence[str], level: float, known: Collection[str]) -> dict[str, float]:
    """The first skill that anybody has; the first of all where nobody has any, and it is lacking."""
    return {next((one for one in skills if one in known), skills[0]): level}


def _name(kind: str, key: str, part: str) -> str:
    return f"{kind}-{key}-{part}"


def _beside(duty: Text, whole: Text) -> Text:
    return Text(f"{duty.en}: {whole.en}", f"{duty.fr} : {whole.fr}")
