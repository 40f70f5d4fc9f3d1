"""A budget for the weeks to come: what each channel should get, what that is worth, and how sure it is.

Profit is margin times the outcome that the plan's money brings (its carry-over after the last week included)
less the money. The proposal maximises its expectation over all posterior draws, not at their mean, and is
compared with the plan in force draw by draw.

For whoever weighs what a test is worth, an `Outlook` is all that is needed, and it is pure: `profits` gives
the profit of many divisions under every draw, `lift` what a pause of a channel would be seen to cost under
the same draws. Row i of both is the same possible world, so that a regression of profits on simulated lifts
gives the expected value of sample information (Strong, Oakley, Brennan & Breeze 2015, Medical Decision Making
35(5)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.media.allocation import Frontier, Group, exchange, frontier
from cmo.media.effects import Response, responses
from cmo.media.fit import Fit

Floats = npt.NDArray[np.float64]

_DRAWS = 1000
_GRID = 33
_CHANGE = 0.01
_YEAR = 52
_SHOWN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a plan may do with one channel, in money over the horizon.

    Attributes:
        low: Least.
        high: Most.
    """

    low: float = 0.0
    high: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a plan is to maximise.

    Attributes:
        margin: Profit per unit of outcome before media: a contribution margin, or a customer's lifetime value
            where the outcome is new customers.
        caution: Weight of the bad cases in [0, 1]: 0 maximises the mean, 1 the mean of the worst cases.
        worst: Part of the draws that are the worst cases, in (0, 1).
    """

    margin: float
    caution: float = 0.0
    worst: float = 0.1

    def of(self, profit: Floats) -> float:
        """The objective, of draws of the profit."""
        if not self.caution:
            return float(profit.mean())
        count = max(1, int(self.worst * len(profit)))
        bad = float(np.partition(profit, count - 1)[:count].mean())
        return (1 - self.caution) * float(profit.mean()) + self.caution * bad


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What each channel would bring over a horizon for every amount of money.

    Attributes:
        channels: Names.
        horizon: First and last day.
        money: Grid of money per channel, shape (grid, channels), from zero.
        outcome: Draws of the outcome brought, shape (draws, grid, channels).
        usual: Money of as many weeks at the pace of the last year, shape (channels,).
    """

    channels: tuple[str, ...]
    horizon: tuple[date, date]
    money: Floats
    outcome: Floats
    usual: Floats

    def brought(self, money: Floats) -> Floats:
        """Draws of the outcome that each channel's money brings, shape (draws, channels)."""
        columns = []
        for c in range(len(self.channels)):
            grid = self.money[:, c]
            place = np.clip(np.searchsorted(grid, money[c], side="right") - 1, 0, len(grid) - 2)
            part = (money[c] - grid[place]) / (grid[place + 1] - grid[place])
            columns.append((1 - part) * self.outcome[:, place, c] + part * self.outcome[:, place + 1, c])
        return np.stack(columns, axis=1)

    def profit(self, money: Floats, *, margin: float) -> Floats:
        """Draws of the profit of a division, shape (draws,)."""
        return np.asarray(margin * self.brought(money).sum(axis=1) - money.sum(), dtype=np.float64)

    def profits(self, divisions: Floats, *, margin: float) -> Floats:
        """Draws of the profit of many divisions.

        Args:
            divisions: Money by channel over the horizon, shape (divisions, channels).
            margin: Profit per unit of outcome before media.

        Returns:
            Shape (draws, divisions).
        """
        return np.stack([self.profit(money, margin=margin) for money in divisions], axis=1)

    def lift(self, channel: str, *, weeks: int, share: float = 1.0) -> Floats:
        """Draws of the outcome that a pause of a channel at its usual pace would cost, shape (draws,).

        Args:
            channel: The channel paused.
            weeks: Length of the pause.
            share: Part of the company's people among whom it is paused, in (0, 1].
        """
        place = self.channels.index(channel)
        horizon = max(1, round(((self.horizon[1] - self.horizon[0]).days + 1) / 7))
        return self.brought(self.usual)[:, place] * share * weeks / horizon

    def expected(self, *, margin: float, grid: Floats) -> Floats:
        """Expected profit per channel at every amount of a grid, shape (grid, channels)."""
        mean = self.outcome.mean(axis=0)
        columns = [np.interp(grid, self.money[:, c], mean[:, c]) for c in range(len(self.channels))]
        return margin * np.stack(columns, axis=1) - grid[:, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A plan beside the plan in force.

    Attributes:
        outlook: What was thought possible.
        aim: What was maximised.
        current: Money of the plan in force, shape (channels,).
        proposed: Money proposed, shape (channels,).
        frontier: The best division of every total, beyond the budget too.
    """

    outlook: Outlook
    aim: Aim
    current: Floats
    proposed: Floats
    frontier: Frontier

    def expected(self) -> tuple[Floats, Floats]:
        """Totals that the bounds allow, and the expected profit of the best division of each."""
        within = np.isfinite(self.frontier.values)
        return self.frontier.totals[within], self.frontier.values[within]

    @property
    def gain(self) -> Floats:
        """Draws of the proposed plan's profit less the current one's, shape (draws,)."""
        ahead = self.outlook.profit(self.proposed, margin=self.aim.margin)
        return ahead - self.outlook.profit(self.current, margin=self.aim.margin)

    @property
    def mroi(self) -> Floats:
        """Draws of the outcome of the next money at the proposal per that money, shape (draws, channels)."""
        change = _CHANGE * np.maximum(self.proposed, self.outlook.usual)
        return (self.outlook.brought(self.proposed + change) - self.outlook.brought(self.proposed)) / change

    def as_mapping(self) -> Mapping[str, Any]:
        """The plan in the shape of the command line's JSON."""
        margin = self.aim.margin
        gain, mroi = self.gain, self.mroi
        totals, values = self.expected()
        shown = np.unique(np.linspace(0, len(totals) - 1, _SHOWN).round().astype(int))
        top = int(values.argmax())
        return {
            "budget": float(self.proposed.sum()),
            "horizon": [day.isoformat() for day in self.outlook.horizon],
            "current": {"profit": summary(self.outlook.profit(self.current, margin=margin))},
            "proposed": {"profit": summary(self.outlook.profit(self.proposed, margin=margin))},
            "gain": {**summary(gain), "probability_positive": float((gain > 0).mean())},
            "frontier": [{"budget": float(totals[i]), "profit": float(values[i])} for i in shown],
            "best_budget": {
                "budget": float(totals[top]),
                "profit": float(values[top]),
                "beyond_experience": bool(top == len(totals) - 1),
            },
            "allocation": [
                {
                    "channel": name,
                    "current": float(self.current[c]),
                    "proposed": float(self.proposed[c]),
                    "mroi": summary(mroi[:, c]),
                }
                for c, name in enumerate(self.outlook.channels)
            ],
        }


def summary(draws: Floats) -> dict[str, float]:
    """Mean and central 90 % interval of draws."""
    low, high = np.quantile(draws, [0.05, 0.95])
    return {"mean": float(draws.mean()), "q05": float(low), "q95": float(high)}


def look_ahead(fit: Fit, *, horizon: tuple[date, date], reach: float = 4.0, most: float = 0.0) -> Outlook:
    """Tabulate what each channel would bring over a horizon that starts after the window.

    Money is spread evenly over the weeks; exposure follows money at the price of the window.

    Args:
        fit: The posterior.
        horizon: First and last day.
        reach: How far to look, in multiples of the usual pace.
        most: Look at least as far as this amount of money in a channel.

    Returns:
        Draws of the outcome on a grid of money.
    """
    weeks = max(1, round(((horizon[1] - horizon[0]).days + 1) / 7))
    recent = fit.mix.spend[-52:]
    usual = recent.mean(axis=0) * weeks
    drawn = responses(fit, draws=_DRAWS)
    grids, outcomes = [], []
    for c, response in enumerate(drawn):
        top = max(reach * max(usual[c], fit.mix.spend[:, c].mean() * weeks), 1.02 * most)
        grid = top * np.linspace(0.0, 1.0, _GRID) ** 1.5
        grids.append(grid)
        outcomes.append(brought(response, grid, weeks=weeks))
    return Outlook(
        channels=fit.mix.names,
        horizon=horizon,
        money=np.stack(grids, axis=1),
        outcome=np.stack(outcomes, axis=2),
        usual=usual,
    )


def propose(
    outlook: Outlook,
    *,
    aim: Aim,
    current: Floats,
    bounds: tuple[Bounds, ...],
    groups: tuple[Group, ...] = (),
    budget: float | None = None,
) -> Proposal:
    """The division of a budget with the greatest objective under bounds.

    Args:
        outlook: What money would bring.
        aim: What to maximise.
        current: Money of the plan in force, shape (channels,).
        bounds: What may be done with each channel.
        groups: Channels bounded together.
        budget: Money in all; without one, the total is chosen too.

    Returns:
        The proposal beside the plan in force.

    Raises:
        ValueError: Minima exceed the budget, or no division respects all bounds.
    """
    low = np.array([bound.low for bound in bounds])
    high = np.minimum(np.array([bound.high for bound in bounds]), outlook.money[-1])
    if budget is not None and low.sum() > budget * (1 + 1e-9):
        raise ValueError(f"the minima add up to {low.sum():.0f}, more than the budget of {budget:.0f}")
    every = float(np.minimum(high, outlook.money[-1]).sum())

    def up_to(most: float) -> Frontier:
        return frontier(
            lambda grid: outlook.expected(margin=aim.margin, grid=grid),
            low=low,
            high=high,
            most=most,
            groups=groups,
        )

    wide = up_to(every)
    division = wide.best() if budget is None else _spent(up_to(budget), budget=budget)
    total = float(division.sum()) if budget is None else budget
    division = _settled(division, low=low, high=high, total=total)
    polished = exchange(
        lambda money: aim.of(outlook.profit(money, margin=aim.margin)),
        division,
        low=low,
        high=high,
        groups=groups,
        total=total,
    )
    return Proposal(outlook=outlook, aim=aim, current=current, proposed=polished, frontier=wide)


def _spent(found: Frontier, *, budget: float) -> Floats:
    """The best division of a budget, where the bounds let it be spent."""
    division = found.at(budget)
    short = budget - float(division.sum())
    if short > 2 * (found.totals[1] - found.totals[0]):
        raise ValueError(
            f"the bounds let {division.sum():.0f} of the budget of {budget:.0f} be spent: raise a maximum or "
            "a group's most, or lower the budget"
        )
    return division


def _settled(division: Floats, *, low: Floats, high: Floats, total: float) -> Floats:
    """The division off its grid: within every bound, and adding up to the total."""
    held = np.clip(division, low, high)
    gap = total - held.sum()
    room = high - held if gap > 0 else held - low
    room = np.where(np.isfinite(room), room, 0.0)
    return held + gap * room / room.sum() if room.sum() > abs(gap) else held


def brought(response: Response, grid: Floats, *, weeks: int) -> Floats:
    """Outcome of money over and after the horizon, beyond what earlier weeks still bring: (draws, grid).

    All else stays at its usual pace: where media multiply, money works on what is sold then, which is taken
    to be what was sold in the same weeks of the last year.
    """
    spend = response.channel.spend
    lags = response.weights.shape[1]
    pace = float(spend[-_YEAR:].mean()) * weeks
    per_money = response.stimulus[:, -len(spend) :].sum(axis=1) / spend.sum()
    history = response.stimulus[:, -lags:]
    idle = np.concatenate([history, np.zeros((len(history), weeks + lags))], axis=1)
    year = response.outcome[-_YEAR:]
    ahead = year[np.arange(weeks + lags) % len(year)]

    def push(money: float) -> Floats:
        path = idle.copy()
        path[:, lags : lags + weeks] = money / weeks * per_money[:, None]
        return response.weekly(path)[:, lags:]

    usual = push(pace)
    without = -response.gained(usual - push(0.0), ahead).sum(axis=1)
    out = np.empty((len(usual), len(grid)))
    for i, money in enumerate(grid):
        out[:, i] = -response.gained(usual - push(money), ahead).sum(axis=1) - without
    return out
