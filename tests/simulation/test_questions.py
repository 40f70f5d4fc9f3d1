import numpy as np
import pytest

from cmo.measures import Claim
from cmo.simulation.facts import Fact
from cmo.simulation.questions import draw_claims

FACTS = {
    "media.roi": Fact(values={"tv": 1.0, "radio": 3.0, "social": 2.0, "total": 2.0}, definition=""),
    "brand.awareness": Fact(values={"us": 0.4, "them": 0.7}, definition=""),
    "sales.revenue": Fact(values={"total": 1e6, "growth": 0.1}, definition=""),
    "value.nps": Fact(values={"total": -12.0}, definition=""),
}
GUESSES = {
    "media.roi": {"tv": 1.1, "radio": 2.0, "social": 2.4, "display": 1.0},
    "brand.awareness": {"us": 0.45, "them": 0.65},
    "sales.revenue": {"total": 1.02e6},
    "value.nps": {"total": -10.0},
    "customers.clv": {"tv": 20.0},
}


def test_claims_are_of_all_kinds_and_can_be_read() -> None:
    drawn = draw_claims(FACTS, GUESSES, np.random.default_rng(1), count=600)
    assert len(drawn) == 600
    assert 0.2 < np.mean([bool(judged.true) for _, judged in drawn]) < 0.6
    forms = set().union(*(claim for claim, _ in drawn)) - {"measure", "of"}
    assert forms == {"at_least", "at_most", "between", "is", "top", "above", "below", "rising", "falling"}
    for claim, judged in drawn:
        assert Claim.parse(claim).measure in FACTS
        assert claim.get("of") != "display"
        assert judged.margin


def test_the_same_chance_draws_the_same_claims() -> None:
    one, two = (draw_claims(FACTS, GUESSES, np.random.default_rng(7), count=20) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("spread", [0.05, 0.3])
def test_a_judge_who_knows_the_guess_s_error_is_calibrated(spread: float) -> None:
    rng = np.random.default_rng(2)
    said, held = [], []
    for _ in range(4000):
        truth = 10.0
        guess = truth * np.exp(spread * rng.standard_normal())
        facts = {"media.roi": Fact(values={"tv": truth}, definition="")}
        [(claim, judged)] = draw_claims(facts, {"media.roi": {"tv": guess}}, rng, count=1)
        draws = guess * np.exp(spread * np.linspace(-3.0, 3.0, 601))
        weight = np.exp(-0.5 * np.linspace(-3.0, 3.0, 601) ** 2)
        low = float(claim.get("at_least", claim.get("between", [0.0])[0]))
        high = float(claim.get("at_most", claim.get("between", [0.0, np.inf])[-1]))
        said.append(weight[(low <= draws) & (draws <= high)].sum() / weight.sum())
        held.append(bool(judged.true))
    order = np.argsort(said)
    for part in np.array_split(order, 5):
        assert np.mean(np.array(held)[part]) == pytest.approx(np.mean(np.array(said)[part]), abs=0.05)


def test_a_measure_of_which_nothing_is_known_brings_no_claim() -> None:
    assert not draw_claims(FACTS, {"customers.clv": {"tv": 1.0}}, np.random.default_rng(1), count=3)
