from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.customers.evidence_contracts import MEASURED, contracted, contracts_of
from cmo.measures import Estimate, Unanswered
from cmo.warehouse.field import Field

TODAY = date(2026, 6, 30)


def field(since: list[date], until: list[date | str | None], **more: list[object]) -> Field:
    customers = {
        "customer_id": [f"c{n}" for n in range(len(since))],
        "contract_since": pa.array(since),
        "cancelled_at": pa.array(until, pa.string() if isinstance(until[0], str) else pa.date32()),
        **more,
    }
    return Field.of_tables({"customers": pa.table(customers)}, as_of=TODAY)


@pytest.mark.parametrize(
    ("since", "until", "months", "ended"),
    [
        ("2026-01-15", None, 5, False),  # five renewals seen by the end of June
        ("2026-01-31", "2026-02-28", 1, True),  # short months end where they end
        ("2026-01-15", "2026-04-15", 3, True),  # on the day of the third renewal
        ("2026-01-15", "2026-04-16", 4, True),  # paid for the fourth month, not for the fifth
        ("2026-01-15", "2026-12-31", 5, False),  # told to end later: it still runs
        ("2026-06-20", None, 0, False),
    ],
)
def test_months_are_counted_as_contracts_do(since: str, until: str | None, months: int, ended: bool) -> None:  # noqa: FBT001 - a case
    found = contracts_of(
        field([date.fromisoformat(since)], [None if until is None else date.fromisoformat(until)])
    )
    assert (found.months.tolist(), found.ended.tolist()) == ([months], [ended])


def many(n: int = 400) -> Field:
    rng = np.random.default_rng(4)
    since = [TODAY - timedelta(days=int(day)) for day in rng.integers(40, 1_400, n)]
    ran = [int(30.44 * months) for months in rng.geometric(rng.beta(1.0, 6.0, n))]
    until = [
        start + timedelta(days=days) if start + timedelta(days=days) <= TODAY else None
        for start, days in zip(since, ran, strict=True)
    ]
    return field(since, until, acquisition_channel=["search", "social"] * (n // 2))


def test_renewal_and_staying_are_told_by_number_and_by_channel() -> None:
    found = contracted(many(), rng=np.random.default_rng(1))
    told = {(one.measure, one.by): one for one in found if isinstance(one, Estimate)}
    renewal = told["customers.renewal", "renewal"]
    first, twelfth = renewal.figure("1").value, renewal.figure("12").value
    assert 0.8 < first < twelfth < 1.0  # the least loyal leave first
    assert set(told["customers.staying", "acquisition_channel"].subjects) == {"search", "social"}
    total = told["customers.staying", "total"].figure("total")
    assert total.low < total.value < total.high < 1.0


def test_text_that_is_no_day_is_no_end() -> None:
    found = contracts_of(field([date(2026, 1, 15)] * 3, ["2026-04-15 10:00", "", "never"]))
    assert sorted(zip(found.months.tolist(), found.ended.tolist(), strict=True)) == [(3, True), (5, False)]
    assert found.weight.sum() == 3


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"customers": pa.table({"customer_id": ["a"]})}, "no column cancelled_at"),
        ({"customers": pa.table({"customer_id": ["a"], "cancelled_at": ["2026-01-01"]})}, "since when"),
    ],
)
def test_without_contracts_it_is_said_what_is_missing(tables: dict[str, pa.Table], said: str) -> None:
    found = contracted(Field.of_tables(tables, as_of=TODAY), rng=np.random.default_rng(1))
    assert [one.measure for one in found] == [*MEASURED]
    assert all(isinstance(one, Unanswered) and said in one.reason.en for one in found)
