from collections.abc import Callable

import numpy as np
import pytest

from cmo.measures import Estimate
from cmo.strategy.decisions.curves import curves_of
from cmo.strategy.portfolio import (
    FirstMover,
    Opening,
    Pilot,
    Stage,
    innovation_budget,
    pilot,
    prior_return,
    stage,
    stages,
)

N = 2_000


def returns(median: float, spread: float = 0.6) -> np.ndarray:
    return median * np.exp(spread * np.random.default_rng(0).standard_normal(N))


def of(
    opening: Opening, drawn: np.ndarray, *, noise: float = 2_000.0, mover: FirstMover | None = None
) -> Pilot | None:
    return pilot(
        opening,
        drawn,
        noise=noise,
        weeks=8,
        mover=mover or FirstMover(),
        hour=50.0,
        rng=np.random.default_rng(1),
    )


OPENING = Opening(name="podcast", scale=200_000.0)


def test_a_channel_that_may_pay_is_worth_a_pilot_with_a_gate() -> None:
    found = of(OPENING, returns(0.9))
    assert found is not None
    assert found.value > 0
    assert 0.2 < found.scales < 0.8
    assert 0.7 < found.kill_below < 1.5
    assert found.early == pytest.approx(0.0, abs=0.05 * found.value)


def test_no_pilot_of_what_never_pays() -> None:
    assert of(OPENING, returns(0.1, 0.2)) is None


def test_being_early_is_priced_where_the_audience_rises() -> None:
    mover = FirstMover(mean=0.4, sd=0.1)
    plain, rising = (
        of(Opening(name="x", scale=2e5, rising=p), returns(0.9), mover=mover) for p in (0.0, 1.0)
    )
    assert plain is not None
    assert rising is not None
    assert rising.value > plain.value
    assert rising.early > 0


def test_channels_are_told_where_they_stand(response: Callable[..., Estimate]) -> None:
    curves = curves_of(response({"tv": (3.0, 0.05), "radio": (0.2, 0.05), "press": (1.0, 0.05)}))
    found = stages(curves, np.array([10_000.0, 10_000.0, 0.0]))
    assert found == {"tv": Stage.SCALE, "radio": Stage.STOP}


def test_a_ceiling_bounds_what_scaling_brings() -> None:
    free, capped = (
        of(Opening(name="x", scale=2e5, ceiling=ceiling), returns(1.2)) for ceiling in (None, 180_000.0)
    )
    assert free is not None
    assert capped is None or capped.value < free.value


def test_a_blurred_reading_is_worth_less() -> None:
    sharp, blurred = (of(OPENING, returns(0.9), noise=noise) for noise in (500.0, 20_000.0))
    assert sharp is not None
    assert blurred is None or blurred.value < sharp.value


def test_a_channel_never_tried_is_like_those_at_hand_only_less_sure() -> None:
    known = np.stack([returns(0.8, 0.1), returns(1.6, 0.1)], axis=1)
    drawn = prior_return(known, rng=np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(known.mean(), rel=0.05)
    assert drawn.std() > known.std()


def test_the_bonus_fades_by_half_in_its_half_life() -> None:
    mover = FirstMover(half_life=10.0)
    assert mover.over((10.0, 10.001)) == pytest.approx(0.5, rel=1e-3)
    assert mover.over((0.0, 10.0)) > mover.over((10.0, 20.0))


def test_the_innovation_budget_is_what_pays_as_far_as_the_money_goes() -> None:
    def made(name: str, money: float, value: float) -> Pilot:
        return Pilot(
            name=name,
            money=money,
            weeks=8,
            value=value,
            gains=np.zeros(1),
            scales=0.5,
            kill_below=1.0,
            early=0.0,
        )

    chosen = innovation_budget([made("a", 10, 5), made("b", 10, 50), made("c", 100, 60)], most=25)
    assert [one.name for one in chosen] == ["b", "a"]


@pytest.mark.parametrize(
    ("average", "marginal", "expected"),
    [(3.0, 2.0, Stage.SCALE), (3.0, 0.5, Stage.HARVEST), (0.3, 0.2, Stage.STOP)],
)
def test_a_channel_stands_where_its_returns_put_it(average: float, marginal: float, expected: Stage) -> None:
    assert stage(returns(average, 0.1), returns(marginal, 0.1)) is expected
    assert stage(returns(1.0), returns(1.0)) is Stage.PILOT
