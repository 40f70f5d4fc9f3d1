import numpy as np
import pytest

from cmo.value.questionnaire import design, power, profiles

LEVELS = {"price": (2.0, 3.0, 4.0), "brand": ("ours", "theirs", "other"), "organic": ("no", "yes")}
PRIOR = (np.array([-0.6, 0.2, -0.2, 0.4]), np.full(4, 0.3))


def test_levels_make_every_offer_but_the_forbidden() -> None:
    kept, coded = profiles(LEVELS, forbidden=lambda one: one["brand"] == "other" and one["price"] == 4.0)
    assert len(kept) == 16
    assert coded.shape == (16, 4)
    assert coded[kept.index({"price": 3.0, "brand": "theirs", "organic": "yes"})].tolist() == [3, 1, 0, 1]


def test_a_design_beats_offers_drawn_at_random() -> None:
    offers = profiles(LEVELS)
    rng = np.random.default_rng(1)
    made = design(offers, tasks=6, places=3, versions=2, prior=PRIOR, rng=rng)
    assert made.tasks.shape == (12, 3)
    assert all(len(set(numbers)) == 3 for numbers in made.tasks.tolist())
    assert np.bincount(made.block).tolist() == [6, 6]
    people = PRIOR[0] + PRIOR[1] * rng.standard_normal((500, 4))
    by_design = power(made, people, respondents=100, surveys=10, rng=rng)
    drawn = np.stack([rng.choice(18, 3, replace=False) for _ in range(12)])
    at_random = type(made)(
        profiles=made.profiles, coded=made.coded, tasks=drawn, block=made.block, d_error=1.0, overlap=0.0
    )
    by_chance = power(at_random, people, respondents=100, surveys=10, rng=rng)
    assert np.prod(by_design.error) < 0.7 * np.prod(by_chance.error)


def test_more_people_find_more_and_intervals_keep_their_word() -> None:
    rng = np.random.default_rng(2)
    made = design(profiles(LEVELS), tasks=8, places=3, versions=1, prior=PRIOR, rng=rng)
    people = PRIOR[0] + 0.5 * rng.standard_normal((500, 4))
    few, many = (power(made, people, respondents=n, surveys=30, rng=rng) for n in (30, 200))
    assert np.all(many.found >= few.found - 0.05)
    assert many.found.min() > 0.4
    assert few.error / many.error == pytest.approx(np.full(4, np.sqrt(200 / 30)), rel=0.25)
    assert 0.85 < many.covered.mean() <= 1.0


def test_the_questionnaire_can_be_handed_out() -> None:
    made = design(profiles(LEVELS), tasks=5, places=2, versions=1, prior=PRIOR, rng=np.random.default_rng(3))
    rows = made.rows()
    assert len(rows) == 10
    assert rows[0].keys() == {"version", "task", "place", "price", "brand", "organic"}
    assert 0 <= made.overlap < 0.6


def test_one_level_is_no_attribute() -> None:
    with pytest.raises(ValueError, match="at least two"):
        profiles({"price": (1.0,)})


def test_too_few_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot tell 4 coefficients apart"):
        design(profiles(LEVELS), tasks=1, places=2, versions=2, prior=PRIOR, rng=np.random.default_rng(4))


def test_none_of_them_stands_in_every_task_and_is_found() -> None:
    rng = np.random.default_rng(3)
    prior = (np.append(PRIOR[0], 0.5), np.append(PRIOR[1], 0.3))
    made = design(profiles(LEVELS), tasks=6, places=2, versions=2, prior=prior, rng=rng, none=True)
    rows = made.rows()
    assert len(rows) == 36
    assert sum("price" not in row for row in rows) == 12
    assert [row["version"] for row in rows] == [1] * 18 + [2] * 18
    people = np.tile(prior[0], (50, 1))
    assert power(made, people, respondents=150, surveys=8, rng=rng).error.shape == (5,)
