import numpy as np
import pytest

from cmo.simulation import MAISON_LUMEN
from cmo.simulation.rivalry import Rivals, at_rest, attraction, react

QUIET = np.zeros(len(MAISON_LUMEN.rivals))


def _live(rivals: Rivals, *, weeks: int, share: float, discount: float = 0.0) -> Rivals:
    for _ in range(weeks):
        rivals = react(rivals, MAISON_LUMEN, campaign=QUIET, discount=discount, share=share)
    return rivals


def test_rivals_at_rest_attract_as_specified() -> None:
    expected = [rival.attraction for rival in MAISON_LUMEN.rivals]
    np.testing.assert_allclose(attraction(at_rest(MAISON_LUMEN), MAISON_LUMEN), expected)


def test_rivals_advertise_more_when_they_lose_ground() -> None:
    calm = _live(at_rest(MAISON_LUMEN), weeks=30, share=0.02)
    attacked = _live(calm, weeks=12, share=0.03)
    assert attacked.spend.sum() > 1.15 * calm.spend.sum()
    assert attraction(attacked, MAISON_LUMEN).sum() > attraction(calm, MAISON_LUMEN).sum()


def test_rivals_follow_a_promotion_three_weeks_later() -> None:
    rivals = react(at_rest(MAISON_LUMEN), MAISON_LUMEN, campaign=QUIET, discount=0.2, share=0.02)
    prices = []
    for _ in range(4):
        rivals = react(rivals, MAISON_LUMEN, campaign=QUIET, discount=0.0, share=0.02)
        prices.append(float(rivals.price[0]))
    usual = MAISON_LUMEN.rivals[0].price
    assert prices == pytest.approx([usual, usual, 0.95 * usual, usual])
