import numpy as np

from cmo.measures import Claim
from cmo.simulation.facts import Fact
from cmo.simulation.questions import draw_claims

FACTS = {
    "media.roi": Fact(values={"tv": 1.0, "radio": 3.0, "social": 2.0, "total": 2.0}, definition=""),
    "brand.awareness": Fact(values={"us": 0.4, "them": 0.7}, definition=""),
    "sales.revenue": Fact(values={"total": 1e6, "growth": 0.1}, definition=""),
    "value.nps": Fact(values={"total": -12.0}, definition=""),
}


def test_about_half_of_the_claims_hold_and_all_can_be_read() -> None:
    drawn = draw_claims(FACTS, np.random.default_rng(1), count=400)
    assert len(drawn) == 400
    assert 0.4 < np.mean([bool(judged.true) for _, judged in drawn]) < 0.6
    for claim, judged in drawn:
        assert Claim.parse(claim).measure in FACTS
        assert judged.margin


def test_the_same_chance_draws_the_same_claims() -> None:
    one, two = (draw_claims(FACTS, np.random.default_rng(7), count=20) for _ in range(2))
    assert one == two
