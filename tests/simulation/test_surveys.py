import numpy as np

from cmo.simulation.episode import rng_of
from cmo.simulation.surveys import (
    CARELESS,
    REFERENCE_PRICE,
    ask_prices,
    brand_survey_table,
    choices_table,
)
from cmo.simulation.workspace import History


def test_answers_on_prices_are_in_order_but_for_the_careless() -> None:
    asked = ask_prices(np.random.default_rng(1), shares=np.array([0.5, 0.5]), count=20_000)
    assert abs(asked.careless.mean() - CARELESS) < 0.01
    assert (np.diff(asked.answers[~asked.careless], axis=1) >= 0).all()
    assert abs(np.median(asked.reference) / REFERENCE_PRICE - 1) < 0.08


def test_one_alternative_is_chosen_in_each_task(history: History) -> None:
    table = choices_table(history.market, rng_of(1, 2))
    chosen = np.array(table["chosen"]).reshape(-1, 3)
    assert (chosen.sum(axis=1) == 1).all()


def test_organic_and_cheap_are_chosen_more_often(history: History) -> None:
    table = choices_table(history.market, rng_of(1, 2), count=2_000)
    chosen = np.array(table["chosen"], dtype=float)
    ingredients, price = np.array(table["ingredients"]), np.array(table["price"])
    assert chosen[ingredients == "organic"].mean() > 1.5 * chosen[ingredients == "classic"].mean()
    assert chosen[price == price.min()].mean() > chosen[price == price.max()].mean()


def test_the_funnel_narrows_in_every_wave(history: History) -> None:
    table = brand_survey_table(history.market, history.lived, rng_of(1, 3)).to_pylist()
    funnel = ("awareness", "consideration", "preference", "purchase", "recommendation")
    waves: dict[tuple[object, object], dict[str, int]] = {}
    for row in table:
        waves.setdefault((row["date"], row["brand"]), {})[row["question"]] = row["positive"]
        assert 0 <= row["positive"] <= row["respondents"]
    assert len(waves) == 12 * 4
    for counts in waves.values():
        steps = [counts[question] for question in funnel]
        assert steps == sorted(steps, reverse=True)
