"""`cmo campaigns`: from a decision or an idea to a draft that can be judged, approved and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.campaigns import Shown, campaign_answer, campaigns_answer
from cmo.communication.brief import Brief, lacking
from cmo.communication.campaign import (
    CHANGED,
    Campaign,
    Plan,
    Stage,
    as_mapping,
    checked,
    of_mapping,
)
from cmo.communication.claims import Proof
from cmo.communication.concepts import drafts, spread
from cmo.communication.pieces import Piece, channel_of, written
from cmo.ledger.approvals import state_of
from cmo.ledger.decisions import decision
from cmo.ledger.outbox import states, tallies
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.works import Work, keep_work, work, works
from cmo.loop import campaign_sources
from cmo.loop.standing import opened
from cmo.loop.testing import today_of
from cmo.measures import Language, Problem
from cmo.strategy.document import Strategy
from cmo.workspace import Workspace

KIND = "campaign"
"""What the approval of a campaign is called, and its kind among works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants of a new campaign; what they do not say is taken from what is known.

    Attributes:
        id: Its name in links and tables.
        decision: The decision it carries out.
        goal: What shall be different afterwards.
        segment: Customers it is for; all where empty.
        message: The single message.
        link: Where its links lead.
        channels: Where it appears.
        arms: How many concepts.
        belief: Belief that its test judges.
        budget: Money it may spend.
        serves: What it serves, where no decision.
        plan: How it goes out.
    """

    id: str
    decision: str = ""
    goal: str = ""
    segment: str = ""
    message: str = ""
    link: str = ""
    channels: tuple[str, ...] = ("email",)
    arms: int = 2
    belief: str = ""
    budget: float | None = None
    serves: str = ""
    plan: Plan = field(default_factory=Plan)


def new(folder: Path, wanted: Wanted, *, by: str, language: Language | None) -> Answer:
    """Draft a campaign: brief, concepts that differ, a piece for each channel and concept.

    Args:
        folder: The company's folder.
        wanted: What is wanted.
        by: Who wants it.
        language: Language of its pieces, and of the answer.

    Raises:
        Problem: There is one of that name, something is missing, or a channel is unknown.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    if not wanted.id.replace("-", "").isalnum() or wanted.id != wanted.id.lower() or len(wanted.id) > 40:
        raise Problem(f"{wanted.id}: name a campaign with small letters, digits and -, as in spring-2027")
    if work(KIND, wanted.id) is not None:
        raise Problem(f"there is a campaign {wanted.id} already: take another name, or change that one")
    strategy = remembered_strategy()
    channels = [channel_of(name) for name in wanted.channels]
    brief = _brief(workspace, strategy, wanted, language=spoken)
    if missing := lacking(brief):
        raise Problem(*(f"{wanted.id}: {one.in_(spoken)}" for one in missing))
    concepts = spread(drafts(brief), max(wanted.arms, 1))
    if len(concepts) < min(wanted.arms, 2):
        raise Problem(
            f"{wanted.id}: only {len(concepts)} concept could be told with what the brief holds: "
            "give a message, a positioning in strategy.yaml, or opinions of customers"
        )
    pieces = tuple(written(one, brief, channel) for channel in channels for one in concepts)
    campaign = Campaign(
        id=wanted.id,
        title=wanted.goal or brief.message,
        brief=brief,
        concepts=concepts,
        pieces=pieces,
        plan=wanted.plan,
    )
    keep_work(KIND, wanted.id, as_mapping(campaign), by=by)
    return shown(folder, wanted.id, language=spoken)


def _brief(workspace: Workspace, strategy: Strategy, wanted: Wanted, *, language: Language) -> Brief:
    packet = None if not wanted.decision else decision(wanted.decision).packet
    known = campaign_sources.drivers()
    facts = campaign_sources.facts()
    about = [one.id for one in known] + [one.subject for one in facts]
    belief = wanted.belief or next(iter(packet.beliefs if packet is not None else ()), "")
    if belief and belief not in {one.id for one in strategy.beliefs}:
        raise Problem(f"no belief is called {belief}; cmo beliefs lists them")
    serves = f"decision {packet.id}" if packet is not None else wanted.serves
    if not serves and belief:
        serves = f"belief {belief}"
    return Brief(
        goal=wanted.goal or ("" if packet is None else packet.says.in_(language)),
        segment=wanted.segment,
        message=wanted.message or campaign_sources.message(workspace, strategy, language),
        link=wanted.link or workspace.config.communication.site or "",
        language=language,
        voice=campaign_sources.voice(workspace, strategy),
        insight=campaign_sources.insight(workspace, about, segment=wanted.segment, language=language),
        driver=known[0] if known else None,
        facts=facts,
        budget=(0.0 if packet is None else packet.money) if wanted.budget is None else wanted.budget,
        serves=serves,
        belief=belief,
    )


def listed(folder: Path, *, language: Language | None) -> Answer:
    """All campaigns with their state, the latest first."""
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = [shown_of(one, today_of(workspace)) for one in works(KIND)]
    return campaigns_answer(found, language=spoken)


def shown(folder: Path, name: str, *, language: Language | None) -> Answer:
    """Everything of one campaign: brief, concepts with their distances, pieces, claims, state, results.

    Raises:
        Problem: No campaign is called so.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    return campaign_answer(shown_of(known(name), today_of(workspace)), language=spoken)


def shown_of(found: Work, today: date) -> Shown:
    """A campaign with all that is told of it."""
    campaign = of_mapping(found.content)
    return Shown(
        campaign=campaign,
        version=found.number,
        stage=stage_of(found),
        approval=state_of(KIND, found.key, content=found.digest).value,
        checked=checked(campaign, today=today),
        steps=tuple((one.state, one.taken_by, one.taken_at.date(), one.words) for one in found.steps),
        states={key: {k.value: n for k, n in value.items()} for key, value in states(found.key).items()},
        tallies=tallies(found.key),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of one piece; what is none stays.

    Attributes:
        piece: Which piece, as email:proof.
        title: Its subject or title.
        preheader: What a mailbox shows beside it.
        body: Its words.
        picture: Its picture.
        alt: What the picture shows.
    """

    piece: str
    title: str | None = None
    preheader: str | None = None
    body: str | None = None
    picture: str | None = None
    alt: str | None = None


def edit(folder: Path, name: str, change: Edit, *, by: str, language: Language | None) -> Answer:
    """Change a piece; an approval given before no longer counts.

    Raises:
        Problem: No campaign or piece is called so, or the campaign is going out already.
    """
    opened(folder)
    found = changeable(name)
    campaign = of_mapping(found.content)
    piece = campaign.piece(change.piece)
    if piece is None:
        raise Problem(
            f"{name} has no piece {change.piece}; it has {', '.join(one.id for one in campaign.pieces)}"
        )
    said: Mapping[str, str | None] = {
        "title": change.title,
        "preheader": change.preheader,
        "body": change.body,
        "picture": change.picture,
        "alt": change.alt,
    }
    after: Piece = replace(piece, **{key: value for key, value in said.items() if value is not None})
    keep_work(KIND, name, as_mapping(campaign.with_piece(after)), by=by)
    return shown(folder, name, language=language)


def prove(folder: Path, name: str, claim: str, proof: Proof, *, language: Language | None) -> Answer:
    """Give the proof of a claim.

    Raises:
        Problem: The campaign claims no such thing, or the proof says nothing or has no source.
    """
    workspace = opened(folder)
    found = changeable(name)
    campaign = of_mapping(found.content)
    known_claims = {
        one.id for claims in checked(campaign, today=today_of(workspace)).claims.values() for one in claims
    }
    if claim not in known_claims:
        raise Problem(f"{name} makes no claim {claim}; cmo campaigns show {name} lists its claims")
    if not proof.says.strip() or not proof.source.strip():
        raise Problem("a proof says what it shows, and where that stands: give both")
    proofs = {**campaign.proofs, claim: proof}
    keep_work(KIND, name, as_mapping(replace(campaign, proofs=proofs)), by=proof.given_by)
    return shown(folder, name, language=language)


def known(name: str) -> Work:
    """A campaign.

    Raises:
        Problem: No campaign is called so.
    """
    found = work(KIND, name)
    if found is None:
        names: Sequence[str] = [one.key for one in works(KIND)]
        raise Problem(f"no campaign is called {name}; there are: {', '.join(names) or 'none'}")
    return found


def stage_of(found: Work) -> Stage:
    """How far a campaign has come."""
    return Stage(found.state) if found.state else Stage.DRAFT


def changeable(name: str) -> Work:
    """A campaign that may still be changed.

    Raises:
        Problem: It is going out already.
    """
    found = known(name)
    if stage_of(found) not in CHANGED:
        raise Problem(f"{name} is {stage_of(found).value}: what went out is not changed; make another one")
    return found
