"""Which markets to treat, for how long, to see which effect at which cost: tried on the company's own past.

Candidates are groups of markets that move alike. Each is treated in the past, where nothing happened, with
effects put in by hand; the smallest effect that the analysis finds is what the design can detect.

References:
    Meta Open Source, GeoLift (2022), "Walkthrough": the search, its ranking and its figures are reproduced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cmo.experiments.conformal import Orders, residual_p
from cmo.experiments.contrast import Alternative
from cmo.experiments.moments import Floats
from cmo.experiments.synthetic_control import synthetic_control

ENOUGH_POWER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Outcomes of markets over time, before any test.

    Attributes:
        markets: Names, sorted.
        outcomes: Shape (times, markets).
    """

    markets: tuple[str, ...]
    outcomes: Floats

    def index(self, names: Sequence[str]) -> npt.NDArray[np.intp]:
        """Columns of some markets.

        Raises:
            ValueError: A market is not in the history.
        """
        unknown = [name for name in names if name not in self.markets]
        if unknown:
            raise ValueError(
                f"market {unknown[0]!r} has no history: name one of {', '.join(self.markets[:8])} …"
            )
        return np.array([self.markets.index(name) for name in names], dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a design may be.

    Attributes:
        sizes: Numbers of treated markets.
        durations: Lengths of the test in periods.
        effects: Relative effects to be tried; 0 shows how often nothing is taken for something.
        include: Markets that must be treated.
        exclude: Markets that must not be treated; they stay donors.
        lookback: Number of past windows in which each design is tried.
        alpha: Level of the test.
        one_sided: Whether only effects of the sign put in count as found.
        cost_per_unit: Cost of one unit of incremental outcome.
        budget: Most that the test may cost, in the same money; none where not limited.
        holdout: Least and largest share of outcome left alone; none where not limited.
    """

    sizes: tuple[int, ...]
    durations: tuple[int, ...]
    effects: tuple[float, ...] = (0.0, 0.05, 0.1, 0.15, 0.2)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    lookback: int = 1
    alpha: float = 0.1
    one_sided: bool = False
    cost_per_unit: float = 1.0
    budget: float | None = None
    holdout: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a design found of one effect put into the past.

    Attributes:
        effect: Relative effect put in.
        power: Share of windows in which it was found.
        detected: Mean relative effect found.
        att: Mean effect found per market and period.
        scaled_l2: Mean imbalance before the test; 0 is perfect.
        investment: What an effect of this size costs.
    """

    effect: float
    power: float
    detected: float
    att: float
    scaled_l2: float
    investment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A group of markets with the smallest effect it can detect.

    Attributes:
        markets: Treated markets, sorted.
        duration: Periods of the test.
        found: The trial at the smallest detectable effect.
        share: Share of all outcome in the treated markets.
        bias: Absolute difference of effect found and effect put in, to three decimals.
        holdout: Share of outcome left alone.
        correlation: Of treated and other markets over the history.
        rank: 1 is best; equals share a rank.
    """

    markets: tuple[str, ...]
    duration: int
    found: Trial
    share: float
    bias: float
    holdout: float
    correlation: float
    rank: int = 0


def similar_groups(history: History, size: int, *, search: Search) -> tuple[tuple[str, ...], ...]:
    """Each market with those most correlated with it, as groups of a size."""
    kept = [name for name in history.markets if name not in search.exclude]
    columns = history.index(kept)
    correlation = np.corrcoef(history.outcomes[:, columns].T)
    nearest = np.argsort(-correlation, axis=1, kind="stable")
    groups = {tuple(sorted(kept[j] for j in row[:size])) for row in nearest}
    return tuple(sorted(group for group in groups if set(search.include) <= set(group)))


def power_curve(
    history: History,
    markets: Sequence[str],
    *,
    duration: int,
    search: Search,
    orders: Mapping[tuple[int, int], Orders],
) -> tuple[Trial, ...]:
    """Effects found when a design is tried on past windows.

    Args:
        history: The past.
        markets: Treated markets.
        duration: Periods of the test.
        search: Effects, windows and level.
        orders: Placements by length of calendar and of test, from `placements`.
    """
    treated = history.index(markets)
    donors = np.delete(history.outcomes, treated, axis=1)
    target = history.outcomes[:, treated].mean(axis=1)
    windows = []
    for back in range(search.lookback):
        end = len(target) - back
        windows.append(
            _tried(target[:end], donors[:end], duration=duration, search=search, orders=orders[end, duration])
        )
    p, detected, att, scaled_l2 = np.mean(windows, axis=0)
    cost = search.cost_per_unit * np.mean(
        [
            history.outcomes[len(target) - back - duration : len(target) - back, treated].sum()
            for back in range(search.lookback)
        ]
    )
    return tuple(
        Trial(
            effect=effect,
            power=float(p[i]),
            detected=float(detected[i]),
            att=float(att[i]),
            scaled_l2=float(scaled_l2[i]),
            investment=float(cost * effect),
        )
        for i, effect in enumerate(search.effects)
    )


def _tried(target: Floats, donors: Floats, *, duration: int, search: Search, orders: Orders) -> Floats:
    """Found (0 or 1), lift, effect and imbalance for each effect put in, shape (4, effects)."""
    pre = len(target) - duration
    fit = synthetic_control(target, donors, pre=pre)
    out = np.empty((4, len(search.effects)))
    for i, effect in enumerate(search.effects):
        raised = target.copy()
        raised[pre:] *= 1.0 + effect
        gain = raised[pre:] - fit.counterfactual[pre:]
        alternative = Alternative.DIFFERENT
        if search.one_sided:
            alternative = Alternative.GREATER if effect > 0.0 else Alternative.LESS
        gap = synthetic_control(raised, donors, pre=len(target)).gap
        found = residual_p(gap, orders, alternative=alternative) < search.alpha
        out[:, i] = float(found), gain.sum() / fit.counterfactual[pre:].sum(), gain.mean(), fit.scaled_l2
    return out


def placements(
    history: History, search: Search, *, rng: np.random.Generator, draws: int = 1000
) -> dict[tuple[int, int], Orders]:
    """Random placements of the test for every calendar and duration that a search needs."""
    times = len(history.outcomes)
    return {
        (times - back, duration): Orders(times - back, duration, draws=draws, rng=rng)
        for back in range(search.lookback)
        for duration in search.durations
    }


def smallest_detectable(trials: Sequence[Trial]) -> Trial | None:
    """The trial of the smallest effect found often enough, in either direction; none where none was."""
    found = [trial for trial in trials if trial.power > ENOUGH_POWER]
    if not any(trial.effect != 0.0 for trial in found):
        return None
    return min(
        (trial for trial in found if trial.effect != 0.0),
        key=lambda trial: (abs(trial.effect), -trial.effect),
    )


def select_markets(history: History, search: Search, *, rng: np.random.Generator) -> tuple[Design, ...]:
    """Every design within the limits, best first.

    Args:
        history: Outcomes before the test.
        search: What a design may be.
        rng: Draws the placements of the conformal test.

    Returns:
        Designs ranked by the smallest effect they detect, their power and their bias.

    Raises:
        ValueError: A market is unknown, or both included and excluded.
    """
    history.index((*search.include, *search.exclude))
    if set(search.include) & set(search.exclude):
        raise ValueError(f"{min(set(search.include) & set(search.exclude))!r} is both included and excluded")
    orders = placements(history, search, rng=rng)
    designs = []
    for size in search.sizes:
        for markets in similar_groups(history, size, search=search):
            for duration in search.durations:
                trials = power_curve(history, markets, duration=duration, search=search, orders=orders)
                found = smallest_detectable(trials)
                if found is not None:
                    designs.append(_design(history, markets, duration=duration, found=found))
    ranked = _ranked(designs)
    kept = [design for design in ranked if _allowed(design, search)]
    ranks = [design.rank for design in kept]
    return tuple(
        replace(design, rank=1 + sum(rank < design.rank for rank in ranks))
        for design in sorted(
            kept, key=lambda design: (design.rank, ", ".join(design.markets), design.duration)
        )
    )


def _design(history: History, markets: tuple[str, ...], *, duration: int, found: Trial) -> Design:
    treated = history.index(markets)
    totals = history.outcomes.sum(axis=0)
    share = float(totals[treated].sum() / totals.sum())
    own = history.outcomes[:, treated].sum(axis=1)
    rest = history.outcomes.sum(axis=1) - own
    return Design(
        markets=markets,
        duration=duration,
        found=found,
        share=share,
        bias=round(abs(found.detected - found.effect), 3),
        holdout=share if found.effect < 0.0 else 1.0 - share,
        correlation=float(np.corrcoef(own, rest)[0, 1]),
    )


def _ranked(designs: Sequence[Design]) -> list[Design]:
    if not designs:
        return []
    columns = [
        [abs(design.found.effect) for design in designs],
        [design.found.power for design in designs],
        [design.bias for design in designs],
    ]
    score = np.mean([np.unique(np.array(column), return_inverse=True)[1] for column in columns], axis=0)
    return [
        replace(design, rank=1 + int(np.sum(score < own - 1e-9)))
        for design, own in zip(designs, score, strict=True)
    ]


def _allowed(design: Design, search: Search) -> bool:
    affordable = search.budget is None or abs(design.found.investment) < abs(search.budget)
    held = search.holdout is None or search.holdout[0] <= design.holdout <= search.holdout[1]
    return affordable and held
