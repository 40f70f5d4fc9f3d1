"""How strong each mechanism of a world is, so that a bench can switch one off and see what it broke."""

from dataclasses import dataclass, fields

import numpy as np

DRAWN = 0.6  # probability that a mechanism is at work in a drawn world


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanisms:
    """Strengths: 1 is the mechanism as its module tells it, 0 is a world without it.

    The last four are at work in drawn worlds alone, and not in the demo's.

    Attributes:
        chase: Budgets that follow demand: search by queries, affiliation by last week's sales.
        flights: Television and radio fly together; at 0 radio flies by itself.
        moods: Demand's own weather, of the nation and of regions.
        fame: The slow stock of people who know the brand, as far as advertising fills it.
        depth: The deep trace of memory, which fades seven times slower than the fresh one.
        hearsay: Word of mouth.
        rivalry: Competitors' bursts, their answer when they lose ground, and the promotions they copy.
        promotions: Our promotions, in the sales and on Black Friday.
        tastes: Unequal media habits of people, which correlate with each other.
        loyalty: Channels bring customers of unequal faithfulness.
        fatigue: Too many e-mails drive customers away.
        auctions: Contacts cost more when everybody advertises, and a little more each year.
        drift: What a channel does to people changes from quarter to quarter.
        crisis: For some months demand is lower, or higher, and nobody wrote why.
        misbooking: Spend is booked with errors, and partly in the week after.
    """

    chase: float = 1.0
    flights: float = 1.0
    moods: float = 1.0
    fame: float = 1.0
    depth: float = 1.0
    hearsay: float = 1.0
    rivalry: float = 1.0
    promotions: float = 1.0
    tastes: float = 1.0
    loyalty: float = 1.0
    fatigue: float = 1.0
    auctions: float = 0.0
    drift: float = 0.0
    crisis: float = 0.0
    misbooking: float = 0.0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of all mechanisms."""
        return tuple(field.name for field in fields(cls))

    def at_work(self) -> dict[str, bool]:
        """Which mechanisms are at work."""
        return {name: bool(getattr(self, name)) for name in self.names()}


def draw_mechanisms(rng: np.random.Generator) -> Mechanisms:
    """Switch each mechanism on or off by chance, independently: misses can then be laid at its door."""
    names = Mechanisms.names()
    on = rng.random(len(names)) < DRAWN
    return Mechanisms(**{name: float(works) for name, works in zip(names, on, strict=True)})
