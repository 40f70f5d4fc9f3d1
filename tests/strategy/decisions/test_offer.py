from collections.abc import Callable

import numpy as np
import pytest

from cmo.measures import Estimate, Grade
from cmo.strategy.decisions.decision import Alignment, Decision, Kind, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.offer import price, products, withdrawals

REFILL = {"id": "refill", "says": "A refill", "kind": "product", "level": "refill=yes"}
Make = Callable[..., Estimate]


def worth(estimate: Make, mean: float) -> Estimate:
    draws = np.stack([mean + 0.1 * np.random.default_rng(2).standard_normal(600), np.ones(600)], axis=1)
    return estimate("value.wtp", draws, subjects=("refill=yes", "scent=rose"), by="level")


def test_a_survey_alone_changes_no_price(ground: Callable[..., Ground], estimate: Make) -> None:
    asked = estimate("value.optimal_price", np.full(600, 42.0), grade=Grade.E)
    found = price(ground(asked))
    assert (found.kind, "test it" in found.why.en) == (Kind.PRICE, True)
    assert "€42.00" in found.why.en
    assert price(ground()).kind is Kind.PRICE


@pytest.mark.parametrize(
    ("told", "said"), [({}, "unit_cost"), ({"unit_cost": 5.0, "share": 0.5}, "does not pay")]
)
def test_an_idea_is_withheld_until_it_pays(
    told: dict[str, object],
    said: str,
    ground: Callable[..., Ground],
    estimate: Make,
    sales: tuple[Estimate, ...],
) -> None:
    (found,) = products(ground(*sales, worth(estimate, 3.0), ideas=[REFILL | told]))
    assert isinstance(found, Withheld)
    assert said in found.why.en


def test_an_idea_that_people_pay_for_is_worth_what_they_pay_less_its_cost(
    ground: Callable[..., Ground], estimate: Make, sales: tuple[Estimate, ...]
) -> None:
    idea = REFILL | {"unit_cost": 1.0, "share": 0.5, "cost": 2_000, "hours": 20}
    (found,) = products(ground(*sales, worth(estimate, 3.0), ideas=[idea]))
    assert isinstance(found, Decision)
    assert found.expected.mean == pytest.approx(20_000 * 0.5 * 2.0 - 2_000 - 20 * 50, rel=0.05)


def test_what_people_would_pay_for_is_told_where_no_idea_offers_it(
    ground: Callable[..., Ground], estimate: Make, sales: tuple[Estimate, ...]
) -> None:
    (found,) = products(ground(*sales, worth(estimate, 3.0)))
    assert isinstance(found, Withheld)
    assert "refill=yes" in found.why.en


def shops(estimate: Make, taken: float | None) -> tuple[Estimate, ...]:
    names, ones = ("site", "market"), np.ones((600, 2))
    out = [
        estimate("distribution.margin", ones * [0.6, 0.3], subjects=names, by="sales_channel"),
        estimate("distribution.revenue_share", ones * [0.8, 0.2], subjects=names, by="sales_channel"),
    ]
    if taken is not None:
        out.append(
            estimate(
                "distribution.cannibalisation", ones[:, :1] * taken, subjects=("market",), by="sales_channel"
            )
        )
    return tuple(out)


def test_a_sales_channel_that_takes_more_than_it_brings_is_left(
    ground: Callable[..., Ground], estimate: Make, sales: tuple[Estimate, ...]
) -> None:
    (found,) = withdrawals(ground(*sales, *shops(estimate, 0.9)))
    assert isinstance(found, Decision)
    assert found.basis.alignment is Alignment.CORRECTIVE
    assert found.expected.mean == pytest.approx(1_000_000 * 0.2 * (0.9 * 0.6 - 0.3), rel=0.02)


@pytest.mark.parametrize(("taken", "said"), [(0.1, "No sales channel"), (None, "not known")])
def test_a_sales_channel_is_kept_where_nothing_shows_that_it_takes(
    taken: float | None, said: str, ground: Callable[..., Ground], estimate: Make, sales: tuple[Estimate, ...]
) -> None:
    (found,) = withdrawals(ground(*sales, *shops(estimate, taken)))
    assert isinstance(found, Withheld)
    assert said in found.why.en
