"""What the company publishes, and how each format does."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cmo.simulation.files import instants
from cmo.simulation.living import Market


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: share of the pieces, mean impressions, engagements per impression, clicks, cost in EUR."""

    key: str
    share: float
    impressions: float
    engagement: float
    clicks: float
    cost: float


FORMATS = (
    Format(key="video", share=0.20, impressions=5200, engagement=0.046, clicks=0.009, cost=950.0),
    Format(key="carousel", share=0.25, impressions=4100, engagement=0.061, clicks=0.011, cost=240.0),
    Format(key="photo", share=0.32, impressions=3800, engagement=0.028, clicks=0.006, cost=120.0),
    Format(key="article", share=0.15, impressions=1900, engagement=0.017, clicks=0.024, cost=320.0),
    Format(key="story", share=0.08, impressions=2600, engagement=0.022, clicks=0.005, cost=60.0),
)
CHANNELS = (("instagram", 0.5, 1.0), ("facebook", 0.25, 0.8), ("blog", 0.15, 0.7), ("newsletter", 0.10, 1.1))
TOPICS = {  # title in French and English, relative engagement
    "routine": ("Ma routine du soir", "My evening routine", 1.10),
    "ingrédients": ("D'où vient notre argan", "Where our argan comes from", 1.20),
    "coulisses": ("Une journée à l'atelier", "A day in the workshop", 1.05),
    "promotion": ("Les offres de la semaine", "This week's offers", 0.70),
    "solide": ("Le solide, mode d'emploi", "Solid care, explained", 1.35),
    "fêtes": ("Idées de cadeaux", "Gift ideas", 0.95),
}
PIECES_A_WEEK = 4.2
OVERDISPERSION = 8.0  # gamma shape of a piece's own luck


def content_table(market: Market, rng: np.random.Generator, *, language: str) -> pa.Table:
    """One row per published piece."""
    world = market.world
    size = int(PIECES_A_WEEK * world.weeks)
    at = np.sort(rng.integers(0, world.weeks * 7, size)) * 86_400 + rng.integers(8 * 3600, 20 * 3600, size)
    kind = rng.choice(len(FORMATS), size, p=np.array([f.share for f in FORMATS]))
    place = rng.choice(len(CHANNELS), size, p=np.array([c[1] for c in CHANNELS]))
    topic = rng.choice(len(TOPICS), size)
    topics = list(TOPICS.items())
    trait = {
        name: np.array([getattr(f, name) for f in FORMATS])[kind]
        for name in ("impressions", "engagement", "clicks", "cost")
    }
    impressions = rng.poisson(trait["impressions"] * world.scale * rng.gamma(3.0, 1 / 3.0, size)) + 1
    luck = rng.gamma(OVERDISPERSION, 1 / OVERDISPERSION, size)
    appeal = np.array([t[1][2] for t in topics])[topic] * np.array([c[2] for c in CHANNELS])[place]
    engagements = rng.binomial(impressions, np.minimum(trait["engagement"] * appeal * luck, 0.9))
    clicks = rng.binomial(impressions, trait["clicks"])
    said = 0 if language == "fr" else 1
    return pa.table(
        {
            "content_id": [f"K{n:05d}" for n in range(1, size + 1)],
            "published_at": instants(at, start=world.start.isoformat()),
            "channel": np.array([c[0] for c in CHANNELS])[place],
            "format": np.array([f.key for f in FORMATS])[kind],
            "title": [f"{topics[t][1][said]} n° {n}" for n, t in enumerate(topic.tolist(), start=1)],
            "topic": [topics[t][0] for t in topic.tolist()],
            "impressions": impressions,
            "clicks": clicks,
            "engagements": engagements,
            "conversions": rng.binomial(clicks, 0.021),
            "cost": np.round(trait["cost"] * rng.gamma(20.0, 0.05, size), 2),
        }
    )
