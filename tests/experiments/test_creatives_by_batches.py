"""Creative tests by batches on the company's tables: what past ones teach, what comes next, what is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cmo.experiments.analysis_evidence import analysed
from cmo.experiments.asked import Asked
from cmo.experiments.bandit import Shares, allocation, in_units
from cmo.experiments.batches import Horizon, Variant, next_batch, standing
from cmo.experiments.contrast import Inference
from cmo.experiments.creative_analysis import Shown, adaptive_effects
from cmo.experiments.creative_evidence import shown_of, successes_of, traits_of, variants_of
from cmo.experiments.registration import Conclusion, Kind, Registration
from cmo.measures import Problem
from cmo.warehouse.field import Field

START = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - instants of the field carry no zone
RATES = {"video": 0.06, "image": 0.03}


def rows(
    test: str, creatives: Mapping[str, str], *, n: int, seed: int, days: int = 10
) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    level = np.exp(0.3 * rng.standard_normal())
    names = list(creatives)
    return [
        {
            "experiment": test,
            "unit_id": f"{test}-{i}",
            "variant": names[i % len(names)],
            "assigned_at": START + timedelta(days=int(i * 10 / n)),
            "clicked": int(rng.random() < level * RATES[creatives[names[i % len(names)]]]),
            "format": creatives[names[i % len(names)]],
            "basket": float(rng.gamma(2.0, 10.0)),
        }
        for i in range(n)
    ]


@pytest.fixture(scope="module")
def field() -> Field:
    every = [
        row
        for k in range(5)
        for row in rows(f"past-{k}", {"a": "video", "b": "image", "c": "image"}, n=3000, seed=k)
    ]
    every += rows("now", {"sun": "video", "sea": "image"}, n=4000, seed=9)
    table = pa.Table.from_pylist(every)
    return Field.of_tables({"experiment_units": table}, as_of=(START + timedelta(days=12)).date())


def test_past_tests_tell_which_traits_matter(field: Field) -> None:
    metric = successes_of(field, None)
    assert metric == "clicked"
    past = {(one.test, one.name): one for one in traits_of(field, metric=metric)}
    assert past["past-0", "a"].traits == {"format": "video"}
    shown = (*shown_of(field, "new", metric=metric, names=("left", "right")),)
    said = {"left": {"format": "video"}, "right": {"format": "image"}}
    variants, lesson = variants_of(field, shown, "new", metric=metric, said=said)
    assert lesson is not None
    assert lesson.tests == 6
    assert lesson.traits["format"] > 0.2
    assert variants[0].expected is not None
    assert variants[1].expected is not None
    assert 1.4 < variants[0].expected / variants[1].expected < 3.0
    found = next_batch(variants, Horizon(batch=1000, to_come=5000), rng=np.random.default_rng(1))
    sent = {one.name: one.units for one in found.creatives}
    assert sent["left"] > sent["right"]
    assert found.winner is None


def test_batches_are_days(field: Field) -> None:
    shown = shown_of(field, "now", metric="clicked", names=("sea",))
    assert [one.name for one in shown] == ["sea", "sun"]
    assert [len(one.units) for one in shown] == [10, 10]
    assert sum(one.units.sum() for one in shown) == 4000


PROMISE = Registration(
    test="now",
    kind=Kind.CREATIVE,
    hypothesis="Moving pictures draw more clicks",
    metric="clicked",
    control="sea",
    shares=(("sea", 0.5), ("sun", 0.5)),
    starts_on=START.date(),
    ends_on=(START + timedelta(days=9)).date(),
)


def test_a_winner_is_called_with_its_probability_and_loss(field: Field) -> None:
    told = analysed(field, Asked(registration=PROMISE, registered=True), rng=np.random.default_rng(1))
    assert told.conclusion is Conclusion.WON
    assert told.batch is not None
    assert told.batch.winner == "sun"
    assert told.batch.regret > 0.0
    assert told.effects[0].variant == "sun"
    assert told.effects[0].effect.low > 0.0
    turned = replace(PROMISE, control="sun")
    lost = analysed(field, Asked(registration=turned, registered=True), rng=np.random.default_rng(1))
    assert lost.conclusion is Conclusion.LOST


@pytest.mark.parametrize(
    ("metric", "says"), [("basket", "metric of 0 and 1"), ("orders", "metric of 0 and 1")]
)
def test_only_successes_steer_batches(field: Field, metric: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        successes_of(field, metric)
    asked = Asked(registration=replace(PROMISE, test="elsewhere"), registered=True)
    with pytest.raises(Problem, match="fewer than two creatives"):
        analysed(field, asked, rng=np.random.default_rng(1))


def test_favour_shown_to_lucky_creatives_deceives_nobody() -> None:
    """Two creatives of one rate, over ten batches: plain rates would be biased, the weighted are not."""
    rng = np.random.default_rng(4)
    hits, effects = 0, []
    for _ in range(300):
        beliefs, seen, won = Shares.flat(2), [], []
        for k in range(10):
            share = allocation(beliefs, to_come=1.0 - k / 10, rng=rng, n=200, least=0.1)
            units = in_units(share, 200, rng=rng)
            answered = rng.binomial(units, 0.2)
            beliefs = beliefs.after(answered, units)
            seen.append(units)
            won.append(answered)
        shown = [
            Shown(name=name, units=np.array(seen, float)[:, i], successes=np.array(won, float)[:, i])
            for i, name in enumerate(("a", "b"))
        ]
        effect = adaptive_effects(shown, control="a", inference=Inference())["b"][2]
        hits += effect.low <= 0.0 <= effect.high
        effects.append(effect.estimate)
    assert abs(np.mean(effects)) < 0.03
    assert hits / 300 > 0.92


def test_what_stands_now_is_what_the_next_batch_is_divided_by() -> None:
    variants = [Variant(name="a", units=1000, successes=100), Variant(name="b", units=1000, successes=60)]
    state = standing(variants, Horizon(batch=1, to_come=1), rng=np.random.default_rng(1))
    assert state.winner == "a"
    assert [one.units for one in state.creatives] == [0, 0]
    assert state.regret == pytest.approx(1000 * (101 / 1002 - 61 / 1002), rel=1e-9)
