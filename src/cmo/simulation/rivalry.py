"""Competitors: they advertise in bursts, follow our promotions, and answer when they lose ground."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.simulation.company import Company

Floats = npt.NDArray[np.float64]

ADVERTISING = 0.10  # rise of a rival's attraction with its advertising doubled
FADING = 0.70  # weekly retention of its pressure
WATCH = 13  # weeks over which it compares our share
ANSWER = 1.2  # extra pressure for each doubling of our share against what it was used to
FOLLOWING = 0.25  # share of our discount that it copies three weeks later
PRICE_ELASTICITY = 1.2
HABITUATION = 0.01  # weekly speed at which a new share of ours becomes the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """State of the competitors.

    Attributes:
        pressure: Advertising in memory, habit = 1, shape (rivals,).
        spend: Money of the week, EUR, shape (rivals,).
        price: Price indices of the week, shape (rivals,).
        usual: The share of ours that they are used to.
        recent: Our share, averaged over the last weeks.
        discounts: Our last three discounts, oldest first.
    """

    pressure: Floats
    spend: Floats
    price: Floats
    usual: float
    recent: float
    discounts: tuple[float, float, float]


def at_rest(company: Company) -> Rivals:
    """Competitors that have seen nothing of us yet."""
    n_rivals = len(company.rivals)
    return Rivals(
        pressure=np.ones(n_rivals),
        spend=np.zeros(n_rivals),
        price=np.array([r.price for r in company.rivals]),
        usual=0.0,
        recent=0.0,
        discounts=(0.0, 0.0, 0.0),
    )


def react(
    rivals: Rivals,
    company: Company,
    *,
    campaign: Floats,
    discount: float,
    share: float,
    strength: float = 1.0,
) -> Rivals:
    """One week of the competitors' life, given our discount now and our share of the category last week."""
    usual = share if rivals.usual == 0.0 else rivals.usual + HABITUATION * (share - rivals.usual)
    recent = share if rivals.recent == 0.0 else rivals.recent + (share - rivals.recent) / WATCH
    threat = np.log2(recent / usual) if usual > 0 and recent > 0 else 0.0
    intensity = np.clip(1.0 + campaign + strength * ANSWER * max(threat, 0.0), 0.4, 4.0)
    yearly = np.array([r.spend for r in company.rivals])
    return Rivals(
        pressure=FADING * rivals.pressure + (1 - FADING) * intensity,
        spend=intensity * yearly / 52 / 1.25,
        price=np.array([r.price for r in company.rivals]) * (1 - strength * FOLLOWING * rivals.discounts[0]),
        usual=usual,
        recent=recent,
        discounts=(rivals.discounts[1], rivals.discounts[2], discount),
    )


def attraction(rivals: Rivals, company: Company) -> Floats:
    """Attraction of each rival this week; in total about 1 at rest, shape (rivals,)."""
    base = np.array([r.attraction for r in company.rivals])
    habitual = np.array([r.price for r in company.rivals])
    advertised = 1 + ADVERTISING * (rivals.pressure - 1)
    return np.asarray(base * advertised * (rivals.price / habitual) ** -PRICE_ELASTICITY, dtype=np.float64)
