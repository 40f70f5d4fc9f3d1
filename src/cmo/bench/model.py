"""What the media model says to a policy: the posterior so far, and the best division of a budget."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from cmo.bench.steering import WEEKS, Seen
from cmo.measures import Window
from cmo.media.design import Channel, Control, Event, Mix
from cmo.media.fit import fit_mix
from cmo.media.plan import Aim, Bounds, Outlook, look_ahead, propose
from cmo.media.regions import Regions
from cmo.media.sampler import Schedule
from cmo.simulation.calendar import feasts
from cmo.strategy.decisions.curves import Curves

Floats = npt.NDArray[np.float64]

SHORT = Schedule(chains=32, warmup=16, draws=40, rounds=0)
LEAST, MOST = 0.5, 2.0
"""How far a quarter's share of a channel may move from the quarter before's."""
NEW = 0.05
"""Part of the budget that any channel may get, however little it had."""
TOO_LITTLE = 1e-6
REFITTED = 2
"""Quarters between two fits of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """What the model thinks of the quarter to come.

    Attributes:
        columns: Positions, among the company's channels, of those the model knows.
        outlook: What money would bring in each of them.
        margin: Margin over revenue.
    """

    columns: tuple[int, ...]
    outlook: Outlook
    margin: float

    @property
    def curves(self) -> Curves:
        """The same as margins, in the words of the judgement floor."""
        start, end = self.outlook.horizon
        return Curves(
            channels=self.outlook.channels,
            horizon=Window(start=start, end=end),
            money=self.outlook.money,
            margin=self.margin * self.outlook.outcome,
        )

    def limits(self, budget: float, *, last: Floats, quarters: int = 1) -> tuple[Floats, Floats]:
        """Least and most money by channel known, so many quarters after the one that is told."""
        pace = last * budget / last.sum()
        high = np.maximum(MOST**quarters * pace, NEW * budget)
        return LEAST**quarters * pace, np.minimum(high, self.outlook.money[-1])

    def best(self, budget: float, *, last: Floats) -> Floats:
        """The best division of a budget among the channels known, shape (known,)."""
        limits = zip(*self.limits(budget, last=last), strict=True)
        bounds = tuple(Bounds(low=low, high=high) for low, high in limits)
        aim = Aim(margin=self.margin)
        return propose(self.outlook, aim=aim, current=last, bounds=bounds, budget=budget).proposed


def think(seen: Seen, *, rng: np.random.Generator) -> Thought:
    """Fit the marketing mix to all that was seen, and look a quarter ahead."""
    known = tuple(np.flatnonzero((seen.spend.sum(axis=0) > TOO_LITTLE) & seen.exists).tolist())
    mix = mix_of(seen, known)
    fit = fit_mix(mix, schedule=SHORT, rng=rng)
    horizon = (seen.first, seen.first + timedelta(days=7 * WEEKS - 1))
    most = max(MOST**REFITTED * float(seen.last.max()), seen.budget)
    outlook = look_ahead(fit, horizon=horizon, most=most)
    return Thought(columns=known, outlook=outlook, margin=seen.margin)


@dataclass(slots=True)
class Mind:
    """What a policy keeps from quarter to quarter: its last thought, thought anew every half-year."""

    thought: Thought | None = None

    def ask(self, seen: Seen, *, rng: np.random.Generator) -> Thought:
        """What is thought now."""
        if self.thought is None or seen.quarter % REFITTED == 0:
            self.thought = think(seen, rng=rng)
        return self.thought


def mix_of(seen: Seen, known: tuple[int, ...]) -> Mix:
    """What the company would hand to the model: its regions by week, in which tests show as differences."""
    company, people = seen.market.world.company, seen.market.population
    keys = company.channel_keys
    contacts = np.array([one.impressions for one in seen.past])
    weeks = tuple(one.monday for one in seen.past)
    return Mix(
        weeks=weeks,
        outcome=seen.outcomes.sum(axis=1),
        channels=tuple(
            Channel(name=keys[c], spend=seen.spend[:, c], regional=contacts[:, c].T) for c in known
        ),
        regions=Regions(
            names=tuple(region.name for region in company.regions),
            heads=people.in_region @ people.people,
            outcome=seen.outcomes.T,
        ),
        controls=_controls(seen),
        events=tuple(
            Event(name=feast.key, start=feast.on - timedelta(days=7), end=feast.on)
            for year in range(weeks[0].year, weeks[-1].year + 1)
            for feast in feasts(year)
            if weeks[0] + timedelta(days=7) <= feast.on <= weeks[-1]
        ),
    )


def _controls(seen: Seen) -> tuple[Control, ...]:
    lived = seen.episode.lived[seen.market.world.past :]
    warmth = seen.market.nature.warmth.mean(axis=1)
    told = {
        "price": np.array([w.actions.price for w in lived]),
        "promotion": np.array([w.actions.discount for w in lived]),
        "rival_spend": np.array([w.state.rivals.spend.sum() for w in lived]),
        "rival_price": np.array([w.state.rivals.price.mean() for w in lived]),
        "warmth": np.array([warmth[w.state.week] for w in lived]),
    }
    return tuple(Control(name=name, values=values) for name, values in told.items() if np.ptp(values) > 0)
