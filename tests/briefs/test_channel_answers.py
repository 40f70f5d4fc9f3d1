import pytest

from cmo.briefs.channel_answers import nets
from cmo.distribution.moving import Difference
from cmo.distribution.moving_evidence import Shift


def shift(source: str, target: str, mean: float) -> Shift:
    gap = Difference(mean=mean, error=3.0, n=100)
    return Shift(source=source, target=target, customers=100, revenue=gap, margin=None)


def test_what_movers_have_in_common_falls_out() -> None:
    """Movers spend 20 less whichever way they go; the web is worth 30 more than the shop."""
    (found,) = nets([shift("shop", "web", 30.0 - 20.0), shift("web", "shop", -30.0 - 20.0)])
    assert (found.source, found.target) == ("shop", "web")
    assert found.mean == pytest.approx(30.0)
    assert found.low < 30.0 < found.high


def test_a_way_that_nobody_went_tells_nothing() -> None:
    assert nets([shift("shop", "web", 10.0)]) == ()
