"""Where a sales channel stands, and the stage it should be moved to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cmo.measures import Text

Span = tuple[float, float, float]
"""Median and 90 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is measured of a channel; none where it is not.

    Attributes:
        revenue: Money.
        revenue_share: Share of all revenue.
        growth: Of revenue over a year.
        margin: Margin per revenue.
        cannibalisation: Part of its revenue that it took from the others.
    """

    revenue: Span | None = None
    revenue_share: Span | None = None
    growth: Span | None = None
    margin: Span | None = None
    cannibalisation: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The stage a channel should be at, by name, and why."""

    stage: str
    why: Text


def advice(
    figures: Figures | None,
    stage: str | None,
    *,
    terms: Mapping[str, Any] | None,
    brought: float | None,
    today: date,
) -> Advice | None:
    """The stage a channel should be moved to; none where it should stay or nothing tells.

    A pilot is judged by the rule it was begun with, on the day it was to be. A channel at hand is scaled when
    it surely grows and earns, harvested when it surely shrinks and earns, stopped when it surely loses.

    Args:
        figures: What is measured of it.
        stage: Its stage by name; none where nobody said.
        terms: Those of its pilot.
        brought: Margin since the pilot began; none where it is not known.
        today: The last day known.
    """
    if stage == "pilot" and terms:
        return _judged(terms, brought, today)
    if figures is None or figures.margin is None or stage == "prospect":
        return None
    told = _told(figures.margin, figures.growth)
    return None if told is None or told.stage == stage else told


def _told(margin: Span, growth: Span | None) -> Advice | None:
    """What margin and growth say of a channel; none where they are not sure."""
    if margin[2] < 0:
        return Advice(stage="stop", why=Text("it surely loses money", "il perd sûrement de l'argent"))
    if growth is None or margin[1] <= 0:
        return None
    if growth[1] > 0:
        return Advice(stage="scale", why=Text("it surely grows and earns", "il croît et gagne sûrement"))
    if growth[2] < 0:
        return Advice(
            stage="harvest", why=Text("it earns but surely shrinks", "il gagne mais recule sûrement")
        )
    return None


def _judged(terms: Mapping[str, Any], brought: float | None, today: date) -> Advice | None:
    if brought is None or today < date.fromisoformat(terms["review_on"]):
        return None
    ratio, gate = brought / terms["money"], terms["kill_below"]
    if ratio < gate:
        why = Text(
            f"it brought {ratio:.2f} of margin per unit of money, below the {gate:.2f} it was begun for",
            f"il a rapporté {ratio:.2f} de marge par unité d'argent, sous les {gate:.2f} prévus au départ",
        )
        return Advice(stage="stop", why=why)
    why = Text(
        f"it brought {ratio:.2f} of margin per unit of money; {gate:.2f} were asked",
        f"il a rapporté {ratio:.2f} de marge par unité d'argent ; {gate:.2f} étaient demandés",
    )
    return Advice(stage="scale", why=why)
