"""Decisions remembered: proposed by reviews, approved by people, held against what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.approvals import answer_approval, ask_approval, content_of
from cmo.ledger.opening import writing
from cmo.measures import Problem, Text
from cmo.strategy.decisions.decision import Kind, Withheld
from cmo.strategy.decisions.life import CMO, FOLLOWS, UNDER_WAY, Standing, State, Step, anew
from cmo.strategy.decisions.packet import Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliberated:
    """What the last review thought of doing.

    Attributes:
        review: Number of the review.
        data: Digest of the data that designs of tests were made from.
        withheld: What the evidence could not carry, and why.
        tests: Tests that pay, best first, as plain values.
        designs: All tests that could be run, as plain values.
    """

    review: int
    data: str
    withheld: tuple[Withheld, ...]
    tests: tuple[Mapping[str, Any], ...]
    designs: tuple[Mapping[str, Any], ...]


def remember_deliberation(
    deliberated: Deliberated, *, packets: Sequence[Packet], bases: Mapping[str, str]
) -> None:
    """Keep what a review thought of doing; what was rejected on the same evidence is not proposed again.

    Args:
        deliberated: What else was found.
        packets: The decisions proposed now, best first.
        bases: Digest of the evidence of each decision, by its id.
    """
    with writing():
        listed = [_listed(packet, bases[packet.id], review=deliberated.review) for packet in packets]
        models.Deliberated(
            review=deliberated.review,
            data=deliberated.data,
            listed=[one for one in listed if one is not None],
            withheld=[{"kind": one.kind.value, **one.why.as_mapping()} for one in deliberated.withheld],
            tests=list(deliberated.tests),
            designs=list(deliberated.designs),
        ).save()


def last_deliberation() -> Deliberated | None:
    """What the last review thought of doing; none before the first that did."""
    row = models.Deliberated.rows.order_by("-review").first()
    if row is None:
        return None
    return Deliberated(
        review=row.review,
        data=row.data,
        withheld=tuple(
            Withheld(kind=Kind(one["kind"]), why=Text(one["en"], one["fr"])) for one in row.withheld
        ),
        tests=tuple(row.tests),
        designs=tuple(row.designs),
    )


def standing_decisions() -> tuple[Standing, ...]:
    """What the last review proposes, best first, then what is under way and no longer in its list."""
    last = models.Deliberated.rows.order_by("-review").first()
    places = {} if last is None else {one["number"]: one for one in last.listed}
    listed = {row.pk: row for row in _rows().filter(pk__in=places)}
    found = [_standing_of(listed[number], place=place) for number, place in places.items()]
    others = [_standing_of(row, place=None) for row in _rows().exclude(pk__in=places).order_by("-pk")]
    return (*found, *(one for one in others if one.state in UNDER_WAY))


def all_decisions() -> tuple[Standing, ...]:
    """Every decision that was ever proposed, latest first."""
    return tuple(_standing_of(row, place=None) for row in _rows().order_by("-pk"))


def decision(name: str) -> Standing:
    """A decision by its id or its number: the latest of that id.

    Raises:
        Problem: There is none.
    """
    for one in standing_decisions():
        if name in (one.packet.id, str(one.number)):
            return one
    row = _row(name)
    return _standing_of(row, place=None)


def take_step(name: str, *, state: State, words: str, by: str, brought: float | None = None) -> Standing:
    """Take a decision one step further.

    Args:
        name: Its id or number.
        state: What it becomes.
        words: What there is to say; a challenge and a rejection need a reason.
        by: Who does it; whoever proposed a decision does not approve it.
        brought: For a review, the profit it brought.

    Raises:
        Problem: There is no such decision, the step does not follow from where it stands, the reason is
            missing, or its own author approves it.
    """
    if state in (State.CHALLENGED, State.REJECTED) and not words.strip():
        raise Problem(f"a decision is {state.value} with a reason: say why")
    with writing():
        row = _row(name)
        now = _standing_of(row, place=None)
        if now.state not in FOLLOWS.get(state, frozenset()):
            before = " or ".join(sorted(one.value for one in FOLLOWS.get(state, frozenset())))
            raise Problem(
                f"decision {name} is {now.state.value}; it can be {state.value} only when it is {before}"
            )
        if state in (State.APPROVED, State.REJECTED):
            _answer(now, approved=state is State.APPROVED, words=words, by=by)
        models.ProposalStep(
            proposal=row,
            position=len(now.steps),
            state=state.value,
            words=words.strip(),
            taken_by=by,
            taken_at=timezone.now(),
            brought=brought,
        ).save()
    return _standing_of(_rows().get(pk=row.pk), place=None)


def propose(packet: Packet, *, by: str, basis: str) -> Standing:
    """Propose a decision of one's own.

    Raises:
        Problem: One of that id is open or under way.
    """
    with writing():
        last = _latest(packet.id)
        if last is not None and _standing_of(last, place=None).state not in (State.REJECTED, State.REVIEWED):
            raise Problem(f"decision {packet.id} is there already: take that one further")
        row = _proposed(packet, basis=basis, review=None, by=by)
    return _standing_of(row, place=None)


def _answer(now: Standing, *, approved: bool, words: str, by: str) -> None:
    """Through the one engine of approval, so that nobody approves what they proposed."""
    content = content_of({"number": now.number, **now.packet.as_mapping()})
    asked = ask_approval(
        "decision", now.packet.id, content=content, says=now.packet.says.en, by=now.proposed_by
    )
    answer_approval(asked.number, approved=approved, words=words, by=by)


def _listed(packet: Packet, basis: str, *, review: int) -> dict[str, object] | None:
    """Its place in the list; none where it is not proposed again."""
    row = _latest(packet.id)
    if row is None:
        row = _proposed(packet, basis=basis, review=review, by=CMO)
    else:
        before = _standing_of(row, place=None)
        if anew(packet, before, same_evidence=row.basis == basis):
            row = _proposed(packet, basis=basis, review=review, by=CMO)
        elif before.state in (State.REJECTED, State.REVIEWED):
            return None
    place = packet.as_mapping()
    return {
        "number": row.pk,
        "adds": place["adds"],
        "per_money": place["per_money"],
        "instead_of": place["instead_of"],
    }


def _proposed(packet: Packet, *, basis: str, review: int | None, by: str) -> models.Proposal:
    row = models.Proposal(
        review=review,
        key=packet.id,
        packet=packet.as_mapping(),
        basis=basis,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    row.save()
    return row


def _latest(key: str) -> models.Proposal | None:
    return _rows().filter(key=key).order_by("-pk").first()


def _row(name: str) -> models.Proposal:
    row = _rows().filter(pk=int(name)).first() if name.isdigit() else _latest(name)
    if row is None:
        raise Problem(f"there is no decision {name}; cmo decisions lists them")
    return row


def _rows() -> QuerySet[models.Proposal]:
    return models.Proposal.rows.prefetch_related("steps")


def _standing_of(row: models.Proposal, *, place: Mapping[str, Any] | None) -> Standing:
    said = dict(row.packet)
    if place is not None:
        said |= {name: place[name] for name in ("adds", "per_money", "instead_of")}
    steps = sorted(row.steps.all(), key=lambda step: step.position)
    return Standing(
        number=row.pk,
        packet=Packet.parse(said),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        steps=tuple(
            Step(
                state=State(step.state),
                words=step.words,
                taken_by=step.taken_by,
                taken_at=step.taken_at,
                brought=step.brought,
            )
            for step in steps
        ),
        listed=place is not None,
    )
