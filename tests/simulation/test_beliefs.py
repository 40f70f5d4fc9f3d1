import json
from collections.abc import Mapping

import pytest

from cmo.simulation import Simulated
from cmo.simulation.beliefs import judge
from cmo.simulation.facts import Fact
from cmo.simulation.statements import STATEMENTS

FACTS = {
    "media.roi": Fact(
        values={"tv": 1.0, "radio": 3.0, "social": 2.0},
        definition="",
        also={"at_once": {"tv": 0.9, "radio": 1.5, "social": 1.6}},
    ),
    "value.nps": Fact(values={"total": 30.0}, definition=""),
    "sales.revenue": Fact(values={"total": 5.0, "growth": -0.1}, definition=""),
}


@pytest.mark.parametrize(
    ("claim", "answer", "margin"),
    [
        ({"measure": "value.nps", "at_least": 50}, "False", 0.4),
        ({"measure": "value.nps", "at_most": 40}, "True", 0.25),
        ({"measure": "media.roi", "of": "tv", "is": "lowest"}, "True", 0.4),
        ({"measure": "media.roi", "of": "tv", "is": "highest"}, "False", 0.4375),
        ({"measure": "media.roi", "of": "tv", "top": 2}, "False", 0.4),
        ({"measure": "media.roi", "of": "social", "above": {"of": "tv", "by": 0.5}}, "True", 0.125),
        ({"measure": "media.roi", "of": "social", "above": {"of": "tv", "times": 1.5}}, "True", 0.15625),
        ({"measure": "sales.revenue", "rising": True}, "False", 0.1),
        ({"measure": "sales.revenue", "falling": True}, "True", 0.1),
    ],
)
def test_a_claim_is_judged_by_known_values(claim: Mapping[str, object], answer: str, margin: float) -> None:
    judged = judge(claim, FACTS)
    assert str(judged.true) == answer
    assert judged.margin == pytest.approx(margin)


def test_a_claim_on_which_two_readings_disagree_is_not_judged() -> None:
    assert judge({"measure": "media.roi", "of": "radio", "is": "highest"}, FACTS).true is None


def test_a_belief_without_a_claim_is_not_judged() -> None:
    assert judge(None, FACTS).true is None


def test_a_predicate_that_cannot_be_judged_is_named() -> None:
    with pytest.raises(ValueError, match="cannot be judged"):
        judge({"measure": "value.nps", "about": 1.0}, FACTS)


def test_beliefs_are_clearly_true_or_clearly_false_about_half_each(simulated: Simulated) -> None:
    judged = json.loads(simulated.truth.read_text())["beliefs"]
    claimed = [s.belief_id for s in STATEMENTS if s.claim is not None]
    unclear = [name for name in claimed if judged[name]["true"] is None or judged[name]["margin"] < 0.1]
    assert unclear == []
    wrong = [name for name in claimed if not judged[name]["true"]]
    assert 0.35 < len(wrong) / len(claimed) < 0.65
    assert {"tv-best", "loyal", "price-is-everything", "brand-known", "social-customers-worth-more"} <= set(
        wrong
    )
