"""From evidence to one list of decisions, with what could not be decided and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.experiments.feasible import Feasible
from cmo.strategy.decisions.budget import expansion, reallocation, savings
from cmo.strategy.decisions.decision import Decision, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.offer import price, products, withdrawals
from cmo.strategy.decisions.openings import openings
from cmo.strategy.decisions.ranking import Ranked, ranked
from cmo.strategy.decisions.rollout import rollouts
from cmo.strategy.decisions.trials import trials
from cmo.strategy.information.worth import Candidate, worthwhile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deliberation:
    """All that a review thinks of doing.

    Attributes:
        decisions: Best first.
        withheld: What the evidence cannot carry, and why.
        tests: Tests that pay, best first.
    """

    decisions: tuple[Ranked, ...]
    withheld: tuple[Withheld, ...]
    tests: tuple[Candidate, ...]


def decide(ground: Ground, designs: Sequence[Feasible], *, rng: np.random.Generator) -> Deliberation:
    """Ask every rule, and put what they propose in one order.

    Args:
        ground: What is known.
        designs: Tests that could be run.
        rng: Source of randomness.
    """
    tests = worthwhile(ground, designs, rng=rng)
    more = expansion(ground)
    answers: list[Decision | Withheld] = [
        reallocation(ground),
        *savings(ground),
        *([] if more is None else [more]),
        *rollouts(ground),
        price(ground),
        *products(ground),
        *withdrawals(ground),
        *openings(ground, designs, rng=rng),
        *trials(ground, tests),
    ]
    proposed = [one for one in answers if isinstance(one, Decision)]
    return Deliberation(
        decisions=ranked(proposed, curves=ground.curves, current=ground.current, hour=ground.hour),
        withheld=tuple(one for one in answers if isinstance(one, Withheld)),
        tests=tests,
    )
