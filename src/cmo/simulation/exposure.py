"""From money to people who noticed: contacts, finite audiences, repetition. No curve is assumed.

A channel buys contacts. They fall on the reachable part of an audience, unevenly: a negative binomial, as
media planners have counted since Agostini and Metheringham. Whoever is touched again may notice nothing new.
"""

import numpy as np
import numpy.typing as npt

from cmo.simulation.company import Channel
from cmo.simulation.population import Population

Floats = npt.NDArray[np.float64]


def spread_contacts(
    contacts: Floats, audience: Floats, population: Population, *, affinity: Floats
) -> Floats:
    """Share the contacts bought in each region among its cells.

    Args:
        contacts: Contacts bought, shape (C, R).
        audience: People of each channel's audience in each cell, shape (C, J).
        population: The cells.
        affinity: Relative exposure, shape (C, J).

    Returns:
        Contacts, shape (C, J); those of a region sum to what was bought there.
    """
    weight = audience * affinity
    total = weight @ population.in_region.T
    per_weight = np.divide(contacts, total, out=np.zeros_like(contacts), where=total > 0)
    return np.asarray(per_weight[:, population.region] * weight, dtype=np.float64)


def mean_contacts(contacts: Floats, audience: Floats, reach: Floats) -> Floats:
    """Contacts per reachable person, shape (C, J)."""
    reachable = reach[:, None] * audience
    return np.divide(contacts, reachable, out=np.zeros_like(contacts), where=reachable > 0)


def touched(per_person: Floats, *, reach: Floats, clumping: Floats) -> Floats:
    """Share of the audience touched at least once (net reach), shape (C, J)."""
    # exp and log are vectorised by NumPy where a power is not
    untouched = np.exp(-clumping[:, None] * np.log(1 + per_person / clumping[:, None]))
    return np.asarray(reach[:, None] * (1 - untouched), dtype=np.float64)


def noticed(per_person: Floats, *, reach: Floats, clumping: Floats, notice: Floats) -> Floats:
    """Share of the audience that noticed at least one contact, shape (C, J).

    With n contacts, negative binomial of mean m and shape k over people, each noticed with probability q,
    a person notices none with probability E[(1 - q)^n] = (1 + m q / k)^-k.
    """
    return touched(per_person * notice[:, None], reach=reach, clumping=clumping)


def pioneer_bonus(channel: Channel, *, weeks_since: int) -> float:
    """Extra persuasion of a channel in its first months: halved every 26 weeks as others arrive."""
    return channel.pioneer * 0.5 ** (weeks_since / 26.0) if weeks_since >= 0 else 0.0
