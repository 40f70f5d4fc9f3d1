import numpy as np
import pytest

from cmo.simulation.lifetimes import origins
from cmo.simulation.workspace import History


def test_people_order_as_often_as_their_segments_were_expected_to(history: History) -> None:
    past = history.market.world.past
    expected = sum(w.orders.sum() for w in history.lived[past:])
    drawn = (history.ledger.week >= past).sum()
    assert drawn == pytest.approx(expected, rel=0.05)


def test_revenue_drawn_is_what_was_expected(history: History) -> None:
    expected = sum(w.revenue.sum() for w in history.lived[history.market.world.past :])
    assert history.lines.revenue().sum() == pytest.approx(expected, rel=0.06)


def test_margin_drawn_is_what_was_expected(history: History) -> None:
    expected = sum(w.margin.sum() for w in history.lived[history.market.world.past :])
    assert history.lines.margin().sum() == pytest.approx(expected, rel=0.06)


def test_nobody_orders_before_coming_or_after_leaving(history: History) -> None:
    customers, ledger = history.ledger.customers, history.ledger
    assert (ledger.week >= customers.since[ledger.customer]).all()
    assert (ledger.week < customers.left[ledger.customer]).all()


def test_customers_of_word_of_mouth_stay_and_those_of_affiliation_go(history: History) -> None:
    customers = history.ledger.customers
    names = origins(history.market.world.company)
    lasting = {
        name: float((customers.kind[(customers.origin == n) & (customers.since >= 0)] == 2).mean())
        for n, name in enumerate(names)
        if name in {"word_of_mouth", "organic", "affiliation"}
    }
    assert lasting["word_of_mouth"] > lasting["organic"] > lasting["affiliation"]


def test_the_mailing_was_split_by_chance_and_lifts_orders(history: History) -> None:
    assigned = history.ledger.tests[0]
    assert abs(assigned.treated.mean() - 0.5) < 0.06
    assert (assigned.lift > 0).all()
    assert np.ptp(assigned.lift) > 0.3


def test_refunds_are_negative_lines_of_an_order_that_exists(history: History) -> None:
    lines = history.lines
    back = lines.quantity < 0
    assert 0.01 < back.mean() < 0.05
    assert set(lines.order[back]) <= set(lines.order[~back])
    assert (np.diff(lines.second) >= 0).all()
