"""What a rule decides from: the evidence, the strategy in force and what was found of its beliefs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.measures import Estimate, Grade, Text, Unit
from cmo.strategy.decisions.curves import Bounds, Curves, curves_of
from cmo.strategy.decisions.decision import Alignment, Basis, Range
from cmo.strategy.document import Strategy
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stance, Verdict

Floats = npt.NDArray[np.float64]

COST_OF_AN_HOUR: Final = 50.0
"""What an hour of the team is counted at where strategy.yaml gives nobody's `cost_per_hour`."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that is known when it is decided.

    Attributes:
        evidence: Joint draws and honest gaps.
        strategy: The strategy in force.
        verdicts: What the last confrontation found of its beliefs.
        currency: The company's.
        today: The day of the review.
    """

    evidence: Evidence
    strategy: Strategy
    verdicts: tuple[Verdict, ...]
    currency: str
    today: date

    def estimate(self, measure: str, by: str | None = None) -> Estimate | None:
        """The estimate of a measure told by one kind of subjects; none where there is none."""
        found = (one for one in self.evidence.of(measure) if by in (None, one.by))
        return next(found, None)

    def whole(self, measure: str) -> Floats | None:
        """Draws of what a measure says of the whole company, shape (draws,)."""
        for one in self.evidence.of(measure):
            if one.whole is not None:
                return np.asarray(one.draws[:, one.column(one.whole)], dtype=np.float64)
        return None

    @cached_property
    def margin(self) -> Floats | None:
        """Draws of the margin per unit of revenue; none where margins are not known."""
        earned, sold = self.whole("sales.contribution"), self.whole("sales.revenue")
        if earned is None or sold is None or len(earned) != len(sold) or (sold <= 0).any():
            return None
        return np.asarray(earned / sold, dtype=np.float64)

    @cached_property
    def curves(self) -> Curves | None:
        """What money would bring in each channel; none where it is not measured."""
        response = self.estimate("media.response")
        return None if response is None else curves_of(response)

    @cached_property
    def current(self) -> Floats:
        """Money of the plan in force by channel of the curves; the usual pace where the plan is silent."""
        curves = self.curves
        if curves is None:
            return np.zeros(0)
        planned = {} if self.strategy.plan is None else self.strategy.plan.channels
        said = {name: channel.spend for name, channel in planned.items()}
        # Without a plan the amounts are multiples of the usual pace up to four times as much.
        return curves.amounts(said, otherwise=curves.money[-1] / 4)

    @cached_property
    def bounds(self) -> Bounds:
        """What the plan allows to be done with each channel of the curves."""
        curves = self.curves
        names = () if curves is None else curves.channels
        planned = {} if self.strategy.plan is None else self.strategy.plan.channels
        low = [0.0 if name not in planned else planned[name].min or 0.0 for name in names]
        high = [np.inf if name not in planned else _or_inf(planned[name].max) for name in names]
        return Bounds(low=np.array(low), high=np.array(high))

    @property
    def hour(self) -> float:
        """What an hour of the team costs, on average."""
        known = [one.cost_per_hour for one in self.strategy.team if one.cost_per_hour is not None]
        return sum(known) / len(known) if known else COST_OF_AN_HOUR

    def owner(self, *skills: str) -> str | None:
        """Who of the team is best at the first of these skills that anybody has, if anybody has one."""
        for skill in skills:
            able = [(one.skills[skill], one.id) for one in self.strategy.team if skill in one.skills]
            if able:
                return max(able)[1]
        return None

    def basis(
        self,
        *measures: str,
        touching: Sequence[str] = (),
        against: bool = False,
        grade: Grade | None = None,
    ) -> Basis:
        """The evidence of a decision, and how it stands to the beliefs about what it touches.

        Args:
            measures: Names of the measures it is drawn from.
            touching: Subjects (channels, tests …) that it changes.
            against: Whether it leaves what the plan allows.
            grade: Grade of the effect it turns on; without it the weakest of those measures.
        """
        found = [one for name in measures for one in self.evidence.of(name)]
        grades = [one.grade for one in found] or [Grade.E]
        areas = {name.partition(".")[0] for name in measures}
        about = [
            one
            for one in self.verdicts
            if one.claim is not None
            and one.claim.of in touching
            and one.claim.measure.partition(".")[0] in areas
        ]
        corrected = [one for one in about if one.stance is Stance.REFUTED]
        return Basis(
            measures=measures,
            grade=max(grades, key=lambda one: one.value) if grade is None else grade,
            beliefs=tuple(one.belief for one in (corrected or about)),
            alignment=Alignment.CORRECTIVE if corrected or against else Alignment.COHERENT,
        )

    def amount(self, value: float) -> Text:
        """Money as a person reads it."""
        unit = Unit(self.currency)
        return Text(unit.write(value, "en"), unit.write(value, "fr"))

    def spread(self, told: Range) -> Text:
        """`€2,200 (-€5,500 to €14,500)`, to about three digits."""
        unit = Unit(self.currency)
        said = told.rounded()
        en, fr = (
            [unit.write(x, to, beside=1000.0) for x in (said.mean, said.q05, said.q95)] for to in ("en", "fr")
        )
        return Text(f"{en[0]} ({en[1]} to {en[2]})", f"{fr[0]} ({fr[1]} à {fr[2]})")


def _or_inf(value: float | None) -> float:
    return np.inf if value is None else value
