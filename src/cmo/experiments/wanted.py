"""What is wanted of a test, what the company knows, and the design that comes of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cmo.experiments.contrast import Alternative
from cmo.experiments.feasible import CHANGES, Form
from cmo.experiments.geo_design import Limits, MarketChoice
from cmo.experiments.life import Figures
from cmo.experiments.past import Past
from cmo.experiments.registration import Registration, Stopping


class Draw(StrEnum):
    """Groups of like regions within which a lot is drawn."""

    PAIRS = "pairs"
    STRATA = "strata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to test.

    Attributes:
        test: Identifier.
        form: What kind of test.
        starts_on: First day, a Monday for preference.
        hypothesis: What is expected, and why.
        metric: What decides; the usual one of the kind where nobody says.
        channel: The channel whose spend changes.
        change: Its spend where it is changed, as a multiple of the usual.
        weeks: Length; as long as it needs where nobody says.
        arms: Planned share of each variant, control first.
        limits: What a choice of regions must keep to.
        regions: Treated regions, where they are chosen already.
        draw: Whether regions are drawn by lot, one of each group of likes.
        cells: Groups of regions that are each treated in their own way, with their names; no regions where
            they are to be chosen.
        changes: Spend of each cell as a multiple of the usual, where they differ.
        segment: The customers it is about.
        audience: Who is drawn from: `customers`, or a past test whose visitors come again.
        effect: Relative effect that is expected.
        least_effect: Smallest relative effect worth acting on.
        stopping: When it may be read.
        looks: Planned looks.
        cost: What it costs besides the money moved.
        value: What its answer is worth, where somebody says.
        belief: The belief that it is to judge.
        guardrails: Metrics that must not fall.
        margin: Share of a guardrail whose loss would be borne.
        alternative: Which way counts.
        cluster: Column that names what is drawn where units come in groups.
        strata: Column within whose values units are drawn.
    """

    test: str
    form: Form
    starts_on: date
    hypothesis: str = ""
    metric: str | None = None
    channel: str | None = None
    change: float = CHANGES[0]
    weeks: int | None = None
    arms: tuple[tuple[str, float], ...] = (("control", 0.5), ("variant", 0.5))
    limits: Limits = field(default_factory=Limits)
    regions: tuple[str, ...] = ()
    draw: Draw | None = None
    cells: tuple[tuple[str, tuple[str, ...]], ...] = ()
    changes: tuple[tuple[str, float], ...] = ()
    segment: str | None = None
    audience: str = "customers"
    effect: float | None = None
    least_effect: float = 0.0
    stopping: Stopping = Stopping.AT_THE_END
    looks: int = 1
    cost: float = 0.0
    value: float | None = None
    belief: str | None = None
    guardrails: tuple[str, ...] = ()
    margin: float = 0.02
    alternative: Alternative = Alternative.DIFFERENT
    cluster: str | None = None
    strata: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the company knows besides its tables.

    Attributes:
        past: Regions, customers, days.
        returns: Outcome per unit of money by channel: mean and standard deviation.
        typical: Size of relative effect that its own tests have shown; none without past tests.
    """

    past: Past
    returns: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    typical: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A design and what else was thought of.

    Attributes:
        registration: What would be promised.
        figures: What is expected of it.
        population: What it touches.
        choices: Other regions that were thought of, the surest first.
    """

    registration: Registration
    figures: Figures
    population: tuple[str, ...]
    choices: tuple[MarketChoice, ...] = ()
