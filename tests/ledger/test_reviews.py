from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cmo.ledger import models
from cmo.ledger.estimates import digest_of
from cmo.ledger.reviews import Run, last_review, remember_review, remembered_evidence, review_before
from cmo.ledger.verdicts import history, previous_stands, verdicts
from cmo.measures import Estimate, Problem, Text, Unanswered, Window
from cmo.strategy.document import Belief
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stance, Stand, Verdict

_NO_PRICES = Unanswered(measure="value.wtp", reason=Text("No prices.", "Pas de prix."), unlock=("choices",))


def test_before_the_first_review_there_is_nothing(ledger: Path) -> None:
    assert last_review() is None
    assert verdicts() == ()
    assert remembered_evidence() == Evidence()


def test_a_review_comes_back_as_it_was_given(
    ledger: Path, run: Callable[..., Run], estimate: Callable[..., Estimate], verdict: Callable[..., Verdict]
) -> None:
    spring = Window.parse("2026-Q2")
    inside = Evidence(estimates=(estimate(seed=5),), unanswered=(_NO_PRICES,))
    given = Evidence(
        estimates=(estimate(), estimate("media.mroi")), unanswered=(_NO_PRICES,), during={spring: inside}
    )
    judged = (
        verdict(previous=Stand(probability=0.5, stance=Stance.OPEN)),
        verdict("loyal", probability=None, previous=None),
    )
    remembered = remember_review(run(), evidence=given, verdicts=judged)

    assert remembered.number == 1
    assert last_review() == remembered
    assert remembered.run == run()
    assert verdicts() == judged
    kept = remembered_evidence()
    assert kept.unanswered == (_NO_PRICES,)
    assert kept.during[spring].unanswered == (_NO_PRICES,)
    for one, other in ((kept, given), (kept.during[spring], inside)):
        assert [digest_of(estimate) for estimate in one.estimates] == [digest_of(e) for e in other.estimates]


def test_the_evidence_of_one_measure_is_read_alone(
    ledger: Path, run: Callable[..., Run], estimate: Callable[..., Estimate]
) -> None:
    given = Evidence(estimates=(estimate(), estimate("media.mroi")), unanswered=(_NO_PRICES,))
    remember_review(run(), evidence=given, verdicts=[])
    assert [one.measure for one in remembered_evidence("media.mroi").estimates] == ["media.mroi"]
    assert remembered_evidence("value.wtp") == Evidence(unanswered=(_NO_PRICES,))
    assert remembered_evidence("brand.awareness") == Evidence()


def test_evidence_that_did_not_change_is_kept_once_for_many_reviews(
    ledger: Path, run: Callable[..., Run], estimate: Callable[..., Estimate], verdict: Callable[..., Verdict]
) -> None:
    for _ in range(3):
        remember_review(run(), evidence=Evidence(estimates=(estimate(),)), verdicts=[verdict()])
    assert models.Evidence.rows.count() == 1
    assert {row.evidence_id for row in models.Verdict.rows.all()} == {models.Evidence.rows.get().pk}
    assert len(remembered_evidence().estimates) == 1


def test_a_verdict_is_linked_to_the_estimate_it_was_judged_on(
    ledger: Path, run: Callable[..., Run], estimate: Callable[..., Estimate], verdict: Callable[..., Verdict]
) -> None:
    regions = estimate(subjects=("Lyon", "Lille"))
    channels = estimate(subjects=("radio", "tv"))
    remember_review(run(), evidence=Evidence(estimates=(regions, channels)), verdicts=[verdict()])
    evidence = models.Verdict.rows.get().evidence
    assert evidence is not None
    assert evidence.digest == digest_of(channels)


def test_the_last_review_speaks_and_the_history_remembers(
    ledger: Path, run: Callable[..., Run], verdict: Callable[..., Verdict]
) -> None:
    first = verdict(probability=0.5)
    second = verdict(probability=0.95, previous=first.stand)
    remember_review(run("f1"), evidence=Evidence(), verdicts=[first, verdict("other")])
    remember_review(run("f2"), evidence=Evidence(), verdicts=[second])
    last = last_review()
    assert last is not None
    assert (last.number, last.run.fingerprint) == (2, "f2")
    assert verdicts() == (second,)
    assert history("tv-best") == ((1, first), (2, second))


def test_the_review_before_another_is_found(ledger: Path, run: Callable[..., Run]) -> None:
    first, second = (remember_review(run(name * 200), evidence=Evidence(), verdicts=[]) for name in "ab")
    assert (review_before(second), review_before(first)) == (first, None)


def test_previous_stands_forget_a_claim_that_was_changed(
    ledger: Path, run: Callable[..., Run], verdict: Callable[..., Verdict]
) -> None:
    remember_review(
        run(), evidence=Evidence(), verdicts=[verdict("kept"), verdict("changed"), verdict("gone")]
    )
    same = {"measure": "media.roi", "of": "tv", "is": "highest"}
    beliefs = [
        Belief.model_validate({"id": "kept", "says": "x", "claim": same}),
        Belief.model_validate({"id": "changed", "says": "x", "claim": same | {"of": "radio"}}),
        Belief.model_validate({"id": "new", "says": "x"}),
    ]
    assert previous_stands(beliefs) == {"kept": Stand(probability=0.04, stance=Stance.REFUTED)}


def test_what_fails_on_the_way_leaves_nothing_behind(
    ledger: Path, run: Callable[..., Run], estimate: Callable[..., Estimate], verdict: Callable[..., Verdict]
) -> None:
    remember_review(run("whole"), evidence=Evidence(), verdicts=[verdict()])

    def broken_off() -> Iterator[Verdict]:
        yield verdict()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remember_review(run("half"), evidence=Evidence(estimates=(estimate(),)), verdicts=broken_off())
    last = last_review()
    assert last is not None
    assert last.run.fingerprint == "whole"
    assert (models.Evidence.rows.count(), models.Finding.rows.count(), models.Verdict.rows.count()) == (
        0,
        0,
        1,
    )


def test_a_belief_is_judged_once_in_a_review(
    ledger: Path, run: Callable[..., Run], verdict: Callable[..., Verdict]
) -> None:
    with pytest.raises(Problem):
        remember_review(run(), evidence=Evidence(), verdicts=[verdict(), verdict()])
    assert last_review() is None
