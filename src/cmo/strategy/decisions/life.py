"""The life of a decision: proposed, challenged, approved or rejected, executed, reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cmo.strategy.decisions.packet import Packet

CMO: Final = "cmo"
"""Who proposes what a review finds: people approve it."""


class State(StrEnum):
    """How far a decision has come."""

    PROPOSED = "proposed"
    CHALLENGED = "challenged"
    REJECTED = "rejected"
    APPROVED = "approved"
    EXECUTED = "executed"
    REVIEWED = "reviewed"


FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.CHALLENGED: frozenset({State.PROPOSED, State.CHALLENGED}),
        State.REJECTED: frozenset({State.PROPOSED, State.CHALLENGED}),
        State.APPROVED: frozenset({State.PROPOSED, State.CHALLENGED}),
        State.EXECUTED: frozenset({State.APPROVED}),
        State.REVIEWED: frozenset({State.EXECUTED}),
    }
)
"""For each state, those it may follow."""
OPEN: Final = frozenset({State.PROPOSED, State.CHALLENGED})
UNDER_WAY: Final = frozenset({State.APPROVED, State.EXECUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in the life of a decision.

    Attributes:
        state: What it became.
        words: What was said with it.
        taken_by: By whom.
        taken_at: When.
        brought: Profit that it brought, for a review; none otherwise.
    """

    state: State
    words: str
    taken_by: str
    taken_at: datetime
    brought: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A decision that is remembered, with its life so far.

    Attributes:
        number: The number under which it is remembered, from 1.
        packet: What is to be done.
        proposed_by: Who proposed it: `cmo`, or a person.
        proposed_at: When.
        steps: What became of it since, oldest first.
        listed: Whether the last review still proposes it.
    """

    number: int
    packet: Packet
    proposed_by: str
    proposed_at: datetime
    steps: tuple[Step, ...] = ()
    listed: bool = True

    @property
    def state(self) -> State:
        """How far it has come."""
        return self.steps[-1].state if self.steps else State.PROPOSED

    @property
    def brought(self) -> float | None:
        """What it was found to have brought at its review."""
        return self.steps[-1].brought if self.steps else None


def anew(packet: Packet, before: Standing, *, same_evidence: bool) -> bool:
    """Whether a decision that was remembered before is proposed again.

    While it is open, new evidence renews it. What was rejected comes back only when the evidence is new and
    the action or its profit has materially changed. What is under way is left alone; what was reviewed may
    come again on new evidence.

    Args:
        packet: The decision as it is proposed now.
        before: The decision of the same name as it stands.
        same_evidence: Whether the evidence is the same as then.
    """
    if same_evidence or before.state in UNDER_WAY:
        return False
    if before.state is State.REJECTED:
        return _materially_other(packet, before.packet)
    return True


def _materially_other(now: Packet, before: Packet) -> bool:
    if now.says.en != before.says.en and now.sets.keys() != before.sets.keys():
        return True
    return not before.expected.q05 <= now.expected.mean <= before.expected.q95
