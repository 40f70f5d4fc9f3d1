from collections.abc import Callable

import numpy as np
import pytest

from cmo.measures import Estimate
from cmo.strategy.decisions.budget import expansion, reallocation, savings
from cmo.strategy.decisions.decision import Alignment, Decision, Kind, Reversibility, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.verdict import Verdict

BEST = {"measure": "media.roi", "of": "tv", "is": "highest"}


def test_money_moves_to_the_channel_that_brings_more(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    found = reallocation(ground(response({"tv": (0.8, 0.2), "radio": (1.6, 0.2)})))
    assert isinstance(found, Decision)
    (move,) = found.moves
    assert (move.source, move.target) == ("tv", "radio")
    assert found.sets["tv"] + found.sets["radio"] == pytest.approx(20_000)
    assert found.sets["tv"] >= 2_000
    assert found.expected.mean > 0
    assert found.expected.positive > 0.9
    assert "radio" in found.says.en
    assert found.execution.review_on.isoformat() == "2027-03-31"


def test_a_move_against_a_fallen_belief_puts_the_strategy_right(
    ground: Callable[..., Ground], response: Callable[..., Estimate], held: Callable[..., Verdict]
) -> None:
    curves = response({"tv": (0.8, 0.2), "radio": (1.6, 0.2)})
    found = reallocation(ground(curves, verdicts=(held("tv-best", 0.02, claim=BEST),)))
    assert isinstance(found, Decision)
    assert found.basis.alignment is Alignment.CORRECTIVE
    assert found.basis.beliefs == ("tv-best",)


def test_no_move_where_none_is_surely_better(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    found = reallocation(ground(response({"tv": (1.0, 1.2), "radio": (1.0, 1.2)})))
    assert isinstance(found, Withheld)


def test_without_curves_it_says_what_is_missing(ground: Callable[..., Ground]) -> None:
    found = reallocation(ground())
    assert isinstance(found, Withheld)
    assert found.kind is Kind.BUDGET
    assert savings(ground()) == []
    assert expansion(ground()) is None


def test_a_known_loss_is_stopped_where_the_plan_sets_no_minimum(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    (found,) = savings(ground(response({"tv": (2.0, 0.2), "radio": (0.2, 0.3)})))
    assert isinstance(found, Decision)
    assert (found.kind, found.sets) == (Kind.STOP, {"radio": 0.0})
    assert found.execution.reversibility is Reversibility.COSTLY
    assert found.basis.alignment is Alignment.CORRECTIVE


def test_a_known_loss_comes_down_to_the_plan_s_minimum(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    (found,) = savings(ground(response({"tv": (0.2, 0.3), "radio": (2.0, 0.2)})))
    assert isinstance(found, Decision)
    assert (found.kind, found.sets) == (Kind.BUDGET, {"tv": 2_000.0})
    assert found.money == pytest.approx(8_000)


def test_a_prior_alone_takes_no_money_away(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    (found,) = savings(ground(response({"tv": (2.0, 0.2), "radio": (0.1, 1.1)})))
    assert isinstance(found, Withheld)
    assert "test it" in found.why.en


def test_more_money_is_asked_for_only_where_it_surely_pays(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    more = expansion(ground(response({"tv": (4.0, 0.1), "radio": (4.0, 0.1)})))
    assert more is not None
    assert more.money == pytest.approx(4_000, rel=0.05)
    assert expansion(ground(response({"tv": (1.0, 0.3), "radio": (1.0, 0.3)}))) is None


def test_the_gain_is_that_of_the_division_draw_by_draw(
    ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    case = ground(response({"tv": (0.8, 0.2), "radio": (1.6, 0.2)}))
    found = reallocation(case)
    curves = case.curves
    assert isinstance(found, Decision)
    assert curves is not None
    gain = curves.profit(curves.amounts(found.sets)) - curves.profit(case.current)
    assert np.allclose(found.profit, gain)
