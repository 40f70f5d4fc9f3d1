"""What a simulated company is: its channels, regions, people, rivals and products, as specifications."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cmo.simulation.mechanisms import Mechanisms

Audience = Literal["people", "shoppers", "customers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A paid channel, described by what it does to people; no response curve is written anywhere.

    Attributes:
        key: Name in every table and in the strategy.
        audience: Whom it can touch: all people, those shopping for the category now, or customers.
        weekly_spend: Habitual national spend in a running week, EUR at scale 1.
        reach: Share of the audience that the channel can ever touch, in (0, 1).
        cost: EUR per contact.
        clumping: Evenness of contacts over people (the k of a negative binomial), > 0; low heaps them.
        notice: Probability that one contact is noticed, in (0, 1).
        persuasion: Relative rise of the purchase propensity of a prospect who remembers, >= 0.
        reminder: The same for a customer, >= 0.
        half_life: Weeks after which half of those impressed have forgotten, > 0.
        fame: Share of those who notice who come to know the brand, in [0, 1].
        clicks: Clicks per contact; None where the medium has none.
        claims: Share of the touched buyers whose order the platform claims, in [0, 1].
        homing: How many times likelier a buyer of the brand is to be touched than another of the audience
            (brand searches, retargeting, voucher sites at the till), >= 1.
        loyalty: Shift of the log-odds that a customer it brings is of a lasting kind.
        digital: True where touchpoints of single people are recorded.
        appears: Share of the years of data after which the channel exists, >= 0; from 1 on, after their end.
        pioneer: Extra persuasion (relative) while few companies use it, halved every 26 weeks.
    """

    key: str
    audience: Audience = "people"
    weekly_spend: float
    reach: float
    cost: float
    clumping: float
    notice: float
    persuasion: float
    reminder: float
    half_life: float
    fame: float
    clicks: float | None = None
    claims: float = 0.0
    homing: float = 1.0
    loyalty: float = 0.0
    digital: bool = True
    appears: float = 0.0
    pioneer: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region: its name, its share of the people, and how warm it is (degrees above the country's mean)."""

    name: str
    share: float
    warmth: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """People with one need.

    Attributes:
        key: Name of the segment.
        share: Share of the people.
        need: Category purchases per person and week, on average over a year.
        elasticity: Price elasticity of the brand's attraction, > 0.
        gifts: Strength of the gift peaks (Christmas, Mother's Day, Saint Valentine).
        sun: Relative rise of need per degree above the seasonal mean.
        loyalty: Shift of the log-odds of being a lasting customer.
        media: Log affinity with channels, those not named being 0.
    """

    key: str
    share: float
    need: float
    elasticity: float
    gifts: float
    sun: float
    loyalty: float
    media: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A competing brand: attraction (the company's scale), price index, yearly spend in EUR, awareness."""

    name: str
    attraction: float
    price: float
    spend: float
    awareness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product: catalogue price and unit cost in EUR, and its appeal in each segment (relative weights)."""

    product_id: str
    name: str
    category: str
    price: float
    cost: float
    appeal: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKind:
    """A kind of customer: share of newcomers, orders per week while alive, weekly probability of leaving."""

    key: str
    share: float
    rate: float
    leaving: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything about a simulated company that does not change by chance.

    Attributes:
        name: Name of the company, also its brand.
        currency: ISO code of its money.
        language: Language of its working life, `fr` or `en`.
        timezone: IANA name.
        sector: What it sells.
        people: Number of people who could buy the category, at scale 1.
        attraction: Attraction of the brand against its rivals' for someone who knows it.
        awareness: Share who know the brand when the simulation begins.
        channels: Its paid channels.
        regions: Where it sells.
        segments: The needs of its market.
        rivals: Its competitors.
        products: What it sells.
        kinds: Kinds of customers, from fleeting to lasting.
        refunds: Share of order lines sent back.
    """

    name: str
    currency: str
    language: str
    timezone: str
    sector: str
    people: float
    attraction: float
    awareness: float
    channels: tuple[Channel, ...]
    regions: tuple[Region, ...]
    segments: tuple[Segment, ...]
    rivals: tuple[Rival, ...]
    products: tuple[Product, ...]
    kinds: tuple[CustomerKind, ...]
    refunds: float

    @property
    def channel_keys(self) -> tuple[str, ...]:
        """Names of the channels, in the order of every array with a channel axis."""
        return tuple(channel.key for channel in self.channels)

    @property
    def region_names(self) -> tuple[str, ...]:
        """Names of the regions, in the order of every array with a region axis."""
        return tuple(region.name for region in self.regions)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A company in a stretch of time, with the chance that befalls it.

    Attributes:
        company: The company.
        start: First Monday of the data.
        weeks: Number of weeks of data.
        past: Weeks lived before the data begins, so that customers and memories exist on the first day.
        seed: Source of all chance.
        scale: Multiplier of people and budgets.
        habits: People drawn per region and segment to stand for it (their media habits and memories differ).
        after: Weeks lived after the data ends, which no table shows: forecasts are held against them.
        mechanisms: Which mechanisms are at work, and how strongly.
    """

    company: Company
    start: date
    weeks: int
    past: int
    seed: int
    scale: float = 1.0
    habits: int = 16
    after: int = 0
    mechanisms: Mechanisms = field(default_factory=Mechanisms)

    @property
    def total(self) -> int:
        """All weeks of the world: before the data, in it and after it."""
        return self.past + self.weeks + self.after
