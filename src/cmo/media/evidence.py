"""What the media, outcomes and touchpoints of a company say of its channels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from cmo.measures import DRAWS, MEASURES, Doubt, Estimate, Grade, History, Text, Unanswered, Window
from cmo.media.attribution import markov, resampled
from cmo.media.calibration import lifts_of
from cmo.media.checks import (
    collinearity_checks,
    learning_checks,
    link_checks,
    residual_checks,
    sampling_checks,
    withheld,
)
from cmo.media.effects import Effects, Response, measure_effects, responses
from cmo.media.evidence_counts import REVENUE, Weekly, count_paths, count_weeks
from cmo.media.fit import Beliefs, Fit, fit_mix
from cmo.media.media_method import METHOD, reason_of
from cmo.media.response import horizon_of, margin_of, tabulated
from cmo.media.sampler import Schedule
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

MODELLED = ("roi", "mroi", "contribution", "share", "half_life", "saturation", "response")
CUSTOMERS = "new_customers"
ENOUGH = 52
"""Weeks of media and outcomes below which season, trend and media cannot be told apart."""
REVIEWED = Schedule(warmup=24, draws=120, more=60)
"""A review wants its figures soon: chains still run on until they agree."""
SHORT = Schedule(warmup=20, draws=80, more=40, rounds=1)
_OF_CUSTOMERS = Beliefs(share=0.3)
"""Media move people who do not buy yet more than those who do."""
_WEEKS_A_QUARTER = 13
_ATTRIBUTED = 200


def evidence(field: Field, *, rng: np.random.Generator) -> Answers:
    """The `media` measures: those of the marketing mix from one joint posterior, and attributed credit.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    return [*_of_mix(field, rng=rng), *_of_paths(field, rng=rng)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """A fitted outcome with what belongs beside each figure."""

    field: Field
    weekly: Weekly
    fit: Fit
    drawn: tuple[Response, ...]
    effects: Effects
    doubts: tuple[Doubt, ...]
    claimed: tuple[Doubt, ...]

    def estimate(
        self,
        name: str,
        draws: Floats,
        *,
        subjects: Sequence[str],
        by: str = "channel",
        history: History | None = None,
    ) -> Estimate:
        measure = f"media.{name}"
        weeks = self.weekly.weeks
        return Estimate.of_draws(
            measure,
            draws,
            subjects=tuple(subjects),
            by=by,
            unit=MEASURES[measure].unit_in(self.field.company.currency),
            window=Window(start=weeks[0], end=weeks[-1] + timedelta(days=6)),
            as_of=self.field.as_of,
            method=METHOD[name],
            grade=Grade.C,
            tables=tuple(sorted({"media", "outcomes", "context", "events"} & self.field.tables)),
            doubts=(*self.doubts, *self.claimed) if by == "total" else self.doubts,
            history=history,
        )


def _of_mix(field: Field, *, rng: np.random.Generator) -> Answers:
    missing = {"media", "outcomes"} - field.tables
    if missing:
        return _unanswered("no_table", (*MODELLED, "incremental_cac"), unlock=tuple(sorted(missing)))
    weekly = count_weeks(field)
    if REVENUE not in weekly.outcomes:
        return _unanswered("no_revenue", (*MODELLED, "incremental_cac"), unlock=("outcomes",))
    if len(weekly.weeks) < ENOUGH or not weekly.spend:
        return _unanswered("too_short", (*MODELLED, "incremental_cac"), unlock=("media", "outcomes"))
    mix = weekly.mix(REVENUE)
    told = replace(mix, tests=lifts_of(field.strategy.tests, mix))
    fit = fit_mix(told, schedule=REVIEWED, rng=rng, draws=DRAWS)
    drawn = responses(fit)
    effects = measure_effects(fit, drawn)
    checks = (
        *sampling_checks(fit),
        *residual_checks(fit, rng=rng),
        *learning_checks(fit, rng=rng),
        *collinearity_checks(fit, effects),
        *link_checks(fit, effects),
    )
    if withheld(checks):
        return _unanswered("not_converged", (*MODELLED, "incremental_cac"), unlock=())
    account = _Account(
        field=field,
        weekly=weekly,
        fit=fit,
        drawn=drawn,
        effects=effects,
        doubts=tuple(Doubt(code=check.code, says=check.says) for check in checks if check.passed is False),
        claimed=_claimed(weekly),
    )
    return [*_answers(account), _acquisition(account, rng=rng)]


def _answers(account: _Account) -> Answers:
    effects, names = account.effects, account.fit.mix.names
    total = effects.total[:, None]
    contributed, returned = _histories(account)
    return [
        account.estimate("roi", effects.roi, subjects=names, history=returned),
        account.estimate("mroi", effects.mroi, subjects=names),
        account.estimate("contribution", effects.contribution, subjects=names, history=contributed),
        account.estimate("contribution", total, subjects=("total",), by="total"),
        account.estimate("share", effects.share, subjects=names),
        account.estimate("share", total / effects.outcome, subjects=("total",), by="total"),
        account.estimate("half_life", effects.half_life, subjects=names),
        account.estimate("saturation", effects.saturation, subjects=names),
        _ahead(account),
    ]


def _ahead(account: _Account) -> Estimate | Unanswered:
    """What money will bring over the plan's period, draw by draw as the other measures."""
    margin = margin_of(account.field, account.weekly)
    if margin is None:
        return _silent("no_margin", ("response",), unlock=("outcomes.value_per_unit",))[0]
    plan = account.field.strategy.plan
    table = tabulated(
        account.fit.mix,
        account.drawn,
        plan=plan,
        horizon=horizon_of(plan, after=account.weekly.weeks[-1]),
        margin=margin,
    )
    told = account.estimate("response", table.draws, subjects=table.subjects, by="channel@money")
    return replace(told, window=table.horizon)


def _histories(account: _Account) -> tuple[History | None, History | None]:
    """Contribution by quarter of thirteen weeks, and its return for channels that spent in all of them."""
    n = account.fit.mix.n_weeks // _WEEKS_A_QUARTER
    if n < 2:
        return None, None
    first = account.fit.mix.n_weeks - n * _WEEKS_A_QUARTER
    weekly = np.stack([response.brought for response in account.drawn], axis=1)[:, :, first:]
    quarterly = weekly.reshape(*weekly.shape[:2], n, _WEEKS_A_QUARTER).sum(axis=3)
    days = account.weekly.weeks[first:]
    periods = tuple(
        Window(start=days[i * _WEEKS_A_QUARTER], end=days[(i + 1) * _WEEKS_A_QUARTER - 1] + timedelta(days=6))
        for i in range(n)
    )
    spend = account.fit.mix.spend[first:].T.reshape(-1, n, _WEEKS_A_QUARTER).sum(axis=2)
    contributed = History.of_draws(quarterly, periods=periods, cycle=4)
    returned = History.of_draws(quarterly / spend, periods=periods, cycle=4) if (spend > 0).all() else None
    return contributed, returned


def _acquisition(account: _Account, *, rng: np.random.Generator) -> Estimate | Unanswered:
    """Money per customer who would not have come, from a model of the new customers."""
    won = account.weekly.outcomes.get(CUSTOMERS)
    if won is None or not np.ptp(won):
        return _silent("no_customers", ("incremental_cac",), unlock=("outcomes",))[0]
    nation = replace(account.weekly.mix(CUSTOMERS), regions=None)
    fit = fit_mix(nation, beliefs=_OF_CUSTOMERS, schedule=SHORT, rng=rng, draws=DRAWS)
    checks = sampling_checks(fit)
    if withheld(checks):
        return _silent("not_converged", ("incremental_cac",), unlock=())[0]
    return account.estimate("incremental_cac", 1 / measure_effects(fit).roi, subjects=fit.mix.names)


def _of_paths(field: Field, *, rng: np.random.Generator) -> Answers:
    if "touchpoints" not in field.tables:
        return _unanswered("no_table", ("attributed",), unlock=("touchpoints",))
    paths = count_paths(field)
    if paths is None:
        return _unanswered("no_conversion", ("attributed",), unlock=("touchpoints.converted",))
    drawn = np.array([markov(p) for p in resampled(paths, n_draws=_ATTRIBUTED, rng=rng)])
    shares = drawn / drawn.sum(axis=1, keepdims=True)
    return [
        Estimate.of_draws(
            "media.attributed",
            shares[rng.integers(0, _ATTRIBUTED, DRAWS)],
            subjects=paths.channels,
            by="channel",
            unit=MEASURES["media.attributed"].unit_in(field.company.currency),
            window=field.span("touchpoints"),
            as_of=field.as_of,
            method=METHOD["attributed"],
            grade=Grade.D,
            tables=("touchpoints",),
            doubts=(Doubt(code="not_causal", says=reason_of("not_causal")),),
            exact=markov(paths) / paths.converted.sum(),
        )
    ]


def _claimed(weekly: Weekly) -> tuple[Doubt, ...]:
    """What platforms claim of all that was sold, beside what media bring in all."""
    revenue = float(weekly.outcomes[REVENUE].sum())
    if weekly.claimed is None or revenue <= 0:
        return ()
    share = 100 * weekly.claimed / revenue
    says = Text(
        f"Platforms claim {share:.0f} % of your sales.",
        f"Les plateformes revendiquent {share:.0f} % de vos ventes.",
    )
    return (Doubt(code="platforms_claim", says=says),)


def _unanswered(why: str, names: Sequence[str], *, unlock: tuple[str, ...]) -> Answers:
    return [*_silent(why, names, unlock=unlock)]


def _silent(why: str, names: Sequence[str], *, unlock: tuple[str, ...]) -> list[Unanswered]:
    return [Unanswered(measure=f"media.{name}", reason=reason_of(why), unlock=unlock) for name in names]
