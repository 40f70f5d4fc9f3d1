from datetime import date

import numpy as np
import pytest

from cmo.media.allocation import Group
from cmo.media.effects import measure_effects
from cmo.media.fit import Fit
from cmo.media.plan import Aim, Bounds, Outlook, look_ahead, propose

QUARTER = (date(2025, 1, 6), date(2025, 4, 6))


@pytest.fixture(scope="module")
def outlook(small_fit: Fit) -> Outlook:
    return look_ahead(small_fit, horizon=QUARTER)


FREE = (Bounds(), Bounds())


def test_no_money_brings_nothing_and_more_brings_more(outlook: Outlook) -> None:
    np.testing.assert_allclose(outlook.brought(np.zeros(2)), 0, atol=1e-9)
    assert (np.diff(outlook.outcome, axis=1) >= -1e-9).all()


def test_the_usual_pace_brings_about_the_usual_return(small_fit: Fit, outlook: Outlook) -> None:
    usual = outlook.brought(outlook.usual).mean(axis=0) / outlook.usual
    past = measure_effects(small_fit).roi.mean(axis=0)
    np.testing.assert_allclose(usual, past, rtol=0.25)


def test_a_proposal_keeps_the_budget_the_bounds_and_the_groups(outlook: Outlook) -> None:
    total = float(outlook.usual.sum())
    bounds = (Bounds(low=0.3 * total, high=0.45 * total), Bounds())
    found = propose(outlook, aim=Aim(margin=1.5), current=outlook.usual, bounds=bounds, budget=total)
    assert found.proposed.sum() == pytest.approx(total)
    assert 0.3 * total - 1e-6 <= found.proposed[0] <= 0.45 * total + 1e-6
    group = (Group(members=(0,), high=0.2 * total),)
    capped = propose(
        outlook, aim=Aim(margin=1.5), current=outlook.usual, bounds=FREE, groups=group, budget=total
    )
    assert capped.proposed[0] <= 0.2 * total + 1e-6


def test_a_proposal_expects_no_less_than_the_plan_in_force(outlook: Outlook) -> None:
    for margin in (0.4, 1.0, 3.0):
        found = propose(
            outlook,
            aim=Aim(margin=margin),
            current=outlook.usual,
            bounds=FREE,
            budget=float(outlook.usual.sum()),
        )
        assert found.gain.mean() >= -1e-6 * outlook.usual.sum()


def test_a_free_total_stops_where_the_next_money_pays_itself_back(outlook: Outlook) -> None:
    found = propose(outlook, aim=Aim(margin=0.8), current=outlook.usual, bounds=FREE)
    inside = (found.proposed > 0.05 * outlook.usual) & (found.proposed < 0.95 * outlook.money[-1])
    np.testing.assert_allclose(0.8 * found.mroi.mean(axis=0)[inside], 1.0, atol=0.15)


def test_caution_raises_the_worst_cases(outlook: Outlook) -> None:
    total = float(outlook.usual.sum())
    bold, careful = (
        propose(
            outlook, aim=Aim(margin=2.0, caution=c), current=outlook.usual, bounds=FREE, budget=total
        ).proposed
        for c in (0.0, 1.0)
    )
    worst = Aim(margin=2.0, caution=1.0)
    assert worst.of(outlook.profit(careful, margin=2.0)) >= worst.of(outlook.profit(bold, margin=2.0)) - 1e-6


def test_the_mapping_has_the_shape_of_the_contract(outlook: Outlook) -> None:
    found = propose(
        outlook, aim=Aim(margin=1.0), current=outlook.usual, bounds=FREE, budget=2000.0
    ).as_mapping()
    promised = {"budget", "horizon", "current", "proposed", "gain", "allocation"}
    assert set(found) == promised | {"frontier", "best_budget"}
    totals = [point["budget"] for point in found["frontier"]]
    assert totals == sorted(totals)
    assert totals[-1] > 2000
    assert found["best_budget"]["profit"] >= max(point["profit"] for point in found["frontier"])
    assert set(found["current"]["profit"]) == {"mean", "q05", "q95"}
    assert 0 <= found["gain"]["probability_positive"] <= 1
    assert [row["channel"] for row in found["allocation"]] == ["c0", "c1"]
    assert set(found["allocation"][0]) == {"channel", "current", "proposed", "mroi"}


def test_minima_above_the_budget_are_refused(outlook: Outlook) -> None:
    with pytest.raises(ValueError, match="minima"):
        propose(
            outlook,
            aim=Aim(margin=1.0),
            current=outlook.usual,
            bounds=(Bounds(low=900.0), Bounds(low=900.0)),
            budget=1000.0,
        )


def test_a_budget_that_the_bounds_do_not_let_be_spent_is_refused(outlook: Outlook) -> None:
    with pytest.raises(ValueError, match="let 800 of the budget of 1000"):
        propose(
            outlook,
            aim=Aim(margin=1.0),
            current=outlook.usual,
            bounds=FREE,
            groups=(Group(members=(0, 1), high=800.0),),
            budget=1000.0,
        )


def test_many_divisions_are_judged_under_the_draws_of_one(outlook: Outlook) -> None:
    divisions = np.stack([outlook.usual, np.zeros(2), 0.5 * outlook.usual])
    together = outlook.profits(divisions, margin=0.7)
    np.testing.assert_allclose(together[:, 2], outlook.profit(divisions[2], margin=0.7))
    np.testing.assert_allclose(together[:, 1], 0, atol=1e-9)


def test_a_pause_costs_what_the_channel_brings_in_its_weeks(outlook: Outlook) -> None:
    whole = outlook.lift("c0", weeks=13)
    np.testing.assert_allclose(whole, outlook.brought(outlook.usual)[:, 0])
    np.testing.assert_allclose(outlook.lift("c0", weeks=26, share=0.25), whole / 2)
