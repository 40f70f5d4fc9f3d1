"""Customers after their first order: kinds that buy and leave at their own pace, and differ by how they came.

The kinds are discrete and leave by the week: no gamma or beta distribution of the customer models is used
for the pace at which a population thins out.
"""

import numpy as np
import numpy.typing as npt

from cmo.simulation.company import Company
from cmo.simulation.population import Population

Floats = npt.NDArray[np.float64]

ORGANIC = "organic"
WORD_OF_MOUTH = "word_of_mouth"
WORD_OF_MOUTH_LOYALTY = 0.8
FATIGUE = 0.0005  # extra weekly probability of leaving for each e-mail a week above the fifth
PATIENCE = 5.0
NEWBORN = 0.08  # people who enter the market in a year, as a share of it


FOUNDERS = 0.022  # customers there already when the past begins, as a share of people
_FOUNDING_KINDS = (0.02, 0.38, 0.60)
_FOUNDING_WORD_OF_MOUTH = 0.2


def founders(company: Company, population: Population) -> Floats:
    """Customers from before the beginning, mostly lasting, by cell, origin and kind, shape (J, A, K)."""
    origin = np.zeros(len(company.channels) + 2)
    origin[-2:] = (1 - _FOUNDING_WORD_OF_MOUTH, _FOUNDING_WORD_OF_MOUTH)
    kind = np.interp(np.linspace(0, 2, len(company.kinds)), (0, 1, 2), _FOUNDING_KINDS)
    kind /= kind.sum()
    return np.asarray(FOUNDERS * population.people[:, None, None] * origin[:, None] * kind, dtype=np.float64)


def origins(company: Company) -> tuple[str, ...]:
    """How a customer may have come: a paid channel, of their own accord, or by word of mouth."""
    return (*company.channel_keys, ORGANIC, WORD_OF_MOUTH)


def kind_mix(company: Company, population: Population, *, strength: float = 1.0) -> Floats:
    """Shares of the kinds among newcomers, by cell and origin, shape (J, A, K)."""
    by_origin = strength * np.array([*(c.loyalty for c in company.channels), 0.0, WORD_OF_MOUTH_LOYALTY])
    shift = population.loyalty[:, None] + by_origin
    share = np.array([kind.share for kind in company.kinds])
    slope = np.linspace(-1.0, 1.0, share.size)
    weight = share * np.exp(shift[:, :, None] * slope)
    return np.asarray(weight / weight.sum(axis=2, keepdims=True), dtype=np.float64)


def leaving(company: Company, emails_a_week: Floats, *, strength: float = 1.0) -> Floats:
    """Weekly probability of leaving by cell and kind, shape (J, K); too many e-mails drive customers away."""
    fatigue = strength * FATIGUE * np.maximum(emails_a_week - PATIENCE, 0.0)
    return np.minimum(np.array([k.leaving for k in company.kinds]) + fatigue[:, None], 0.9)


def chatter(customers: Floats, population: Population) -> Floats:
    """Share of people who hear of the brand from a customer in their region, shape (J,)."""
    active = population.in_region @ customers.sum(axis=(1, 2))
    density = active / (population.in_region @ population.people)
    heard = 1 - (1 + 2.5 * density) ** -2.0
    return np.asarray(heard[population.region], dtype=np.float64)
