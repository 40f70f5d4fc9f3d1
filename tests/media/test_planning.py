from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.measures import Unanswered
from cmo.media.plan import Proposal
from cmo.media.planning import Terms, Together, plan_budget
from cmo.warehouse.field import Field, Stated

N = 78
MONDAYS = [date(2024, 1, 1) + timedelta(days=7 * i) for i in range(N)]
PLAN = {
    "period": "2025-Q3",
    "budget": 20000,
    "channels": {"tv": {"spend": 12000, "min": 4000}, "search": {"spend": 8000, "max": 9000}},
}


def company(*, margin: float | None) -> Field:
    rng = np.random.default_rng(0)
    tv = 900 * (np.arange(N) % 10 < 5) * rng.uniform(0.5, 1.5, N)
    search = rng.uniform(200, 600, N)
    sales = 9000 + 1.5 * tv + 4.0 * search + rng.normal(0, 150, N)
    outcomes = {"date": MONDAYS, "value": sales}
    if margin is not None:
        outcomes["value_per_unit"] = [margin] * N
    media = {"date": MONDAYS * 2, "channel": ["tv"] * N + ["search"] * N, "spend": [*tv, *search]}
    return Field.of_tables(
        {"media": pa.table(media), "outcomes": pa.table(outcomes)}, strategy=Stated(plan=PLAN)
    )


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    found = plan_budget(company(margin=0.5), rng=np.random.default_rng(0))
    assert isinstance(found, Proposal)
    return found


def test_the_plan_in_force_is_what_the_proposal_is_held_against(proposal: Proposal) -> None:
    assert dict(zip(proposal.outlook.channels, proposal.current, strict=True)) == {
        "search": 8000,
        "tv": 12000,
    }
    assert proposal.outlook.horizon == (date(2025, 7, 1), date(2025, 9, 30))
    assert proposal.proposed.sum() == pytest.approx(20000)


def test_the_plan_s_bounds_are_kept(proposal: Proposal) -> None:
    money = dict(zip(proposal.outlook.channels, proposal.proposed, strict=True))
    assert money["tv"] >= 4000 - 1e-6
    assert money["search"] <= 9000 + 1e-6


def test_without_a_margin_there_is_no_profit_to_plan_for() -> None:
    found = plan_budget(company(margin=None), rng=np.random.default_rng(0))
    assert isinstance(found, Unanswered)
    assert found.unlock == ("outcomes.value_per_unit",)


def test_what_is_promised_and_what_is_bounded_together_is_kept() -> None:
    terms = Terms(
        budget=13000.0, committed={"search": 3000.0}, together=(Together(channels=("tv",), high=11000.0),)
    )
    found = plan_budget(company(margin=0.5), terms=terms, rng=np.random.default_rng(0))
    assert isinstance(found, Proposal)
    money = dict(zip(found.outlook.channels, found.proposed, strict=True))
    assert money["search"] == pytest.approx(3000, abs=1)
    assert money["tv"] <= 11000 + 1


def test_a_term_on_a_channel_that_is_not_there_names_those_that_are() -> None:
    terms = Terms(committed={"radio": 1.0})
    with pytest.raises(ValueError, match="radio: no such channel; there are search, tv"):
        plan_budget(company(margin=0.5), terms=terms, rng=np.random.default_rng(0))
