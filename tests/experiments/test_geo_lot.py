"""Regions drawn by lot: groups of likes, every draw counted, an effect found, a promise kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.experiments.analysis_evidence import analysed
from cmo.experiments.asked import Asked
from cmo.experiments.feasible import Form
from cmo.experiments.geo_design import Limits
from cmo.experiments.geo_lot import assignments, changes, drawn, like_pairs, like_strata, lot_error
from cmo.experiments.past import Panel, Past
from cmo.experiments.planning import planned
from cmo.experiments.randomisation import randomised_effect
from cmo.experiments.registration import Conclusion, Kind, Registration
from cmo.experiments.series_analysis import lot_findings
from cmo.experiments.wanted import Draw, Known, Wanted
from cmo.measures import Grade, Problem
from cmo.warehouse.field import Field

WIDE = Limits(most_share=0.5)


@pytest.fixture
def sixteen() -> Panel:
    """Sixteen regions in pairs of likes, two years of weeks."""
    rng = np.random.default_rng(11)
    at = np.arange(104)
    shared = 1.0 + 0.3 * np.sin(2 * np.pi * at / 52.0)
    size = np.repeat(np.geomspace(300.0, 5000.0, 8), 2)
    noise = np.exp(0.04 * rng.standard_normal((104, 16)))
    days = tuple(date(2024, 1, 1) + timedelta(weeks=int(i)) for i in at)
    names = tuple(f"region-{letter}" for letter in "abcdefghijklmnop")
    spend = {"tv": np.full((104, 16), 10.0)}
    return Panel(days=days, regions=names, outcomes=shared[:, None] * size * noise, spend=spend)


def test_pairs_are_likes_and_strata_bound_what_is_treated(sixteen: Panel) -> None:
    pairs = like_pairs(sixteen, WIDE)
    assert ("region-a", "region-b") in pairs
    assert len(pairs) == 8
    strata = like_strata(sixteen, Limits(most_share=0.35))
    assert {len(group) for group in strata} == {3}
    assert all("region-a" not in group for group in like_pairs(sixteen, replace(WIDE, exclude=("region-a",))))
    with pytest.raises(ValueError, match="needs 6"):
        like_pairs(sixteen.without(sixteen.regions[:6]), WIDE)


def test_every_draw_keeps_to_its_groups(sixteen: Panel) -> None:
    groups = like_strata(sixteen, Limits(most_share=0.3))
    rng = np.random.default_rng(1)
    treated = drawn(groups, rng=rng)
    found = assignments(sixteen.regions, groups, treated, rng=rng)
    assert len(found) == len(np.unique(found, axis=0)) == 4 ** len(groups)
    for group in groups:
        assert np.all(found[:, sixteen.index(group)].sum(axis=1) == 1)
    assert set(np.array(sixteen.regions)[found[0]]) == set(treated)


def test_the_test_of_a_lot_is_exact(sixteen: Panel) -> None:
    groups = like_pairs(sixteen, WIDE)
    rng = np.random.default_rng(1)
    every = assignments(sixteen.regions, groups, drawn(groups, rng=rng), rng=rng)
    change = np.random.default_rng(5).standard_t(2, len(sixteen.regions))
    p = np.array([randomised_effect(change, own, assignments=every).p for own in every[::4]])
    for alpha in (0.05, 0.1, 0.2):
        assert np.mean(p <= alpha) <= alpha + 0.05


def test_an_effect_put_in_is_found_with_its_interval(sixteen: Panel) -> None:
    groups = like_pairs(sixteen, WIDE)
    hits = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        treated = drawn(groups, rng=rng)
        outcomes = sixteen.outcomes.copy()
        outcomes[96:, sixteen.index(treated)] *= 1.1
        promise = Registration(
            test="lot",
            kind=Kind.GEO,
            hypothesis="More of it brings more",
            metric="revenue",
            control="others",
            treated=treated,
            lot=groups,
            starts_on=sixteen.days[96],
            ends_on=sixteen.days[-1] + timedelta(days=6),
            channel="tv",
        )
        spend = {"tv": sixteen.spend["tv"].copy()}
        spend["tv"][96:, sixteen.index(treated)] *= 3.0
        panel = replace(sixteen, outcomes=outcomes, spend=spend)
        found = lot_findings(panel, promise, last=promise.ends_on, rng=rng)
        hits += found.effect.low <= 0.1 <= found.effect.high
        assert found.effect.p < 0.05
        assert found.money is not None
        assert found.draws == 256
        # 20 more of spend in each treated region and week; a tenth of what they would have brought.
        assert found.matched is not None
        due = found.money.lift / found.money.spend
        assert found.matched.low < due < found.matched.high
        assert len(found.others) >= 3
    assert hits >= 26


def test_the_error_of_a_lot_is_that_of_its_readings(sixteen: Panel) -> None:
    groups = like_pairs(sixteen, WIDE)
    rng = np.random.default_rng(3)
    error, base = lot_error(sixteen, groups, periods=8, rng=rng)
    # Eight pairs of noise 0.04 over 8 weeks and over the base, mean over the pairs.
    due = 0.04 * np.sqrt(2.0 * (1 / 8 + 1 / base) / 8)
    assert error == pytest.approx(due, rel=0.35)
    with pytest.raises(ValueError, match="three times"):
        lot_error(
            replace(sixteen, days=sixteen.days[:12], outcomes=sixteen.outcomes[:12]),
            groups,
            periods=8,
            rng=rng,
        )
    with pytest.raises(ValueError, match="brought nothing"):
        changes(np.zeros((10, 3)), pre=5, base=5)


def wanted(draw: Draw | None) -> Wanted:
    return Wanted(
        test="geo",
        form=Form.GEO,
        starts_on=date(2026, 1, 5),
        hypothesis="TV brings revenue",
        channel="tv",
        change=2.0,
        effect=0.1,
        draw=draw,
        limits=WIDE,
    )


def known(panel: Panel) -> Known:
    past = Past(panel=panel, nation=None, audiences=(), as_of=panel.days[-1], currency="EUR")
    return Known(past=past)


def test_a_lot_is_drawn_once_for_all_and_sealed(sixteen: Panel) -> None:
    plan = planned(wanted(Draw.PAIRS), known(sixteen))
    again = planned(wanted(Draw.PAIRS), known(sixteen))
    promise = plan.registration
    assert promise.seal == again.registration.seal
    assert len(promise.lot) == len(promise.treated) == 8
    assert plan.figures.power is not None
    assert plan.figures.power > 0.9
    assert {f"region:{name}" for group in promise.lot for name in group} < set(plan.population)
    assert Registration.of_mapping(promise.as_mapping()) == promise
    other = planned(replace(wanted(Draw.PAIRS), test="geo-2"), known(sixteen))
    assert other.registration.treated != promise.treated
    with pytest.raises(Problem, match="not both"):
        planned(replace(wanted(Draw.STRATA), regions=("region-a",)), known(sixteen))


def test_regions_drawn_by_lot_are_grade_a(sixteen: Panel) -> None:
    promise = planned(replace(wanted(Draw.PAIRS), starts_on=sixteen.days[98]), known(sixteen)).registration
    outcomes = sixteen.outcomes.copy()
    outcomes[98:, sixteen.index(promise.treated)] *= 1.2
    rows = [
        (day, name, float(outcomes[i, j]))
        for i, day in enumerate(sixteen.days)
        for j, name in enumerate(sixteen.regions)
    ]
    table = pa.table(dict(zip(("date", "region", "value"), map(list, zip(*rows, strict=True)), strict=True)))
    field = Field.of_tables({"outcomes": table}, as_of=promise.ends_on)
    told = analysed(field, Asked(registration=promise, registered=True), rng=np.random.default_rng(1))
    assert told.grade is Grade.A
    assert told.conclusion is Conclusion.WON
    assert next(check for check in told.checks if check.code == "lot").p == told.effects[0].effect.p
    assert told.effects[0].effect.low < 0.2 < told.effects[0].effect.high


def test_cells_are_chosen_apart_and_told_apart(panel: Callable[..., Panel]) -> None:
    past = panel(0.02)
    cells = (("double", ()), ("none", ()))
    plan = planned(
        replace(
            wanted(None), cells=cells, changes=(("double", 2.0), ("none", 0.0)), limits=Limits(most_share=0.3)
        ),
        known(past),
    )
    promise = plan.registration
    named = dict(promise.cells)
    assert not set(named["double"]) & set(named["none"])
    assert set(promise.treated) == set(named["double"]) | set(named["none"])
    at = [i for i, day in enumerate(past.days) if day >= date(2026, 1, 5)]
    assert len(at) >= 4
    outcomes = past.outcomes.copy()
    for name, effect in (("double", 1.2), ("none", 0.9)):
        outcomes[np.ix_(at, past.index(named[name]))] *= effect
    rows = [
        (day, name, float(outcomes[i, j]))
        for i, day in enumerate(past.days)
        for j, name in enumerate(past.regions)
    ]
    table = pa.table(dict(zip(("date", "region", "value"), map(list, zip(*rows, strict=True)), strict=True)))
    field = Field.of_tables({"outcomes": table}, as_of=promise.ends_on)
    told = analysed(field, Asked(registration=promise, registered=True), rng=np.random.default_rng(1))
    effects = {one.variant: one.effect for one in told.effects}
    assert effects["double"].low > 0.1
    assert effects["none"].high < 0.0
    assert told.others[0].variant == "double − none"
    assert told.others[0].effect.low > 0.15
    assert set(told.courses) == {"double", "none"}
