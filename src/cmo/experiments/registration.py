"""A test as it was promised before it ran: locked by a hash, so that nothing is chosen after the fact.

Idea, scored, designed, approved, running, analysing, decided, learnt: a test goes forward only, and is closed
with one of five conclusions. Values only; what is remembered of them is kept elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

from cmo.experiments.contrast import Alternative


class Kind(StrEnum):
    """What is randomised, or compared."""

    UNITS = "units"
    GEO = "geo"
    SWITCHBACK = "switchback"
    CREATIVE = "creative"
    BEFORE_AFTER = "before_after"


class Stage(StrEnum):
    """Where a test stands in its life."""

    IDEA = "idea"
    SCORED = "scored"
    DESIGNED = "designed"
    APPROVED = "approved"
    RUNNING = "running"
    ANALYSING = "analysing"
    DECIDED = "decided"
    LEARNT = "learnt"


class Conclusion(StrEnum):
    """How a test ended."""

    WON = "won"
    LOST = "lost"
    INCONCLUSIVE = "inconclusive"
    STOPPED_EARLY = "stopped_early"
    INVALID = "invalid"


class Stopping(StrEnum):
    """When a test may be read."""

    AT_THE_END = "at_the_end"
    PLANNED_LOOKS = "planned_looks"
    ANY_TIME = "any_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What was promised before the start.

    Attributes:
        test: Identifier of the test.
        kind: What is randomised.
        hypothesis: What is expected to happen, and why, in a sentence.
        metric: The one metric that decides.
        guardrails: Metrics that must not fall.
        control: Name of the control arm or group.
        shares: Planned share of each arm; they sum to one. Empty where none was planned.
        treated: Treated markets of a geo test.
        covariates: What the metric is adjusted for.
        alternative: Which way counts.
        level: Coverage of the interval that decides.
        least_effect: Smallest relative effect worth acting on, >= 0.
        stopping: When it may be read.
        looks: Planned looks, for `Stopping.PLANNED_LOOKS`.
        starts_on: First day.
        ends_on: Last day.
        form: What a marketer calls it: `email`, `price`, `geo` …
        channel: The channel whose spend is changed, if any.
        change: Its spend where it is changed, as a multiple of the usual.
        order: Whether the channel is on, block by block, for a switchback.
        block_days: Days of a block.
        segment: The customers it is about, where not all.
        belief: The belief of the strategy that it is to judge.
        cluster: Column that names what was drawn where units came in groups: a shop, a household, a day.
        strata: Column within whose values units were drawn, or are compared.
        margin: Share of a guardrail whose loss would be borne.
        cells: Groups of regions that are each treated in their own way, with their names.
        changes: Spend of each cell as a multiple of the usual, where cells change it unlike one another.
        lot: Groups of like regions within each of which the treated were drawn by lot; empty where regions
            were chosen.
    """

    test: str
    kind: Kind
    hypothesis: str
    metric: str
    control: str
    starts_on: date
    ends_on: date
    guardrails: tuple[str, ...] = ()
    shares: tuple[tuple[str, float], ...] = ()
    treated: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    alternative: Alternative = Alternative.DIFFERENT
    level: float = 0.95
    least_effect: float = 0.0
    stopping: Stopping = Stopping.AT_THE_END
    looks: int = 1
    form: str = ""
    channel: str | None = None
    change: float | None = None
    order: tuple[bool, ...] = ()
    block_days: int = 0
    segment: str | None = None
    belief: str | None = None
    cluster: str | None = None
    strata: str | None = None
    margin: float = 0.02
    cells: tuple[tuple[str, tuple[str, ...]], ...] = ()
    changes: tuple[tuple[str, float], ...] = ()
    lot: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse promises that cannot be kept."""
        if self.ends_on < self.starts_on:
            raise ValueError(f"ends_on == {self.ends_on}, must not be before starts_on == {self.starts_on}")
        if not 0.0 < self.level < 1.0 or self.least_effect < 0.0 or self.looks < 1:
            raise ValueError(
                f"level == {self.level}, least_effect == {self.least_effect}, looks == {self.looks}: "
                "must hold 0 < level < 1, least_effect >= 0, looks >= 1"
            )
        if not 0.0 <= self.margin < 1.0:
            raise ValueError(f"margin == {self.margin}, must lie in [0, 1)")
        if self.stopping is Stopping.PLANNED_LOOKS and self.alternative is not Alternative.DIFFERENT:
            raise ValueError(
                f"{self.test} promises planned looks and one side only: boundaries of looks are two-sided, "
                "so leave the side open or read it once, at the end"
            )
        self._refuse_regions()
        if self.kind is Kind.SWITCHBACK and (len(self.order) < 4 or self.block_days < 1):
            raise ValueError(
                f"{self.test} switches {len(self.order)} blocks of {self.block_days} days: "
                "need at least 4 blocks of at least a day"
            )
        if self.kind is Kind.UNITS and self.shares:
            total = sum(share for _, share in self.shares)
            if self.control not in dict(self.shares) or abs(total - 1.0) > 1e-9:
                raise ValueError(
                    f"shares of {self.test} sum to {total:g}, must sum to 1 and hold {self.control!r}"
                )

    def _refuse_regions(self) -> None:
        """Refuse regions that cannot be compared as promised."""
        if self.kind is Kind.GEO and not self.treated:
            raise ValueError(f"{self.test} names no treated market, a geo test must")
        named = [name for _, regions in self.cells for name in regions]
        if self.cells and (len(self.cells) < 2 or sorted(named) != sorted(self.treated)):
            raise ValueError(
                f"cells of {self.test} must be at least two, and treat each of {', '.join(self.treated)} once"
            )
        drawn = [sum(name in self.treated for name in group) for group in self.lot]
        if self.lot and (
            self.cells
            or not set(self.treated) <= {name for group in self.lot for name in group}
            or any(not 0 < count < len(group) for count, group in zip(drawn, self.lot, strict=True))
        ):
            raise ValueError(
                f"the lot of {self.test} must treat some and leave some in every group of like regions, and "
                "knows one cell only"
            )

    @property
    def seal(self) -> str:
        """Hash of everything that was promised: 64 hexadecimal digits, the same on every machine.

        What is left at its default is not written, so that a later version of cmo, which may ask more, finds
        old promises unbroken.
        """
        usual = {field.name: field.default for field in fields(self)}
        said = {name: value for name, value in asdict(self).items() if value != usual[name]}
        told = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    def kept(self, seal: str) -> bool:
        """Whether this is what was sealed."""
        return self.seal == seal

    def as_mapping(self) -> dict[str, Any]:
        """Plain values as JSON knows them."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return told

    @classmethod
    def of_mapping(cls, told: Mapping[str, Any]) -> Self:
        """The inverse of `as_mapping`."""
        return cls(
            **{
                **told,
                "kind": Kind(told["kind"]),
                "alternative": Alternative(told["alternative"]),
                "stopping": Stopping(told["stopping"]),
                "starts_on": date.fromisoformat(told["starts_on"]),
                "ends_on": date.fromisoformat(told["ends_on"]),
                "shares": tuple((name, float(share)) for name, share in told["shares"]),
                **{name: tuple(told[name]) for name in ("guardrails", "treated", "covariates", "order")},
                "cells": tuple((name, tuple(regions)) for name, regions in told.get("cells", ())),
                "changes": tuple((name, float(change)) for name, change in told.get("changes", ())),
                "lot": tuple(tuple(group) for group in told.get("lot", ())),
            }
        )


_ORDER = tuple(Stage)


def advanced(
    stage: Stage, to: Stage, *, gate_passed: bool = True, conclusion: Conclusion | None = None
) -> Stage:
    """The next stage of a test, if it may be reached.

    Args:
        stage: Where it stands.
        to: Where it should go.
        gate_passed: Whether the design gate let it through; asked for before it runs.
        conclusion: How it ended; asked for before it counts as decided.

    Raises:
        ValueError: A stage is skipped or gone back to, the gate is shut, or the test is not concluded.
    """
    if _ORDER.index(to) != _ORDER.index(stage) + 1:
        following = _ORDER[_ORDER.index(stage) + 1] if stage is not Stage.LEARNT else None
        raise ValueError(f"from {stage} a test goes to {following or 'nothing more'}, not to {to}")
    if to is Stage.APPROVED and not gate_passed:
        raise ValueError("the design gate is shut: change the design, or drop the test")
    if to is Stage.DECIDED and conclusion is None:
        raise ValueError(
            "a test is decided with a conclusion: won, lost, inconclusive, stopped early or invalid"
        )
    return to


def concluded(
    registration: Registration, *, low: float, high: float, valid: bool, ended_on: date | None = None
) -> Conclusion:
    """How a test ended, by what was promised and nothing else.

    Args:
        registration: What was promised.
        low: Lower bound of the relative effect on the deciding metric.
        high: Upper bound.
        valid: Whether its vital checks passed.
        ended_on: Last day it really ran; the planned one where not given.

    Returns:
        Invalid before all else. Won or lost when the interval leaves out zero. A test that its own stopping
        rule ended is not stopped early; one that ended without its rule is, unless it ran to its end.
    """
    if not valid:
        return Conclusion.INVALID
    early = ended_on is not None and ended_on < registration.ends_on
    if early and registration.stopping is Stopping.AT_THE_END:
        return Conclusion.STOPPED_EARLY
    if low > 0.0:
        return Conclusion.WON
    if high < 0.0:
        return Conclusion.LOST
    return Conclusion.STOPPED_EARLY if early else Conclusion.INCONCLUSIVE


def differences(promised: Registration, done: Registration) -> Mapping[str, tuple[object, object]]:
    """What was done otherwise than promised: each field with what was promised and what was done."""
    left, right = asdict(promised), asdict(done)
    return {name: (left[name], right[name]) for name in left if left[name] != right[name]}
