"""Companies unlike the demo's, drawn at random, so that a bench does not judge one world many times."""

from dataclasses import replace

import numpy as np

from cmo.simulation.company import Channel, Company, CustomerKind, Rival, Segment
from cmo.simulation.maison_lumen import MAISON_LUMEN

ALWAYS = ("tv", "search", "email")  # the habitual plan and its tests need them
DROPPED = 0.2  # probability that another channel is not used
NEWCOMER = 0.65  # probability that a new channel appears
EFFECT_SPREAD = 0.6  # standard deviation of the logarithm of what a channel does, around the demo's
LOYALTY_SPREAD = 0.4
ODDS_SPREAD = 0.4  # of shares: reach, notice, claims


def _around(value: float, spread: float, rng: np.random.Generator) -> float:
    return float(value * np.exp(spread * rng.standard_normal()))


def _share_around(share: float, rng: np.random.Generator) -> float:
    if share <= 0.0:
        return 0.0
    odds = share / (1 - share) * np.exp(ODDS_SPREAD * rng.standard_normal())
    return float(odds / (1 + odds))


def _channel(channel: Channel, rng: np.random.Generator) -> Channel:
    appears = channel.appears and float(rng.uniform(0.35, 0.85))
    return replace(
        channel,
        weekly_spend=_around(channel.weekly_spend, 0.40, rng),
        cost=_around(channel.cost, 0.30, rng),
        clumping=_around(channel.clumping, 0.30, rng),
        persuasion=_around(channel.persuasion, EFFECT_SPREAD, rng),
        reminder=_around(channel.reminder, EFFECT_SPREAD, rng),
        half_life=_around(channel.half_life, 0.40, rng),
        fame=_around(channel.fame, EFFECT_SPREAD, rng),
        reach=_share_around(channel.reach, rng),
        notice=_share_around(channel.notice, rng),
        claims=_share_around(channel.claims, rng),
        loyalty=channel.loyalty + LOYALTY_SPREAD * float(rng.standard_normal()),
        appears=appears,
        pioneer=float(rng.uniform(0.3, 2.5)) if appears else 0.0,
    )


def _used(channel: Channel, rng: np.random.Generator) -> bool:
    chance = rng.random()
    if channel.key in ALWAYS:
        return True
    return bool(chance < NEWCOMER) if channel.appears else bool(chance >= DROPPED)


def _segment(segment: Segment, rng: np.random.Generator) -> Segment:
    return replace(
        segment,
        share=_around(segment.share, 0.25, rng),
        need=_around(segment.need, 0.12, rng),
        elasticity=_around(segment.elasticity, 0.2, rng),
        loyalty=segment.loyalty + 0.3 * float(rng.standard_normal()),
    )


def _kind(kind: CustomerKind, rng: np.random.Generator) -> CustomerKind:
    return replace(
        kind,
        share=_around(kind.share, 0.25, rng),
        rate=_around(kind.rate, 0.2, rng),
        leaving=min(_around(kind.leaving, 0.3, rng), 0.6),
    )


def _rival(rival: Rival, rng: np.random.Generator) -> Rival:
    return replace(
        rival,
        attraction=_around(rival.attraction, 0.2, rng),
        price=_around(rival.price, 0.1, rng),
        spend=_around(rival.spend, 0.4, rng),
        awareness=_share_around(rival.awareness, rng),
    )


def draw_company(rng: np.random.Generator, *, base: Company = MAISON_LUMEN) -> Company:
    """Draw a company around another: other channels, people, customers and rivals, the same products.

    Args:
        rng: Source of chance; draw it from a stream of its own.
        base: The company to draw around.

    Returns:
        A company whose channels may work quite differently; shares of segments and kinds sum to 1.
    """
    segments = [_segment(segment, rng) for segment in base.segments]
    kinds = [_kind(kind, rng) for kind in base.kinds]
    of_segments, of_kinds = sum(s.share for s in segments), sum(k.share for k in kinds)
    channels = [(_used(channel, rng), _channel(channel, rng)) for channel in base.channels]
    return replace(
        base,
        people=_around(base.people, 0.3, rng),
        attraction=_around(base.attraction, 0.25, rng),
        awareness=_share_around(base.awareness, rng),
        channels=tuple(channel for used, channel in channels if used),
        segments=tuple(replace(s, share=s.share / of_segments) for s in segments),
        rivals=tuple(_rival(rival, rng) for rival in base.rivals),
        kinds=tuple(replace(k, share=k.share / of_kinds) for k in kinds),
        refunds=float(rng.uniform(0.01, 0.08)),
    )
