from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmo.measures import Estimate
from cmo.strategy.decisions.budget import savings
from cmo.strategy.decisions.decision import Decision, Range
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.life import CMO, Standing, State, Step, anew
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.decisions.ranking import ranked

NOW = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture
def packet(ground: Callable[..., Ground], response: Callable[..., Estimate]) -> Packet:
    case = ground(response({"tv": (2.0, 0.2), "radio": (0.2, 0.3)}))
    (found,) = savings(case)
    assert isinstance(found, Decision)
    (one,) = ranked([found], curves=case.curves, current=case.current, hour=50.0)
    return Packet.of(one)


def stands(packet: Packet, *states: State) -> Standing:
    steps = tuple(Step(state=one, words="", taken_by="x", taken_at=NOW) for one in states)
    return Standing(number=1, packet=packet, proposed_by=CMO, proposed_at=NOW, steps=steps)


@pytest.mark.parametrize(
    ("states", "again"),
    [
        ((), True),
        ((State.CHALLENGED,), True),
        ((State.REJECTED,), False),
        ((State.APPROVED,), False),
        ((State.APPROVED, State.EXECUTED), False),
        ((State.APPROVED, State.EXECUTED, State.REVIEWED), True),
    ],
)
def test_new_evidence_renews_what_is_open_or_over(
    states: tuple[State, ...],
    again: bool,  # noqa: FBT001 - a column of the table
    packet: Packet,
) -> None:
    assert anew(packet, stands(packet, *states), same_evidence=False) is again
    assert not anew(packet, stands(packet, *states), same_evidence=True)


def test_what_was_rejected_comes_back_when_its_profit_is_another(packet: Packet) -> None:
    rejected = stands(packet, State.REJECTED)
    far = packet.expected.q95 + 1_000
    richer = replace(packet, expected=Range(mean=far, q05=0.0, q95=2 * far, positive=0.9))
    assert anew(richer, rejected, same_evidence=False)
