from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cmo.experiments.feasible import Feasible, Form
from cmo.measures import Estimate
from cmo.strategy.decisions.budget import reallocation, savings
from cmo.strategy.decisions.deciding import decide
from cmo.strategy.decisions.decision import Decision
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.decisions.ranking import ranked


@pytest.fixture
def case(ground: Callable[..., Ground], response: Callable[..., Estimate]) -> Ground:
    return ground(response({"tv": (1.6, 0.2), "radio": (0.2, 0.2)}))


def decisions(case: Ground) -> list[Decision]:
    return [one for one in (reallocation(case), *savings(case)) if isinstance(one, Decision)]


def test_a_stop_after_a_new_division_brings_only_what_it_still_saves(case: Ground) -> None:
    found = decisions(case)
    order = ranked(found, curves=case.curves, current=case.current, hour=50.0)
    together = sum(one.adds.mean for one in order)
    alone = sum(one.decision.expected.mean for one in order)
    assert len(order) == 2
    assert together < alone
    curves = case.curves
    assert curves is not None
    money = case.current
    for one in order:
        if one.adds.mean > 0:
            money = curves.amounts(one.decision.sets, otherwise=money)
    joint = float((curves.profit(money) - curves.profit(case.current)).mean())
    assert together == pytest.approx(joint, rel=1e-9)


def test_two_that_count_the_same_customers_are_not_both_counted(case: Ground) -> None:
    one = replace(decisions(case)[0], sets={}, counts=frozenset({"customers"}))
    same = replace(one, id="same", profit=one.profit / 2)
    order = ranked([same, one], curves=case.curves, current=case.current, hour=50.0)
    assert [place.decision.id for place in order] == [one.id, "same"]
    assert order[1].instead_of == one.id
    assert order[1].adds.mean == 0.0


def test_the_order_of_the_rules_means_nothing(case: Ground) -> None:
    found = decisions(case)
    orders = [
        [one.decision.id for one in ranked(some, curves=case.curves, current=case.current, hour=50.0)]
        for some in (found, found[::-1])
    ]
    assert orders[0] == orders[1]


def test_a_packet_is_read_back_as_it_was_written(case: Ground) -> None:
    for one in ranked(decisions(case), curves=case.curves, current=case.current, hour=50.0):
        packet = Packet.of(one)
        assert Packet.parse(packet.as_mapping()) == packet
        said = packet.in_("fr")
        assert set(said) >= {"id", "kind", "says", "expected_profit", "alignment", "evidence"}
        assert set(said["expected_profit"]) == {"mean", "q05", "q95"}


def test_every_kind_is_proposed_or_said_why_not(
    ground: Callable[..., Ground],
    response: Callable[..., Estimate],
    sales: tuple[Estimate, ...],
    design: Callable[..., Feasible],
) -> None:
    full = ground(
        *sales,
        response({"tv": (1.2, 0.6), "radio": (1.0, 0.6)}),
        ideas=[{"id": "podcast", "says": "A podcast", "kind": "channel"}],
    )
    designs = (design("tv"), design("radio"), design("customers", form=Form.SPLIT, error=0.05))
    found = decide(full, designs, rng=np.random.default_rng(0))
    kinds = {one.decision.kind.value for one in found.decisions} | {one.kind.value for one in found.withheld}
    assert kinds >= {"budget", "test", "price", "product", "distribution", "channel"}
    for one in found.decisions:
        assert one.decision.says.en
        assert one.decision.says.fr
        assert one.decision.execution.stop_rule.fr
    again = decide(full, designs, rng=np.random.default_rng(0))
    assert [Packet.of(one) for one in again.decisions] == [Packet.of(one) for one in found.decisions]
