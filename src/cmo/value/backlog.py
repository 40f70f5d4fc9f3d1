"""The life of a customers' problem with those who build the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from cmo.measures import Text


class Stage(StrEnum):
    """Where a problem stands with research and development."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IN_BUILD = "in_build"
    SHIPPED = "shipped"
    MEASURED = "effect_measured"
    DECLINED = "declined"

    @property
    def says(self) -> Text:
        """Its name for people."""
        return _SAYS[self]


_SAYS: Mapping[Stage, Text] = MappingProxyType(
    {
        Stage.PROPOSED: Text("proposed", "proposé"),
        Stage.ACCEPTED: Text("accepted", "accepté"),
        Stage.IN_BUILD: Text("in build", "en cours"),
        Stage.SHIPPED: Text("shipped", "livré"),
        Stage.MEASURED: Text("effect measured", "effet mesuré"),
        Stage.DECLINED: Text("declined", "écarté"),
    }
)

NEXT: Mapping[Stage | None, tuple[Stage, ...]] = MappingProxyType(
    {
        None: (Stage.PROPOSED,),
        Stage.PROPOSED: (Stage.ACCEPTED, Stage.DECLINED),
        Stage.ACCEPTED: (Stage.IN_BUILD, Stage.DECLINED),
        Stage.IN_BUILD: (Stage.SHIPPED, Stage.ACCEPTED),
        Stage.SHIPPED: (Stage.MEASURED, Stage.IN_BUILD),
        Stage.MEASURED: (Stage.PROPOSED,),
        Stage.DECLINED: (Stage.PROPOSED,),
    }
)
"""Stage → stages that may follow; a problem that comes back after its effect was measured starts anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in the life of a problem.

    Attributes:
        stage: The stage it reached.
        at: When.
        by: Who took it there.
        words: What there was to say.
        seen: How it stood then: share of the opinions with it and money at stake, points of intervals.
    """

    stage: Stage
    at: datetime
    by: str
    words: str
    seen: Mapping[str, object]
