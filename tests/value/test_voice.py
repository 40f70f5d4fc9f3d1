from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.measures import Text
from cmo.value.aspects import aspect_of, clauses
from cmo.value.emergence import risen
from cmo.value.problems import Customer, problems_of, quotes
from cmo.value.promise import proofs
from cmo.value.redaction import is_quote_of
from cmo.value.voice import Heard, Said, hear, spread
from cmo.value.voice_topics import found_topics

GOOD = ("Livraison rapide", "the parcel came in two days, perfect", "texture agréable", "prix correct")
BAD = ("livraison en retard, écrivez à jeanne@exemple.fr", "texture trop grasse", "beaucoup trop cher")
DAY = date(2026, 1, 1).toordinal()


def said(texts: list[str], *, marks: np.ndarray | None = None) -> Said:
    n = len(texts)
    return Said(
        ids=tuple(str(i) for i in range(n)),
        texts=tuple(texts),
        marks=np.full(n, np.nan) if marks is None else marks,
        days=DAY + np.arange(n) // 5,
        asked=np.ones(n, dtype=bool),
        customers=tuple(f"c{i}" for i in range(n)),
    )


def many(n: int = 400) -> Heard:
    rng = np.random.default_rng(1)
    texts = [" mais ".join(rng.choice([*GOOD, *BAD], size=2, replace=False)) + "." for _ in range(n)]
    found = hear(said(texts), rng=rng)
    assert found is not None
    return found


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from([*GOOD, *BAD, "et", "mais", "!", "0612345678"]) | st.text(max_size=6), max_size=5
        ).map(" ".join),
        min_size=1,
        max_size=12,
    )
)
def test_nothing_is_quoted_that_nobody_wrote(texts: list[str]) -> None:
    heard = hear(said(texts), rng=np.random.default_rng(1))
    if heard is None:
        assert all(aspect_of(clause) is None for text in texts for clause in clauses(text))
        return
    promise = {"that": Text("fast delivery", "livraison rapide")}
    proof = proofs(promise, heard, rng=np.random.default_rng(1))[0]
    shown = [*proof.bears_out, *proof.denies]
    for aspect in range(len(heard.clauses.aspects)):
        for content in (True, False):
            shown += quotes(heard, aspect, content=content, most=9)
    assert all(any(is_quote_of(quote, text) for text in texts) for quote in shown)


def test_topics_have_names_and_quotes_of_the_opinions() -> None:
    heard = many()
    found = found_topics(heard.said, rng=np.random.default_rng(1))
    assert found
    for topic in found:
        assert topic.quotes
        assert all(any(is_quote_of(quote, text) for text in heard.said.texts) for quote in topic.quotes)
        assert any(topic.name.lower() in text.lower() for text in heard.said.texts)
        assert topic.share[0] <= topic.share[1] <= topic.share[2]


def test_problems_are_counted_and_nobody_is_named() -> None:
    heard = many()
    customers = {f"c{i}": Customer(segment="regulars", value=10.0) for i in range(400)}
    found = {
        one.id: one
        for one in problems_of(heard, customers=customers, n_customers=1000, rng=np.random.default_rng(1))
    }
    assert set(found) == {"delivery", "texture", "price"}
    complaining = np.mean(["retard" in text for text in heard.said.texts])
    assert found["delivery"].frequency[1] == pytest.approx(complaining, abs=0.03)
    assert not any("@" in quote or "jeanne" in quote for quote in found["delivery"].quotes)
    stake = found["delivery"].stake
    assert stake is not None
    assert stake.money == pytest.approx((0, 0, 0), abs=1e-6)


def test_customers_worth_less_put_money_at_stake() -> None:
    heard = many()
    late = {i for i, text in enumerate(heard.said.texts) if "retard" in text}
    customers = {f"c{i}": Customer(segment="once", value=4.0 if i in late else 10.0) for i in range(400)}
    found = problems_of(heard, customers=customers, n_customers=1000, rng=np.random.default_rng(1))
    assert found[0].id == "delivery"
    stake = found[0].stake
    assert stake is not None
    assert stake.money[0] < 1000 * len(late) / 400 * 6 < stake.money[2]


def test_resampled_shares_are_spread_as_they_vary() -> None:
    rng = np.random.default_rng(1)
    drawn = spread(rng.beta(40, 60, size=(200, 1)), rng=rng, draws=20_000)
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([0.32, 0.48], abs=0.02)


def test_a_false_alarm_is_as_rare_as_stated() -> None:
    rng = np.random.default_rng(1)
    opinions = np.full(60, 40.0)
    alarms = sum(
        bool(risen(rng.binomial(40, 0.1, size=(60, 8)).astype(float), opinions, rng=rng)) for _ in range(520)
    )
    assert alarms <= 14  # ten years of weeks; one a year is allowed, and fourteen of ten still chance


def test_a_complaint_that_trebles_is_seen_within_weeks() -> None:
    rng = np.random.default_rng(2)
    counts = rng.binomial(40, 0.08, size=(64, 5)).astype(float)
    counts[60:, 3] = rng.binomial(40, 0.3, size=4)
    found = risen(counts, np.full(64, 40.0), rng=rng)
    assert [one.complaint for one in found] == [3]
    assert found[0].times[0] > 1.5


def test_a_short_past_gives_no_alarm() -> None:
    counts = np.concatenate([np.zeros((8, 1)), np.full((2, 1), 30.0)])
    assert risen(counts, np.full(10, 40.0), rng=np.random.default_rng(1)) == ()
