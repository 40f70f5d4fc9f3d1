from datetime import date

import numpy as np
import pytest

from cmo.market.ceiling import ceiling
from cmo.market.radar import Ring, Seen, Told, score, suggestion
from cmo.market.sight import Heard, looked_back, outcome_of, sight, told_of
from cmo.measures import Window, months


def heard(*paths: np.ndarray, seed: int = 1) -> Heard:
    rng = np.random.default_rng(seed)
    n_months = paths[0].size
    spans = months(Window(start=date(2020, 1, 1), end=date(2030, 1, 1)))[:n_months]
    return Heard(
        topics=tuple(f"topic {i}" for i in range(len(paths))),
        months=spans,
        volumes=rng.poisson(np.stack(paths)).astype(float),
        total=None,
    )


def rising(n_months: int, start: int) -> np.ndarray:
    return 20 * np.exp(0.1 * np.maximum(np.arange(n_months) - start, 0))


@pytest.mark.parametrize(
    ("chance", "ring", "to"),
    [
        (0.5, None, Ring.TRY),
        (0.5, Ring.WATCH, Ring.TRY),
        (0.2, None, Ring.WATCH),
        (0.2, Ring.WATCH, None),
        (0.2, Ring.DROP, Ring.WATCH),
        (0.01, Ring.WATCH, Ring.DROP),
        (None, Ring.WATCH, Ring.DROP),
        (0.01, None, None),
        (0.01, Ring.TRY, None),
        (0.9, Ring.ADOPT, None),
    ],
)
def test_rings(chance: float | None, ring: Ring | None, to: Ring | None) -> None:
    assert suggestion(chance, ring) is to


def test_a_score_counts_what_came() -> None:
    seen = [
        Seen(
            told=Told(topic=str(i), made_on=date(2024, 1, 31), chance=chance, volume=1.0),
            growth=2.0 if rose else 1.0,
            rose=rose,
        )
        for i, (chance, rose) in enumerate([(0.9, True), (0.5, False), (0.1, False), (0.1, True)])
    ]
    found = score(seen)
    assert found is not None
    assert (found.n, found.said, found.came) == (4, pytest.approx(0.4), 0.5)
    assert found.brier == pytest.approx((0.01 + 0.25 + 0.01 + 0.81) / 4)
    assert (found.caught, found.false_alarms, found.first_few) == (0.5, 0.5, 0.5)
    assert score([]) is None


def test_the_past_of_the_company_moves_the_odds() -> None:
    rise = [rising(60, start) for start in (20, 24, 28, 32, 36)]
    flat = [np.full(60, 30.0)] * 5
    one = np.full(60, 30.0)
    keen, dull = (
        sight(heard(*others, one), rng=np.random.default_rng(1), draws=500) for others in (rise, flat)
    )
    assert keen.draws[:, -1].mean() > dull.draws[:, -1].mean()


def test_looking_back_uses_nothing_that_came_later() -> None:
    paths = [rising(60, 30), np.full(60, 40.0)]
    whole = heard(*paths)
    cut = Heard(topics=whole.topics, months=whole.months[:48], volumes=whole.volumes[:, :48], total=None)
    early = {(one.month, one.seen.told.topic): one.seen.told.chance for one in looked_back(cut)}
    later = {(one.month, one.seen.told.topic): one.seen.told.chance for one in looked_back(whole)}
    both = early.keys() & later.keys()
    assert both
    assert all(early[key] == pytest.approx(later[key]) for key in both)


def test_an_outcome_waits_for_its_time() -> None:
    found = heard(rising(60, 30))
    assert outcome_of(told_of(found, 0, 50, 0.5), found) is None
    seen = outcome_of(told_of(found, 0, 30, 0.5), found)
    assert seen is not None
    assert seen.rose


def test_a_ceiling_is_no_lower_than_today_and_known_of_a_plateau() -> None:
    rng = np.random.default_rng(4)
    flat = ceiling(rng.poisson(200, 40).astype(float), chance=0.01, rng=rng, draws=1000)
    assert np.quantile(flat.level, 0.05) > 170
    assert np.quantile(flat.level, 0.95) < 320
    time = np.arange(40)
    mid_rise = 20 + 400 / (1 + np.exp(-0.2 * (time - 38)))
    steep = ceiling(rng.poisson(mid_rise).astype(float), chance=0.6, rng=rng, draws=1000)
    assert 300 < np.quantile(steep.level, 0.05) < 480 < np.quantile(steep.level, 0.95)
    assert np.median(steep.months) > 3
    with pytest.raises(ValueError, match="at least 12"):
        ceiling(np.ones(5), chance=0.1, rng=rng, draws=10)
