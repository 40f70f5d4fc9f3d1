from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.measures import DRAWS, Estimate, Unanswered
from cmo.media.evidence import evidence
from cmo.media.evidence_counts import count_paths, count_weeks
from cmo.warehouse.field import Field

N = 80
MONDAYS = [date(2024, 1, 1) + timedelta(days=7 * i) for i in range(N)]


def tables(*, daily: bool = False) -> dict[str, pa.Table]:
    """Two channels in two regions; daily media split each week over its first two days."""
    rng = np.random.default_rng(0)
    spend = {
        "tv": 900 * (np.arange(N) % 10 < 5) * rng.uniform(0.5, 1.5, N),
        "search": rng.uniform(200, 600, N),
    }
    sales = 9000 + 1.5 * spend["tv"] + 2.0 * spend["search"] + rng.normal(0, 150, N)
    days = [monday + timedelta(days=d) for monday in MONDAYS for d in range(7 if daily else 1)]
    per_week = 7 if daily else 1
    media = [
        {
            "date": monday + timedelta(days=d),
            "channel": name,
            "region": region,
            "spend": amount[i] / 2 / len(offsets),
            "conversion_value": 9 * amount[i] / len(offsets),
        }
        for offsets in [(0, 1) if daily else (0,)]
        for i, monday in enumerate(MONDAYS)
        for name, amount in spend.items()
        for region in ("north", "south")
        for d in offsets
    ]
    return {
        "media": pa.Table.from_pylist(media),
        "outcomes": pa.table({"date": days, "value": np.repeat(sales / per_week, per_week)}),
        "context": pa.table({"date": MONDAYS, "name": ["price"] * N, "value": rng.normal(10, 1, N)}),
        "events": pa.table(
            {"date": [MONDAYS[5]], "name": ["strike"], "end": [MONDAYS[5] + timedelta(days=9)]}
        ),
    }


def test_days_and_weeks_give_the_same_sums() -> None:
    weekly, daily = (count_weeks(Field.of_tables(tables(daily=d))) for d in (False, True))
    assert weekly.weeks == daily.weeks == tuple(MONDAYS)
    np.testing.assert_allclose(weekly.outcomes["revenue"], daily.outcomes["revenue"])
    for name in ("search", "tv"):
        np.testing.assert_allclose(weekly.spend[name], daily.spend[name])
    assert [event.name for event in daily.events] == ["strike"]


def test_a_week_cut_short_is_left_out() -> None:
    given = tables(daily=True)
    given["outcomes"] = given["outcomes"].slice(0, 7 * N - 3)
    assert count_weeks(Field.of_tables(given)).weeks == tuple(MONDAYS[:-1])


def test_journeys_end_with_a_conversion_and_the_rest_is_another() -> None:
    noon = date(2025, 1, 1).isoformat()
    told = [
        ("ann", 1, "search", False),
        ("ann", 2, "email", True),
        ("ann", 3, "tv", False),
        ("bob", 1, "search", False),
        ("bob", 2, "email", True),
        ("eve", 5, "tv", False),
    ]
    touches = pa.table(
        {
            "person_id": [row[0] for row in told],
            "at": [f"{noon} {row[1]:02d}:00:00" for row in told],
            "channel": [row[2] for row in told],
            "converted": [row[3] for row in told],
        }
    )
    paths = count_paths(Field.of_tables({"touchpoints": touches}))
    assert paths is not None
    found = {
        tuple(paths.channels[s] for s in paths.steps[paths.starts[i] : paths.starts[i + 1]]): (
            paths.converted[i],
            paths.lost[i],
        )
        for i in range(len(paths.converted))
    }
    assert found == {("search", "email"): (2, 0), ("tv",): (0, 2)}


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], Estimate | Unanswered]:
    given = evidence(Field.of_tables(tables()), rng=np.random.default_rng(0))
    return {(a.measure, a.by if isinstance(a, Estimate) else ""): a for a in given}


def test_all_measures_are_answered_or_said_why(answers: dict[tuple[str, str], Estimate | Unanswered]) -> None:
    assert {measure for measure, _ in answers} == {
        f"media.{name}"
        for name in (
            "roi",
            "mroi",
            "contribution",
            "share",
            "half_life",
            "saturation",
            "response",
            "incremental_cac",
            "attributed",
        )
    }
    unanswered = {a.measure: a for a in answers.values() if isinstance(a, Unanswered)}
    assert set(unanswered) == {"media.response", "media.incremental_cac", "media.attributed"}
    assert unanswered["media.response"].unlock == ("outcomes.value_per_unit",)
    assert unanswered["media.attributed"].unlock == ("touchpoints",)


def test_draws_are_joint_across_measures(answers: dict[tuple[str, str], Estimate | Unanswered]) -> None:
    roi, contribution, total = (
        answers[key]
        for key in (
            ("media.roi", "channel"),
            ("media.contribution", "channel"),
            ("media.contribution", "total"),
        )
    )
    assert isinstance(roi, Estimate)
    assert isinstance(contribution, Estimate)
    assert isinstance(total, Estimate)
    assert roi.draws.shape == (DRAWS, 2)
    assert roi.subjects == ("search", "tv")
    spend = contribution.location / roi.location
    np.testing.assert_allclose(contribution.draws, roi.draws * spend, rtol=1e-4)
    assert (total.draws[:, 0] <= contribution.draws.sum(axis=1) * (1 + 1e-4)).all()
    low, high = np.quantile(roi.draws[:, 1], [0.02, 0.98])
    assert low < 1.5 < high


def test_what_platforms_claim_stands_beside_the_total_alone(
    answers: dict[tuple[str, str], Estimate | Unanswered],
) -> None:
    said = {
        (measure, by)
        for (measure, by), answer in answers.items()
        if isinstance(answer, Estimate) and "platforms_claim" in {doubt.code for doubt in answer.doubts}
    }
    assert said == {("media.contribution", "total"), ("media.share", "total")}


def test_a_company_without_media_is_told_what_to_give() -> None:
    given = tables()
    del given["media"]
    found = evidence(Field.of_tables(given), rng=np.random.default_rng(0))
    assert all(isinstance(a, Unanswered) for a in found)
    assert {a.unlock for a in found if isinstance(a, Unanswered)} == {("media",), ("touchpoints",)}


def test_half_a_year_is_too_short_to_say_anything() -> None:
    given = {name: table.slice(0, 26) for name, table in tables().items() if name == "outcomes"}
    given["media"] = tables()["media"]
    found = evidence(Field.of_tables(given), rng=np.random.default_rng(0))
    assert all(isinstance(a, Unanswered) for a in found)
