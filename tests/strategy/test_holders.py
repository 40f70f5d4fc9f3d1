from collections.abc import Callable

import pytest

from cmo.strategy.holders import Score, myth, scores
from cmo.strategy.verdict import Verdict

CLAIM = {"measure": "media.roi", "of": "tv", "is": "highest"}
SAID = {"a": {"ann": 0.9, "bob": 0.2}, "b": {"ann": 0.8}, "c": {"ann": 0.5}}


def test_only_what_is_settled_is_scored_by_holder_and_team(held: Callable[..., Verdict]) -> None:
    verdicts = [held("a", 0.0, claim=CLAIM), held("b", 1.0, claim=CLAIM), held("c", 0.5, claim=CLAIM)]
    team, first, second = scores(verdicts, SAID)
    assert (team.holder, team.n) == (None, 3)
    assert team.brier == pytest.approx((0.81 + 0.04 + 0.04) / 3)
    assert (first.holder, first.brier) == ("bob", pytest.approx(0.04))
    assert (second.holder, second.brier) == ("ann", pytest.approx((0.81 + 0.04) / 2))
    assert second.lean == pytest.approx((0.9 - 0 + 0.8 - 1) / 2)


@pytest.mark.parametrize(("lean", "word"), [(0.4, "doubting"), (-0.4, "dare"), (0.0, "relied on")])
def test_a_score_is_said_kindly(lean: float, word: str) -> None:
    assert word in Score(holder="ann", n=5, brier=0.2, lean=lean).says.en
    assert "Too few" in Score(holder="ann", n=2, brier=0.2, lean=lean).says.en


def test_the_myth_is_the_firmest_fallen_belief_with_most_money(held: Callable[..., Verdict]) -> None:
    verdicts = [held("a", 0.02, claim=CLAIM), held("b", 0.01, claim=CLAIM), held("c", 0.5, claim=CLAIM)]
    richest = myth(verdicts, SAID, stakes={"b": 30_000.0})
    assert richest is not None
    assert (richest.verdict.belief, richest.money) == ("b", 30_000.0)
    firmest = myth(verdicts, SAID, stakes={})
    assert firmest is not None
    assert firmest.verdict.belief == "a"
    assert myth([held("c", 0.5, claim=CLAIM)], SAID, stakes={}) is None
