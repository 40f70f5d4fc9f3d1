"""The work that decisions and tests bring with them."""

from datetime import date, timedelta

import pytest

from cmo.measures import Grade, Text, Window
from cmo.strategy.decisions.decision import Alignment, Kind, Range, Reversibility
from cmo.strategy.decisions.packet import Packet
from cmo.team.duties import DUTIES, TIME, work_of_decision, work_of_test

APPROVED = date(2026, 11, 23)


def packet(kind: Kind, *, start: date = APPROVED) -> Packet:
    gain = Range(mean=9000.0, q05=1000.0, q95=20_000.0, positive=0.97)
    return Packet(
        id=f"{kind.value}-x",
        kind=kind,
        says=Text("Do it", "Le faire"),
        why=Text("It pays", "C'est rentable"),
        moves=(),
        money=1000.0,
        expected=gain,
        adds=gain,
        per_money=9.0,
        instead_of=None,
        period=Window(start=start, end=start + timedelta(days=90)),
        measures=("media.roi",),
        grade=Grade.C,
        beliefs=(),
        alignment=Alignment.COHERENT,
        owner=None,
        hours=20.0,
        reversibility=Reversibility.EASY,
        stop_rule=Text("Stop", "Arrêter"),
        review_on=start + timedelta(days=100),
        sets={},
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_decision_becomes_work_with_all_its_hours(kind: Kind) -> None:
    items = work_of_decision(packet(kind), approved_on=APPROVED, known={"statistics"})
    assert sum(duty.share for duty in DUTIES[kind]) == pytest.approx(1)
    assert sum(one.hours for one in items) == pytest.approx(20)
    assert all(one.by == APPROVED + TIME and one.worth == 9000.0 for one in items)
    assert {one.origin for one in items} == {f"decision:{kind.value}-x"}
    assert len({one.id for one in items}) == len(items)
    assert {name for one in items for name in one.after} <= {one.id for one in items}


def test_what_begins_later_is_due_before_it_begins() -> None:
    start = APPROVED + timedelta(days=60)
    items = work_of_decision(packet(Kind.BUDGET, start=start), approved_on=APPROVED, known=set())
    assert {one.by for one in items} == {start - timedelta(days=1)}


def test_a_skill_is_asked_for_that_somebody_has() -> None:
    (_, watch) = work_of_decision(packet(Kind.BUDGET), approved_on=APPROVED, known={"sql", "sea"})
    assert dict(watch.skills) == {"sql": 2}
    (move, _) = work_of_decision(packet(Kind.BUDGET), approved_on=APPROVED, known={"sql"})
    assert dict(move.skills) == {"media_planning": 2}  # nobody has any: it is lacking


def test_a_test_is_set_up_before_its_first_day_and_read_after_its_last() -> None:
    setup, read = work_of_test(
        "geo", Text.same("TV off"), starts_on=APPROVED, ends_on=APPROVED + timedelta(41), known=set()
    )
    assert setup.by == APPROVED - timedelta(days=1)
    assert (read.start, read.by) == (APPROVED + timedelta(41), APPROVED + timedelta(48))
