import pytest

from cmo.measures import Text
from cmo.strategy.challenge import must_be_answered, observation
from cmo.strategy.verdict import Stance, Stand, Verdict


def verdict(probability: float | None, before: float | str | None) -> Verdict:
    return Verdict(
        belief="b",
        says=Text.same("B"),
        owner=None,
        stated=None,
        measure=None,
        claim=None,
        probability=probability,
        stance=Stance.at(probability),
        why=Text("Because.", "Parce que."),
        grade=None,
        as_of=None,
        previous=None if isinstance(before, str) else Stand(probability=before, stance=Stance.at(before)),
    )


@pytest.mark.parametrize(
    ("now", "before", "opens"),
    [
        (0.04, "first", True),
        (0.5, "first", False),
        (0.95, "first", False),
        (None, "first", False),
        (0.04, 0.5, True),
        (0.04, None, True),
        (0.04, 0.02, False),
        (0.5, 0.95, True),
        (0.95, 0.5, True),
        (0.95, 0.93, False),
        (0.5, None, False),
        (None, 0.95, False),
    ],
)
def test_a_belief_that_falls_or_a_verdict_that_turns_must_be_answered(
    now: float | None,
    before: float | str | None,
    opens: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert must_be_answered(verdict(now, before)) is opens


def test_the_observation_tells_both_probabilities_and_why() -> None:
    assert observation(verdict(0.04, 0.5)) == Text(
        "Probability of being true: 50% before, 4% now. Because.",
        "Probabilité d'être vraie : 50 % avant, 4 % maintenant. Parce que.",
    )
    assert observation(verdict(0.04, "first")) == Text("Because.", "Parce que.")
