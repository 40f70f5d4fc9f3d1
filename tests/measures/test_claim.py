"""Claims: the grammar reads and writes, the laws of probability hold on joint draws."""

import time
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.measures import MEASURES, Claim, Estimate, Grade, History, Text, Unevaluable, Window, reason

SUBJECTS = ("tv", "radio", "search", "social")
YEAR = Window(start=date(2025, 1, 1), end=date(2025, 12, 31))


def estimate(
    draws: np.ndarray, *, history: History | None = None, subjects: tuple[str, ...] = SUBJECTS
) -> Estimate:
    return Estimate.of_draws(
        "media.roi",
        draws,
        subjects=subjects,
        by="channel",
        unit="EUR/EUR",
        window=YEAR,
        as_of=YEAR.end,
        method=Text.same("simulated"),
        grade=Grade.C,
        tables=("media",),
        history=history,
    )


def claim(**said: object) -> Claim:
    return Claim.parse({"measure": "media.roi", **said})


@pytest.fixture(scope="module")
def roi() -> Estimate:
    rng = np.random.default_rng(1)
    return estimate(rng.normal([1.4, 2.0, 1.9, 0.8], 0.3, size=(2_000, 4)))


GRAMMAR: list[dict[str, object]] = [
    {"of": "tv", "at_least": 1.5},
    {"of": "tv", "at_most": 1.5},
    {"of": "tv", "between": [1.0, 2.0]},
    {"of": "tv", "is": "highest"},
    {"of": "tv", "is": "lowest"},
    {"of": "tv", "top": 2},
    {"of": "tv", "above": {"of": "radio"}},
    {"of": "tv", "above": {"of": "radio", "by": 0.5}},
    {"of": "tv", "below": {"of": "radio", "times": 0.5}},
    {"of": "tv", "rising": True},
    {"of": "tv", "falling": True},
    {"of": "tv", "at_least": 1.0, "during": ["2025-01-01", "2025-03-31"]},
]


@pytest.mark.parametrize("said", GRAMMAR)
def test_every_predicate_reads_back_as_it_was_written(said: dict[str, object]) -> None:
    assert claim(**said).as_mapping() == {"measure": "media.roi", **said}


def test_claims_of_different_kinds_differ_though_their_numbers_agree() -> None:
    claims = [claim(**said) for said in (*GRAMMAR, {"of": "tv", "below": {"of": "radio"}})]
    assert len({repr(one) for one in claims}) == len(claims)
    assert all(a != b for i, a in enumerate(claims) for b in claims[:i])


@pytest.mark.parametrize("said", GRAMMAR)
def test_every_predicate_has_a_reason_in_both_languages(said: dict[str, object]) -> None:
    months = tuple(Window.parse(f"2025-{month:02d}") for month in range(1, 13))
    rng = np.random.default_rng(4)
    known = estimate(
        rng.normal(1, 0.1, (500, 4)),
        history=History.of_draws(rng.normal(1, 0.1, (500, 4, 12)), periods=months),
    )
    why = reason(claim(**said), known)
    assert "tv" in why.en
    assert "tv" in why.fr
    assert why.en != why.fr


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"measure": "media.rio", "at_least": 1}, "did you mean 'media.roi'"),
        ({"at_least": 1}, "unknown measure"),
        ({"measure": "media.roi", "of": "tv"}, "exactly one of"),
        ({"measure": "media.roi", "of": "tv", "at_least": 1, "at_most": 2}, "this one has 2"),
        ({"measure": "media.roi", "is": "highest"}, "needs `of:`"),
        ({"measure": "media.roi", "of": "tv", "is": "best"}, "highest or lowest"),
        ({"measure": "media.roi", "of": "tv", "top": 0}, "whole number"),
        ({"measure": "media.roi", "of": "tv", "top": True}, "whole number"),
        ({"measure": "media.roi", "of": "tv", "between": [2, 1]}, "backwards"),
        ({"measure": "media.roi", "of": "tv", "between": 2}, "two numbers"),
        ({"measure": "media.roi", "of": "tv", "at_least": "much"}, "a number"),
        ({"measure": "media.roi", "of": "tv", "at_least": float("nan")}, "a number"),
        ({"measure": "media.roi", "of": "tv", "above": "radio"}, "{of: other}"),
        ({"measure": "media.roi", "of": "tv", "above": {"of": "tv"}}, "compared with itself"),
        ({"measure": "media.roi", "of": "tv", "above": {"of": "radio", "by": 1, "times": 2}}, "not both"),
        ({"measure": "media.roi", "of": "tv", "rising": False}, "takes true"),
        ({"measure": "media.roi", "of": "tv", "atleast": 1}, "did you mean 'at_least'"),
        ({"measure": "media.roi", "of": "tv", "at_least": 1, "during": "summer"}, "no period"),
    ],
)
def test_a_malformed_claim_gets_one_sentence(said: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("{", "\\{").replace("[", "\\[")):
        Claim.parse(said)


draws_of_four = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(size=(200, 4)) * 2 + np.arange(4) / 3
)


@given(draws_of_four)
def test_exactly_one_subject_is_highest_and_one_lowest_in_each_draw(draws: np.ndarray) -> None:
    known = estimate(draws)
    for extreme in ("highest", "lowest"):
        total = sum(claim(of=subject, **{"is": extreme}).holds(known).astype(int) for subject in SUBJECTS)
        assert (total == 1).all()


@given(draws_of_four, st.integers(1, 4))
def test_exactly_k_subjects_are_in_the_top_k_of_each_draw(draws: np.ndarray, k: int) -> None:
    known = estimate(draws)
    assert (sum(claim(of=subject, top=k).holds(known).astype(int) for subject in SUBJECTS) == k).all()


@given(draws_of_four, st.floats(-5, 5))
def test_a_claim_and_its_complement_share_out_all_draws(draws: np.ndarray, bound: float) -> None:
    known = estimate(draws)
    low = claim(of="tv", at_most=bound).holds(known)
    high = claim(of="tv", at_least=bound).holds(known)
    assert (low | high).all()
    assert ((low & high) == (known.draws[:, 0] == bound)).all()
    above = claim(of="tv", above={"of": "radio"}).holds(known)
    below = claim(of="tv", below={"of": "radio"}).holds(known)
    assert (above ^ below).all()


@given(draws_of_four, st.floats(-5, 5), st.floats(0, 5))
def test_a_stricter_threshold_is_never_more_likely(draws: np.ndarray, bound: float, more: float) -> None:
    known = estimate(draws)
    assert claim(of="tv", at_least=bound + more).probability(known) <= claim(
        of="tv", at_least=bound
    ).probability(known)
    assert claim(of="tv", between=[bound - more, bound + more]).probability(known) >= 0
    stricter = claim(of="tv", above={"of": "radio", "by": bound + more}).probability(known)
    assert stricter <= claim(of="tv", above={"of": "radio", "by": bound}).probability(known)


@given(draws_of_four)
def test_claims_read_draws_jointly_and_not_one_subject_at_a_time(draws: np.ndarray) -> None:
    shifted = np.column_stack([draws[:, 0], draws[:, 0] + 0.01])
    known = estimate(shifted, subjects=("tv", "radio"))
    assert claim(of="radio", **{"is": "highest"}).probability(known) == 1.0


def test_a_rising_claim_compares_full_seasons_where_two_are_known() -> None:
    months = tuple(Window.parse(f"{year}-{month:02d}") for year in (2024, 2025) for month in range(1, 13))
    season = np.tile(np.linspace(0, 10, 12), 2)
    grown = season + np.repeat([0.0, 1.0], 12)
    rng = np.random.default_rng(2)
    draws = (grown + rng.normal(0, 0.1, (300, 24)))[:, None, :]
    known = estimate(
        draws.mean(2), subjects=("tv",), history=History.of_draws(draws[:, :, ::1], periods=months, cycle=12)
    )
    assert claim(rising=True).probability(known) == 1.0
    cut = History.of_draws(draws[:, :, 11:15], periods=months[11:15], cycle=12)
    assert claim(falling=True).probability(estimate(draws.mean(2), subjects=("tv",), history=cut)) == 1.0


def test_a_subject_nobody_measured_cannot_be_judged(roi: Estimate) -> None:
    with pytest.raises(Unevaluable, match="subject_unknown"):
        claim(of="tiktok", at_least=1).holds(roi)
    with pytest.raises(Unevaluable, match="subject_not_named"):
        claim(at_least=1).holds(roi)
    with pytest.raises(Unevaluable, match="no_history"):
        claim(of="tv", rising=True).holds(roi)


def test_ten_thousand_claims_on_fifty_subjects_take_under_a_second() -> None:
    rng = np.random.default_rng(3)
    names = tuple(f"c{i}" for i in range(50))
    known = estimate(rng.normal(size=(2_000, 50)), subjects=names)
    kinds: list[dict[str, object]] = [
        {"at_least": 0.1},
        {"between": [-1, 1]},
        {"is": "highest"},
        {"top": 5},
        {"above": {"of": "c0", "by": 0.1}},
    ]
    claims = [claim(of=names[1 + i % 49], **kinds[i % 5]) for i in range(10_000)]
    started = time.process_time()
    total = sum(one.probability(known) for one in claims)
    assert 0 < total < 10_000
    assert time.process_time() - started < 2.0, "the goal is one second on an idle machine"


@settings(max_examples=30)
@given(st.sampled_from(sorted(MEASURES)))
def test_every_measure_is_named_area_dot_quantity_and_speaks_both_languages(name: str) -> None:
    measure = MEASURES[name]
    assert measure.name == name
    assert name.count(".") == 1
    assert measure.label.en
    assert measure.label.fr
    assert measure.says.en != measure.says.fr
