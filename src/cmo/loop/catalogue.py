"""Which area answers for which measures, and what it needs. To add evidence, add a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from cmo.brand.evidence import evidence as brand
from cmo.content.evidence import evidence as content
from cmo.customers.evidence import counted as customers
from cmo.customers.evidence import valued as lifetimes
from cmo.distribution.evidence import evidence as distribution
from cmo.experiments.evidence import evidence as experiments
from cmo.market.evidence import evidence as market
from cmo.measures import Estimate, Unanswered
from cmo.media.evidence import evidence as media
from cmo.sales.evidence import evidence as sales
from cmo.value.evidence import evidence as value
from cmo.warehouse.field import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An area of knowledge, as the loop calls it.

    Attributes:
        evidence: `evidence(field, rng=…)`, the only function of the area that asks the warehouse.
        reads: Canonical tables it reads where they are; with none of them at hand it is not asked.
        provides: Names of the measures it answers for.
    """

    evidence: Callable[..., list[Estimate | Unanswered]]
    reads: tuple[str, ...]
    provides: tuple[str, ...]

    def ask(self, field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
        """What the area has to say of a field."""
        return self.evidence(field, rng=rng)


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        "sales": Provider(
            evidence=sales,
            reads=("orders",),
            provides=("sales.revenue", "sales.contribution", "sales.forecast"),
        ),
        "customers": Provider(
            evidence=customers,
            reads=("orders", "customers"),
            provides=(
                "customers.active",
                "customers.new_customers",
                "customers.repeat_rate",
                "customers.retention",
                "customers.cohorts",
                "customers.churn",
                "customers.concentration",
                "customers.revenue_per_customer",
                "customers.orders_per_customer",
                "customers.average_order_value",
                "customers.unidentified_share",
                "customers.return_rate",
            ),
        ),
        "lifetimes": Provider(
            evidence=lifetimes,
            reads=("orders", "customers", "media"),
            provides=(
                "customers.clv",
                "customers.equity",
                "customers.alive",
                "customers.at_stake",
                "customers.migration",
                "customers.silence",
                "customers.cac",
                "customers.clv_to_cac",
                "customers.renewal",
                "customers.staying",
            ),
        ),
        "value": Provider(
            evidence=value,
            reads=("feedback", "price_survey", "choices", "orders"),
            provides=(
                "value.nps",
                "value.satisfaction",
                "value.topic_share",
                "value.driver",
                "value.importance",
                "value.wtp",
                "value.segment_share",
                "value.price_elasticity",
                "value.price_corridor",
                "value.optimal_price",
            ),
        ),
        "brand": Provider(
            evidence=brand,
            reads=("brand_survey", "market"),
            provides=(
                "brand.awareness",
                "brand.consideration",
                "brand.conversion",
                "brand.share_of_search",
                "brand.share_of_voice",
                "brand.image",
            ),
        ),
        "market": Provider(
            evidence=market,
            reads=("market", "signals", "media", "content"),
            provides=(
                "market.size",
                "market.share",
                "market.growth",
                "market.price_index",
                "market.trend",
                "market.first_mover",
            ),
        ),
        "content": Provider(
            evidence=content,
            reads=("content",),
            provides=("content.engagement",),
        ),
        "distribution": Provider(
            evidence=distribution,
            reads=("orders",),
            provides=(
                "distribution.revenue_share",
                "distribution.margin",
                "distribution.growth",
                "distribution.cannibalisation",
            ),
        ),
        "media": Provider(
            evidence=media,
            reads=("media", "outcomes", "context", "events", "touchpoints"),
            provides=(
                "media.roi",
                "media.mroi",
                "media.contribution",
                "media.share",
                "media.half_life",
                "media.saturation",
                "media.response",
                "media.incremental_cac",
                "media.attributed",
            ),
        ),
        "experiments": Provider(
            evidence=experiments,
            reads=("experiment_units", "outcomes", "media"),
            provides=("experiments.lift", "experiments.iroas", "experiments.win_rate"),
        ),
    }
)
