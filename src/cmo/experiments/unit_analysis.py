"""A randomised test of units analysed as it was promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from cmo.experiments.adjustment import Adjustment, contrast, stratified_contrast
from cmo.experiments.bayes import posterior
from cmo.experiments.checks import (
    Check,
    balance,
    carry_over,
    duplicates,
    nearest_plan,
    novelty,
    sample_ratio,
)
from cmo.experiments.contrast import Contrast, Effect, Inference
from cmo.experiments.counting import SIZE
from cmo.experiments.early import Moment, as_promised, to_expect
from cmo.experiments.findings import Reading, Tails
from cmo.experiments.metric import Mean, Metric, Quantile, Ratio, metric_of
from cmo.experiments.moments import Moments, MomentTable
from cmo.experiments.quantiles import OrderInterval, quantile_contrast
from cmo.experiments.ratio import CAREFUL_BASELINE, Relative, relative_effect, weakness
from cmo.experiments.registration import Registration, Stopping
from cmo.experiments.segments import segment_effects
from cmo.experiments.shrinkage import History, shrunk
from cmo.measures import LANGUAGES, Text, Unit

_SHARE, _COUNT = Unit("share"), Unit("count")
PRE = "pre_"
"""What begins the name of a column that was known before the test."""
HEAVY = 0.1
"""Precision gained by cutting the largest values from which on they are said to weigh on the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """A test's units, counted.

    Attributes:
        table: Moments by variant, stratum and day; of cluster totals where clusters were drawn.
        metrics: What is compared, as it is written: columns, ratios, quantiles.
        repeated: Rows that repeat a unit.
        cut: The same moments with the deciding metric cut, and the threshold; none where not asked for.
        segments: Moments of the deciding metric by segment and variant.
        orders: Order statistics of each quantile that is compared, by variant.
        split: Groups that are in more than one variant, where whole groups were to be drawn.
    """

    table: MomentTable
    metrics: tuple[str, ...]
    repeated: int
    cut: tuple[MomentTable, float, float] | None = None
    segments: Mapping[str, Mapping[str, Moments]] | None = None
    orders: Mapping[str, Mapping[str, OrderInterval]] = field(default_factory=dict)
    split: int = 0


def unit_checks(units: Units, registration: Registration, *, planned: bool) -> tuple[Check, ...]:
    """What must hold before the result is believed.

    Args:
        units: The counts.
        registration: What was promised.
        planned: Whether shares were promised; otherwise the nearest even or round split is taken.
    """
    arms = {name: part for name, part in units.table.by_arm().items() if part.n >= 2}
    counts = {name: part.n for name, part in arms.items()}
    plan = dict(registration.shares) if planned else nearest_plan(counts)
    missing = [name for name in plan if name not in counts]
    rows = round(sum(_rows(part) for part in arms.values()))
    checks = [
        *([_variants(plan, counts)] if set(plan) != set(counts) else []),
        sample_ratio({**dict.fromkeys(missing, 0.0), **counts}, plan),
        duplicates(rows, rows - units.repeated),
    ]
    control = registration.control
    if control not in arms:
        return tuple(checks)
    if registration.cluster is not None:
        checks.append(_clusters(registration.cluster, arms))
        if units.split:
            checks.append(_torn(registration.cluster, units.split))
    covariates = covariates_of(units, registration)
    checks.append(balance(arms, covariates, control=control))
    before = f"{PRE}{registration.metric}"
    if before in covariates:
        checks.append(carry_over(arms, before, control=control))
    metric = _metric(registration.metric, units, registration)
    if not isinstance(metric, Quantile):
        checks += [
            novelty(units.table.by_day(), metric, control=control, treated=name)
            for name in sorted(arms)
            if name != control
        ]
    return tuple(checks)


def _rows(part: Moments) -> float:
    """Units behind a group: those of its clusters, where clusters were drawn."""
    return part.n * float(part.mean[part.columns.index(SIZE)]) if SIZE in part.columns else part.n


FEW_CLUSTERS = 20
"""Below so many clusters in a variant, errors worked out from their spread are too small."""


def _torn(name: str, split: int) -> Check:
    says = Text(
        f"{split} groups of {name} are in more than one variant, though whole groups were to be drawn.",
        f"{split} groupes ({name}) sont dans plusieurs variantes, alors que le tirage devait les garder "
        "entiers.",
    )
    return Check(code="torn_groups", passed=False, p=None, says=says, vital=True)


def _clusters(name: str, arms: Mapping[str, Moments]) -> Check:
    told = ", ".join(f"{arm}: {part.n:.0f}" for arm, part in sorted(arms.items()))
    enough = min(part.n for part in arms.values()) >= FEW_CLUSTERS
    says = (
        Text(
            f"Groups were drawn by {name}, and errors are those of groups ({told}).",
            f"Des groupes ont été tirés ({name}), et les erreurs sont celles des groupes ({told}).",
        )
        if enough
        else Text(
            f"Few groups were drawn by {name} ({told}): below {FEW_CLUSTERS} in a variant, errors are told "
            "too small.",
            f"Peu de groupes tirés ({name} ; {told}) : sous {FEW_CLUSTERS} par variante, les erreurs "
            "paraissent trop petites.",
        )
    )
    return Check(code="clusters", passed=enough, p=None, says=says)


def _variants(plan: Mapping[str, float], counts: Mapping[str, float]) -> Check:
    promised, found = (", ".join(sorted(names)) for names in (plan, counts))
    says = Text(
        f"The variants are not those that were promised: {promised} were, {found} came.",
        f"Les variantes ne sont pas celles promises : {promised} promises, {found} trouvées.",
    )
    return Check(code="variants", passed=False, p=None, says=says, vital=True)


def covariates_of(units: Units, registration: Registration) -> tuple[str, ...]:
    """What the metric is adjusted for: what was promised, or all that was known before; only what varies."""
    pooled = Moments.pooled(units.table.by_arm().values())
    varying = [name for i, name in enumerate(pooled.columns) if pooled.scatter[i, i] > 0.0]
    asked = registration.covariates or tuple(name for name in pooled.columns if name.startswith(PRE))
    return tuple(name for name in asked if name in varying)


def unit_readings(
    units: Units,
    registration: Registration,
    moment: Moment,
    *,
    metric: str,
    history: History | None = None,
) -> tuple[tuple[Reading, ...], bool]:
    """The effect of each variant on a metric, as promised, and whether the rule ends the test.

    Args:
        units: The counts.
        registration: What was promised.
        moment: How far the test has come.
        metric: Which metric.
        history: What past tests teach, for the deciding metric.

    Raises:
        ValueError: The control is not there, or its level cannot be told from zero.
    """
    arms = {name: part for name, part in units.table.by_arm().items() if part.n >= 2}
    variants = [name for name in sorted(arms) if name != registration.control]
    ended = False
    found = []
    for name in variants:
        fixed, control, treated = _relative(arms, registration, units, metric=metric, treated=name)
        if registration.stopping is Stopping.AT_THE_END:
            effect, crossed = _once(arms, registration, units, metric=metric, treated=name), False
        else:
            effect, crossed = as_promised(fixed, registration, moment, variants=len(variants))
        ended = ended or crossed
        told = reading(name, metric, control=control, treated=treated, effect=effect, history=history)
        if crossed and registration.stopping is Stopping.PLANNED_LOOKS:
            due = to_expect(fixed, registration, moment, variants=len(variants))
            told = replace(told, to_expect=due)
        found.append(told)
    return tuple(found), ended


def reading(
    variant: str,
    metric: str,
    *,
    control: float,
    treated: float,
    effect: Effect,
    history: History | None = None,
) -> Reading:
    """An effect with its Bayesian readings: flat, and after what past tests teach."""
    belief = posterior(effect.estimate, effect.se)
    return Reading(
        variant=variant,
        metric=metric,
        control=control,
        treated=treated,
        effect=effect,
        chance_positive=belief.chance_positive,
        loss_if_chosen=belief.loss_if_chosen,
        loss_if_refused=belief.loss_if_refused,
        believed=None if history is None else shrunk(effect.estimate, effect.se, history=history),
    )


def heavy_tails(units: Units, registration: Registration) -> tuple[Tails, Check] | None:
    """What the largest values of the deciding metric do to the first variant; none where nothing was cut."""
    if units.cut is None or registration.metric in units.orders:
        return None
    table, threshold, share = units.cut
    arms = {name: part for name, part in units.table.by_arm().items() if part.n >= 2}
    cut_arms = {name: part for name, part in table.by_arm().items() if part.n >= 2}
    treated = next((name for name in sorted(arms) if name != registration.control), None)
    if treated is None or registration.control not in arms:
        return None
    cut_units = replace(units, table=table)
    metric = registration.metric
    raw, *_ = _relative(arms, registration, units, metric=metric, treated=treated)
    cut, *_ = _relative(cut_arms, registration, cut_units, metric=metric, treated=treated)
    gained = 1.0 - cut.se / raw.se
    told = Tails(threshold=threshold, share_cut=share, effect=cut, precision_gained=gained)
    heavy = gained > HEAVY
    figures = (cut.estimate, cut.low, cut.high)
    en, fr = ([_SHARE.write(one, to) for one in figures] for to in LANGUAGES)
    at = [_COUNT.write(threshold, to) for to in LANGUAGES]
    says = (
        Text(
            f"A few very large values weigh on the result: cut at {at[0]}, the effect is {en[0]} "
            f"({en[1]} to {en[2]}).",
            f"Quelques valeurs très grandes pèsent sur le résultat : coupées à {at[1]}, l’effet est de "
            f"{fr[0]} ({fr[1]} à {fr[2]}).",
        )
        if heavy
        else Text(
            "No handful of very large values carries the result.",
            "Le résultat ne tient pas à une poignée de valeurs très grandes.",
        )
    )
    return told, Check(code="heavy_tails", passed=not heavy, p=None, says=says)


def by_segment(
    units: Units, registration: Registration
) -> tuple[Mapping[str, tuple[float, float, float]], Check] | None:
    """Effects by segment, drawn toward their mean, and whether they differ; none with fewer than two."""
    effects = {}
    metric = _metric(registration.metric, units, registration)
    if isinstance(metric, Quantile):
        return None
    for name, arms in (units.segments or {}).items():
        live = {arm: part for arm, part in arms.items() if part.n >= 30}
        treated = next((arm for arm in sorted(live) if arm != registration.control), None)
        if treated is None or registration.control not in live:
            continue
        try:
            part = contrast(live, metric, control=registration.control, treated=treated)
            found = relative_effect(part)
        except ValueError:
            continue
        if found.se > 0.0:
            effects[name] = (found.estimate, found.se)
    if len(effects) < 2:
        return None
    told = segment_effects(effects)
    alike = told.p_differ >= 0.05
    p = f"{told.p_differ:.2g}"
    says = (
        Text(
            f"Segments do not differ beyond chance (p = {p}).",
            f"Les segments ne diffèrent pas au-delà du hasard (p = {p.replace('.', ',')}).",
        )
        if alike
        else Text(
            f"Segments respond differently (p = {p}).",
            f"Les segments répondent différemment (p = {p.replace('.', ',')}).",
        )
    )
    check = Check(code="segments", passed=alike, p=told.p_differ, says=says)
    return {name: (of.estimate, of.low, of.high) for name, of in told.of.items()}, check


def _once(
    arms: Mapping[str, Moments], registration: Registration, units: Units, *, metric: str, treated: str
) -> Effect:
    """The effect of a test that is read once: its variants share the error evenly (Bonferroni)."""
    part = _contrast(arms, registration, units, metric=metric, treated=treated)
    variants = max(len(arms) - 1, 1)
    level = 1.0 - (1.0 - registration.level) / variants
    effect = _careful(part, Inference(level=level, alternative=registration.alternative))
    return replace(effect, p=min(1.0, variants * effect.p))


def _relative(
    arms: Mapping[str, Moments], registration: Registration, units: Units, *, metric: str, treated: str
) -> tuple[Effect, float, float]:
    part = _contrast(arms, registration, units, metric=metric, treated=treated)
    return _careful(part, Inference(level=registration.level)), part.control, part.treated


def _careful(part: Contrast, inference: Inference) -> Effect:
    """The relative effect by Fieller's interval as soon as the baseline is a little weak."""
    weak = part.baseline != 0.0 and weakness(part, inference) > CAREFUL_BASELINE
    return relative_effect(part, inference, by=Relative.FIELLER if weak else None)


def _contrast(
    arms: Mapping[str, Moments], registration: Registration, units: Units, *, metric: str, treated: str
) -> Contrast:
    control = registration.control
    of = _metric(metric, units, registration)
    if isinstance(of, Quantile):
        orders = units.orders[metric]
        missing = [name for name in (control, treated) if name not in orders]
        if missing:
            raise ValueError(f"arm {missing[0]!r} has fewer than two units with a value of {of.column}")
        return quantile_contrast(orders[control], orders[treated])
    adjustment = Adjustment(covariates=_adjusted_for(of, units, registration))
    if registration.strata is None:
        return contrast(arms, of, control=control, treated=treated, adjustment=adjustment)
    strata = comparable(units.table.by_stratum(), (control, treated))
    return stratified_contrast(strata, of, control=control, treated=treated, adjustment=adjustment)


def comparable(
    strata: Mapping[str, Mapping[str, Moments]], arms: Sequence[str]
) -> dict[str, Mapping[str, Moments]]:
    """Strata in which every arm has units enough; those that miss some are counted with the smallest one.

    Raises:
        ValueError: No stratum holds every arm.
    """
    whole = {name: of for name, of in strata.items() if all(arm in of and of[arm].n >= 2 for arm in arms)}
    if not whole:
        raise ValueError(f"no stratum holds units of both {' and '.join(arms)}")
    rest = [of for name, of in strata.items() if name not in whole]
    out: dict[str, Mapping[str, Moments]] = dict(whole)
    if rest:
        least = min(whole, key=lambda name: sum(part.n for part in whole[name].values()))
        parts = [whole[least], *rest]
        names = sorted({arm for of in parts for arm in of})
        out[least] = {arm: Moments.pooled(of[arm] for of in parts if arm in of) for arm in names}
    return out


def _metric(written: str, units: Units, registration: Registration) -> Metric | Quantile:
    """What is compared: a mean of units is a ratio of totals where clusters were drawn."""
    of = metric_of(written, units.table.columns)
    return Ratio(of.column, SIZE) if isinstance(of, Mean) and registration.cluster is not None else of


def _adjusted_for(metric: Metric, units: Units, registration: Registration) -> tuple[Metric, ...]:
    """Metrics of the time before; for a ratio the same ratio then, where both its parts were known."""
    columns = list(covariates_of(units, registration))
    if registration.cluster is not None:
        return tuple(Ratio(name, SIZE) for name in columns)
    if isinstance(metric, Ratio):
        above, below = f"{PRE}{metric.numerator}", f"{PRE}{metric.denominator}"
        arms = units.table.by_arm().values()
        known = {above, below} <= set(columns) and all(
            part.n > 0 and part.mean[part.columns.index(below)] != 0.0 for part in arms
        )
        if known:
            rest = [Mean(name) for name in columns if name not in {above, below}]
            return (Ratio(above, below), *rest)
    return tuple(Mean(name) for name in columns)


def assigned_days(table: MomentTable) -> tuple[date, ...]:
    """Days on which units were assigned; empty where they are not known."""
    return tuple(day for day in table.days if day != date.min)
