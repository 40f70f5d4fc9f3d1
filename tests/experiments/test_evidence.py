"""What the company's own tests say, and when they are not believed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cmo.experiments.evidence import LIFT, WIN_RATE, evidence
from cmo.experiments.geo_evidence import IROAS
from cmo.experiments.geo_reading import geo_lift
from cmo.measures import DRAWS, Claim, Estimate, Grade, Unanswered
from cmo.warehouse.field import Field, Stated

START = datetime.fromisoformat("2026-03-02T00:00:00")


def units(
    test: str, lifts: Mapping[str, float], *, n: int = 4000, seed: int = 0, shares: list[float] | None = None
) -> dict[str, list[Any]]:
    rng = np.random.default_rng(seed)
    variant = rng.choice(list(lifts), n, p=shares)
    before = rng.gamma(2.0, 10.0, n)
    revenue = (before + rng.gamma(2.0, 5.0, n)) * np.array([1 + lifts[name] for name in variant])
    return {
        "experiment": [test] * n,
        "unit_id": [f"{test}{i}" for i in range(n)],
        "variant": variant.tolist(),
        "assigned_at": [START + timedelta(days=int(day)) for day in rng.integers(0, 14, n)],
        "revenue": revenue.tolist(),
        "orders": rng.poisson(2.0, n).astype(float).tolist(),
        "pre_revenue": before.tolist(),
        "country": rng.choice(["fr", "de"], n).tolist(),
    }


def field_of(*tests: dict[str, list[Any]], **settings: Any) -> Field:
    columns = {name: [value for test in tests for value in test[name]] for name in tests[0]}
    return Field.of_tables({"experiment_units": pa.table(columns)}, as_of=date(2026, 6, 1), **settings)


def answers(field: Field) -> tuple[dict[tuple[str, str], Estimate], list[Unanswered]]:
    found = evidence(field, rng=np.random.default_rng(1))
    told = {(one.measure, one.by): one for one in found if isinstance(one, Estimate)}
    gaps = [one for one in found if isinstance(one, Unanswered)]
    assert any(one.measure == IROAS for one in (*told.values(), *gaps))
    return told, [one for one in gaps if one.measure != IROAS]


def test_a_lift_is_told_by_the_name_of_its_test() -> None:
    told, gaps = answers(field_of(units("mail", {"control": 0.0, "saving": 0.1})))
    lift = told[LIFT, "test"]
    assert lift.subjects == ("mail",)
    assert lift.draws.shape == (DRAWS, 1)
    assert (lift.grade, lift.unit.name, lift.doubts) == (Grade.A, "share", ())
    assert lift.window.start == date(2026, 3, 2)
    assert lift.figure("mail").low < 0.1 < lift.figure("mail").high
    assert lift.draws.std() < 0.02
    assert told[LIFT, "metric"].subjects == ("mail:saving:orders",)
    assert told[WIN_RATE, "total"].location[0] > 0.95
    assert gaps == []


def test_claims_are_judged_on_it() -> None:
    told, _ = answers(field_of(units("mail", {"control": 0.0, "saving": 0.1})))
    least = Claim.parse({"measure": LIFT, "of": "mail", "at_least": 0.02})
    most = Claim.parse({"measure": LIFT, "of": "mail", "at_least": 0.2})
    assert least.probability(told[LIFT, "test"]) > 0.95
    assert most.probability(told[LIFT, "test"]) < 0.05


def test_variants_share_the_luck_of_their_control() -> None:
    told, _ = answers(field_of(units("mail", {"control": 0.0, "x": 0.0, "y": 0.0})))
    lift = told[LIFT, "test"]
    assert lift.subjects == ("mail:x", "mail:y")
    assert np.corrcoef(lift.draws.T)[0, 1] == pytest.approx(0.5, abs=0.12)


def test_what_was_known_before_sharpens_the_lift() -> None:
    rows = units("mail", {"control": 0.0, "saving": 0.1})
    told, _ = answers(field_of(rows))
    plain, _ = answers(field_of({name: values for name, values in rows.items() if name != "pre_revenue"}))
    assert told[LIFT, "test"].draws.std() < 0.7 * plain[LIFT, "test"].draws.std()


def test_a_broken_split_is_withheld_with_its_reason() -> None:
    broken = units("broken", {"control": 0.0, "new": 0.3}, n=20_000, shares=[0.477, 0.523])
    told, gaps = answers(field_of(broken, units("mail", {"control": 0.0, "saving": 0.1})))
    assert told[LIFT, "test"].subjects == ("mail",)
    assert [gap.measure for gap in gaps] == [LIFT]
    assert "broken" in gaps[0].reason.in_("en")
    assert "affectation" in gaps[0].reason.in_("fr")


def test_an_uneven_split_that_was_meant_is_believed() -> None:
    told, _ = answers(field_of(units("mail", {"control": 0.0, "saving": 0.1}, n=20_000, shares=[0.9, 0.1])))
    assert told[LIFT, "test"].subjects == ("mail",)


def test_a_unit_counted_twice_is_withheld() -> None:
    rows = units("mail", {"control": 0.0, "saving": 0.1})
    rows["unit_id"][1] = rows["unit_id"][0]
    _, gaps = answers(field_of(rows))
    assert {gap.measure for gap in gaps} == {LIFT, WIN_RATE}
    assert "1 rows repeat a unit" in gaps[0].reason.in_("en")


def test_a_control_that_is_guessed_is_a_doubt() -> None:
    told, _ = answers(field_of(units("mail", {"blue": 0.0, "green": 0.1})))
    assert [doubt.code for doubt in told[LIFT, "test"].doubts] == ["control_guessed"]
    assert told[LIFT, "test"].location[0] == pytest.approx(0.1, abs=0.03)


def test_many_past_tests_draw_a_surprise_in() -> None:
    past = [units(f"t{i}", {"control": 0.0, "new": 0.0}, n=600, seed=i) for i in range(9)]
    surprise = units("surprise", {"control": 0.0, "new": 0.12}, n=600, seed=99)
    alone, _ = answers(field_of(surprise))
    taught, _ = answers(field_of(*past, surprise))
    column = taught[LIFT, "test"].column("surprise")
    assert taught[LIFT, "test"].location[column] < alone[LIFT, "test"].location[0]
    assert "past" in taught[LIFT, "test"].method.en or "company" in taught[LIFT, "test"].method.en
    assert 0.0 <= taught[WIN_RATE, "total"].location[0] <= 1.0


def test_without_tests_it_says_so() -> None:
    empty = pa.table({"date": [date(2026, 1, 1)], "value": [1.0]})
    told, gaps = answers(Field.of_tables({"outcomes": empty}))
    assert told == {}
    assert {gap.measure for gap in gaps} == {LIFT, WIN_RATE}
    assert gaps[0].unlock == ("experiment_units",)


def geo_field(
    effect: float, *, regions: int = 12, treated: tuple[str, ...] = ("r00", "r01"), **test: Any
) -> Field:
    rng = np.random.default_rng(3)
    weeks = [date(2025, 1, 6) + timedelta(weeks=k) for k in range(60)]
    level, shared = rng.lognormal(8, 0.6, regions), 1 + 0.1 * np.sin(np.arange(60) / 8.0)
    rows: dict[str, list[Any]] = {"date": [], "region": [], "value": []}
    for k, day in enumerate(weeks):
        for j in range(regions):
            name = f"r{j:02d}"
            lift = 1 + effect * (name in treated and k >= 54)
            rows["date"].append(day)
            rows["region"].append(name)
            rows["value"].append(float(level[j] * shared[k] * lift * np.exp(0.03 * rng.normal())))
    stated = {
        "id": "tv-north",
        "kind": "geo",
        "treated": treated,
        "start": weeks[54],
        "end": weeks[59],
        **test,
    }
    return Field.of_tables({"outcomes": pa.table(rows)}, strategy=Stated(tests=(stated,)))


def test_cells_treated_by_another_test_do_not_stand_for_the_quiet() -> None:
    field = geo_field(0.3, treated=("r00", "r01"))
    (stated,) = field.strategy.tests
    left, right = {**stated, "treated": ("r00",)}, {**stated, "id": "radio", "treated": ("r01",)}
    told, _ = answers(replace(field, strategy=Stated(tests=(left, right))))
    lift = told[LIFT, "test"]
    assert lift.subjects == ("tv-north", "radio")
    np.testing.assert_allclose(lift.location, 0.3, atol=0.05)


def test_a_geo_test_of_the_strategy_is_read_and_graded_b() -> None:
    told, gaps = answers(geo_field(0.1))
    lift = told[LIFT, "test"]
    assert (lift.subjects, lift.grade) == (("tv-north",), Grade.B)
    assert lift.figure("tv-north").low < 0.1 < lift.figure("tv-north").high
    assert lift.draws.std() < 0.03
    assert [gap.measure for gap in gaps] == [WIN_RATE]


def media(*, treated: float) -> pa.Table:
    weeks = [date(2025, 1, 6) + timedelta(weeks=k) for k in range(60)]
    rows = [
        (day, f"r{j:02d}", treated if j < 2 and day >= weeks[54] else 100.0)
        for day in weeks
        for j in range(12)
    ]
    days, regions, spend = (list(column) for column in zip(*rows, strict=True))
    return pa.table({"date": days, "region": regions, "spend": spend, "channel": ["tv"] * len(rows)})


@pytest.mark.parametrize(("treated", "doubted"), [(100.0, True), (300.0, False), (0.0, False)])
def test_a_geo_test_whose_spend_never_moved_is_doubted(treated: float, *, doubted: bool) -> None:
    field = geo_field(0.1, channel="tv")
    outcomes = field.collect(field.table("outcomes"))
    both = Field.of_tables({"outcomes": outcomes, "media": media(treated=treated)}, strategy=field.strategy)
    told, _ = answers(both)
    assert ("spend_unchanged" in {doubt.code for doubt in told[LIFT, "test"].doubts}) is doubted


def test_a_geo_test_still_running_says_so() -> None:
    told, _ = answers(geo_field(0.1, end=date(2026, 12, 31)))
    assert "still_running" in {doubt.code for doubt in told[LIFT, "test"].doubts}


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"treated": ("nowhere",)}, "no full series"),
        ({"regions": 5}, "too few regions"),
        ({"start": date(2025, 1, 13)}, "too little is known"),
    ],
)
def test_a_geo_test_that_cannot_be_read_says_why(settings: dict[str, Any], why: str) -> None:
    told, gaps = answers(geo_field(0.1, **settings))
    assert told == {}
    assert any(why in gap.reason.en for gap in gaps)


def test_a_geo_test_to_come_is_not_spoken_of() -> None:
    _, gaps = answers(geo_field(0.0, start=date(2027, 1, 4), end=date(2027, 2, 14)))
    assert all("tv-north" not in gap.reason.en for gap in gaps)


def test_intervals_of_geo_tests_hold_what_they_promise() -> None:
    hits = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        from_level = rng.lognormal(8, 0.6, 12)
        outcomes = from_level * np.exp(0.05 * rng.normal(size=(60, 12)))
        outcomes[54:, :2] *= 1.08
        lift = geo_lift(outcomes, np.array([0, 1]), pre=54)
        hits.append(abs(lift.estimate - 0.08) <= 1.7 * lift.se)
    assert np.mean(hits) == pytest.approx(0.9, abs=0.1)


def test_the_metric_that_was_said_to_decide_does() -> None:
    rows = units("mail", {"control": 0.0, "saving": 0.1})
    field = field_of(rows, strategy=Stated(tests=({"id": "mail", "metric": "orders"},)))
    plain, _ = answers(field_of(rows))
    told, _ = answers(field)
    assert told[LIFT, "metric"].subjects != plain[LIFT, "metric"].subjects
    assert "mail:saving:orders" not in told[LIFT, "metric"].subjects


def test_shares_that_were_planned_are_held_against_what_came() -> None:
    rows = units("mail", {"control": 0.0, "saving": 0.1})
    uneven = {"id": "mail", "control": "control", "shares": {"control": 0.4, "saving": 0.6}}
    _, gaps = answers(field_of(rows, strategy=Stated(tests=(uneven,))))
    assert "did not fall as planned" in gaps[0].reason.en


@pytest.mark.parametrize(("rule", "told"), [("at_the_end", False), ("any_time", True)])
def test_a_test_is_not_read_before_its_rule_allows(rule: str, *, told: bool) -> None:
    rows = units("mail", {"control": 0.0, "saving": 0.1})
    running = {"id": "mail", "start": date(2026, 3, 2), "end": date(2026, 12, 1), "rule": rule}
    found, gaps = answers(field_of(rows, strategy=Stated(tests=(running,))))
    assert ((LIFT, "test") in found) is told
    assert told or any("not read before" in gap.reason.en for gap in gaps)


def test_money_that_a_geo_test_moved_is_held_against_what_it_brought() -> None:
    field = geo_field(0.2, channel="tv")
    outcomes = field.collect(field.table("outcomes"))
    both = Field.of_tables({"outcomes": outcomes, "media": media(treated=300.0)}, strategy=field.strategy)
    told, _ = answers(both)
    lift, back = told[LIFT, "test"], told[IROAS, "test"]
    assert back.subjects == ("tv-north",)
    assert back.unit.name == "EUR/EUR"
    assert np.corrcoef(lift.draws[:, 0], back.draws[:, 0])[0, 1] == pytest.approx(1.0)
    # Two regions spent 200 more in each of six weeks.
    start = field.strategy.tests[0]["start"]
    during = sum(
        row["value"]
        for row in outcomes.to_pylist()
        if row["region"] in {"r00", "r01"} and row["date"] >= start
    )
    assert back.location[0] == pytest.approx(0.2 / 1.2 * during / 2400.0, rel=0.25)


def test_a_test_by_groups_is_read_by_groups() -> None:
    rng = np.random.default_rng(3)
    town = np.repeat(np.arange(80), 25)
    treated = rng.permutation(np.repeat([0, 1], 40))[town]
    level = np.exp(0.4 * rng.standard_normal(80))[town]
    columns = {
        "experiment": ["shops"] * 2000,
        "unit_id": [str(i) for i in range(2000)],
        "variant": ["new" if of else "control" for of in treated],
        "town": town,
        "spend": level * rng.gamma(4.0, 5.0, 2000),
        "visits": 1.0 + rng.poisson(2.0, 2000),
    }
    test = {"id": "shops", "kind": "ab", "start": date(2026, 3, 2), "end": date(2026, 3, 29)}
    spread = {}
    for name, more in {
        "units": {"metric": "spend"},
        "groups": {"metric": "spend", "cluster": "town"},
        "ratio": {"metric": "spend/visits", "cluster": "town"},
    }.items():
        stated = Stated(plan=None, tests=({**test, **more},))
        field = Field.of_tables(
            {"experiment_units": pa.table(columns)}, as_of=date(2026, 6, 1), strategy=stated
        )
        told, gaps = answers(field)
        assert told[LIFT, "test"].subjects == ("shops",), gaps
        spread[name] = float(told[LIFT, "test"].draws.std())
    assert spread["groups"] > 2.0 * spread["units"]
    assert spread["ratio"] > 2.0 * spread["units"]
