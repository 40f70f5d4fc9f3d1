from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cmo.ledger.challenges import answer_challenge, open_challenges
from cmo.ledger.reviews import Run, remember_review
from cmo.measures import Problem, Text
from cmo.strategy.challenge import ChallengeState
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stance, Verdict


@pytest.fixture
def review(ledger: Path, run: Callable[..., Run]) -> Callable[..., None]:
    def remember(*verdicts: Verdict) -> None:
        remember_review(run(), evidence=Evidence(), verdicts=verdicts, time_to_answer=timedelta(days=14))

    return remember


def test_a_refuted_belief_opens_a_challenge_that_tells_what_was_seen(
    review: Callable[..., None], verdict: Callable[..., Verdict]
) -> None:
    review(verdict(probability=0.04), verdict("fine", probability=0.95))
    (challenge,) = open_challenges()
    assert (challenge.belief, challenge.stance, challenge.owner) == (
        "tv-best",
        Stance.REFUTED,
        "head-of-media",
    )
    assert challenge.says == Text("TV is best", "La télé est la meilleure")
    assert challenge.observation == Text("Radio returns more.", "La radio rapporte plus.")
    assert challenge.claim == verdict().claim
    assert (challenge.state, challenge.answer) == (ChallengeState.OPEN, None)


def test_a_belief_that_stays_refuted_is_not_challenged_again(
    review: Callable[..., None], verdict: Callable[..., Verdict]
) -> None:
    first = verdict(probability=0.04)
    review(first)
    answer_challenge(open_challenges()[0].number, state=ChallengeState.ACCEPTED, words="", by="x")
    review(verdict(probability=0.03, previous=first.stand))
    assert open_challenges() == ()


def test_a_later_challenge_takes_the_place_of_one_that_waits(
    review: Callable[..., None], verdict: Callable[..., Verdict]
) -> None:
    first = verdict(probability=0.04)
    review(first)
    number = open_challenges()[0].number
    review(verdict(probability=0.5, previous=first.stand))
    (challenge,) = open_challenges()
    assert challenge.stance is Stance.OPEN
    assert challenge.observation.en.startswith("Probability of being true: 4% before, 50% now.")
    with pytest.raises(Problem, match="superseded"):
        answer_challenge(number, state=ChallengeState.ACCEPTED, words="", by="x")


def test_an_answer_is_given_once(review: Callable[..., None], verdict: Callable[..., Verdict]) -> None:
    review(verdict())
    number = open_challenges()[0].number
    with pytest.raises(Problem, match="say why"):
        answer_challenge(number, state=ChallengeState.REJECTED, words=" ", by="ana")
    answered = answer_challenge(number, state=ChallengeState.REJECTED, words="The strike.", by="ana")
    assert (answered.state, answered.answer) == (ChallengeState.REJECTED, "The strike.")
    assert open_challenges() == ()
    with pytest.raises(Problem, match="already"):
        answer_challenge(number, state=ChallengeState.TEST, words="", by="bo")
    with pytest.raises(Problem, match="no challenge 99"):
        answer_challenge(99, state=ChallengeState.TEST, words="", by="bo")
    with pytest.raises(ValueError, match="state == open"):
        answer_challenge(number, state=ChallengeState.OPEN, words="", by="bo")
