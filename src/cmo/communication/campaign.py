"""A campaign as it is remembered: brief, concepts, pieces, proofs, plan; and the steps of its life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter

from cmo.communication.brief import Brief
from cmo.communication.claims import Claim, Proof, blocked, claims_of
from cmo.communication.concepts import Concept
from cmo.communication.pieces import Piece, Remark, remarks
from cmo.measures import Text


class Stage(StrEnum):
    """How far a campaign has come."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    SENT = "sent"
    LEARNT = "learnt"
    STOPPED = "stopped"

    @property
    def says(self) -> Text:
        """Its name for people."""
        return _STAGES[self]


_STAGES: Final = {
    Stage.DRAFT: Text("draft", "brouillon"),
    Stage.SCHEDULED: Text("scheduled", "programmée"),
    Stage.RUNNING: Text("going out", "en cours d'envoi"),
    Stage.SENT: Text("sent", "envoyée"),
    Stage.LEARNT: Text("learnt from", "bilan tiré"),
    Stage.STOPPED: Text("stopped", "arrêtée"),
}
FOLLOWS: Final[Mapping[Stage, frozenset[Stage]]] = MappingProxyType(
    {
        Stage.DRAFT: frozenset(),
        Stage.SCHEDULED: frozenset({Stage.DRAFT, Stage.SCHEDULED}),
        Stage.RUNNING: frozenset({Stage.SCHEDULED, Stage.RUNNING}),
        Stage.SENT: frozenset({Stage.RUNNING}),
        Stage.LEARNT: frozenset({Stage.SENT}),
        Stage.STOPPED: frozenset({Stage.DRAFT, Stage.SCHEDULED, Stage.RUNNING}),
    }
)
"""For each stage, those it may follow."""
CHANGED: Final = frozenset({Stage.DRAFT, Stage.SCHEDULED})
"""Stages in which a campaign may still be changed; a change asks for approval anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When and how a campaign goes out.

    Attributes:
        on: Day on which it is to go out; none before it is scheduled.
        embargo: Nothing goes out before this instant.
        first: Share of the people of the first batch, divided evenly among the arms: the test.
        batch: People of each later batch, divided by what was learnt.
        hours: Hours of work it takes.
        cost: Money it costs besides.
        topic: What it is about, for the table of content.
    """

    on: date | None = None
    embargo: datetime | None = None
    first: float = 0.5
    batch: int = 500
    hours: float = 4.0
    cost: float = 0.0
    topic: str = ""

    def __post_init__(self) -> None:
        """Refuse plans that cannot be carried out."""
        if not 0.0 < self.first <= 1.0 or self.batch < 1 or self.hours < 0 or self.cost < 0:
            raise ValueError(
                f"first == {self.first}, batch == {self.batch}, hours == {self.hours}, cost == {self.cost}: "
                "must hold 0 < first <= 1, batch >= 1, hours >= 0, cost >= 0"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign, whole.

    Attributes:
        id: Its name in links and tables.
        title: Its name for people.
        brief: What it is to do.
        concepts: Ways of telling its message, kept apart.
        pieces: What is published where.
        proofs: Proofs that people gave, by claim.
        plan: When and how.
    """

    id: str
    title: str
    brief: Brief
    concepts: tuple[Concept, ...] = ()
    pieces: tuple[Piece, ...] = ()
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)

    @property
    def test(self) -> str:
        """Name of the test whose arms its pieces are."""
        return f"campaign-{self.id}"

    def on(self, channel: str) -> tuple[Piece, ...]:
        """Its pieces on a channel."""
        return tuple(one for one in self.pieces if one.channel == channel)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it uses, in order."""
        return tuple(dict.fromkeys(one.channel for one in self.pieces))

    def piece(self, name: str) -> Piece | None:
        """A piece by its id."""
        return next((one for one in self.pieces if one.id == name), None)

    def with_piece(self, piece: Piece) -> "Campaign":
        """The campaign with a piece put in, in the place of the one of that id."""
        if self.piece(piece.id) is None:
            return replace(self, pieces=(*self.pieces, piece))
        return replace(self, pieces=tuple(piece if one.id == piece.id else one for one in self.pieces))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What stands between a campaign and its publication.

    Attributes:
        claims: What its pieces claim, each with its proof or none, by piece.
        remarks: What they break.
    """

    claims: Mapping[str, tuple[Claim, ...]]
    remarks: tuple[Remark, ...]

    @property
    def stops(self) -> tuple[Text, ...]:
        """Why it cannot be published."""
        found = [
            Text(f"{one.piece}: {one.says.en}", f"{one.piece} : {one.says.fr}")
            for one in self.remarks
            if one.stops
        ]
        unproven = {
            claim.id: (piece, claim) for piece, claims in self.claims.items() for claim in blocked(claims)
        }
        found += [
            Text(
                f"{piece}: “{claim.sentence}” ({claim.kind.says.en}) has no proof: "
                f"give one for claim {claim.id}, or say it otherwise",
                f"{piece} : « {claim.sentence} » ({claim.kind.says.fr}) n'a pas de preuve : "
                f"en donner une pour l'affirmation {claim.id}, ou le dire autrement",
            )
            for piece, claim in unproven.values()
        ]
        return tuple(found)


def checked(campaign: Campaign, *, today: date) -> Checked:
    """Hold every piece against its channel's limits, the brief's rules and the proofs at hand."""
    brief = campaign.brief
    claims = {
        one.id: claims_of(
            one.text, facts=brief.facts, proofs=campaign.proofs, given=brief.voice.mandatory, today=today
        )
        for one in campaign.pieces
    }
    found = tuple(remark for one in campaign.pieces for remark in remarks(one, brief))
    return Checked(claims=claims, remarks=found)


_ADAPTER: Final[TypeAdapter[Campaign]] = TypeAdapter(Campaign)


def as_mapping(campaign: Campaign) -> dict[str, Any]:
    """Plain values for JSON."""
    said: dict[str, Any] = _ADAPTER.dump_python(campaign, mode="json")
    return said


def of_mapping(said: Mapping[str, Any]) -> Campaign:
    """The inverse of `as_mapping`."""
    return _ADAPTER.validate_python(said)


def digest_of(pieces: Sequence[Piece]) -> str:
    """Changes with any word of any piece."""
    return sha256("\x00".join(f"{one.id}\x01{one.text}" for one in pieces).encode()).hexdigest()
