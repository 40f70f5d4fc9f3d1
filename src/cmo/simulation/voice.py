"""What customers think of each aspect, and what they then rate, recommend and write."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.simulation.accounts import customer_ids
from cmo.simulation.files import instants
from cmo.simulation.living import Market
from cmo.simulation.sales import Lines
from cmo.simulation.wordings import LINKS, OPENINGS, PHRASES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """An aspect: share content, weight in the overall opinion, share of reviews that speak of it."""

    key: str
    content: float
    weight: float
    spoken: float


ASPECTS = (
    Aspect(key="efficacy", content=0.83, weight=1.30, spoken=0.52),
    Aspect(key="texture", content=0.80, weight=0.75, spoken=0.36),
    Aspect(key="scent", content=0.77, weight=0.55, spoken=0.30),
    Aspect(key="price", content=0.56, weight=0.60, spoken=0.31),
    Aspect(key="delivery", content=0.47, weight=0.95, spoken=0.38),
    Aspect(key="packaging", content=0.74, weight=0.35, spoken=0.22),
    Aspect(key="service", content=0.70, weight=0.70, spoken=0.18),
)
PERSON_SPREAD = 0.8  # log-odds spread of how easily a person is content
OPINION_NOISE = 0.9
RATING_CUTS = (-1.65, -0.55, 0.45, 1.55)  # opinions that part 1, 2, 3, 4 and 5 stars
RECOMMENDATION = (8.25, 1.15, 1.2)  # mean, slope on the opinion and noise of the 0-10 answer
ENGLISH = 0.25
SOURCES = (("avis", 0.62), ("enquête", 0.30), ("réclamation", 0.08))
REVIEWS = 5_200  # at scale 1 and three years
SILENT = 0.08  # rate without a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Opinions of n people: content with each aspect (n, aspects), opinion, stars 1-5, answer 0-10."""

    content: Flags
    overall: Floats
    rating: Ints
    nps: Ints


def form_opinions(rng: np.random.Generator, *, count: int) -> Opinions:
    """Draw people's opinions: content with each aspect or not, then a feeling, then answers with noise."""
    chance = np.array([a.content for a in ASPECTS])
    odds = np.log(chance / (1 - chance)) * 1.12
    person = PERSON_SPREAD * rng.standard_normal((count, 1))
    content = rng.random((count, chance.size)) < 1 / (1 + np.exp(-(odds + person)))
    weight = np.array([a.weight for a in ASPECTS])
    feeling = (np.where(content, 1.0, -1.0) @ weight) / np.sqrt((weight**2).sum()) - 0.45
    overall = feeling + OPINION_NOISE * rng.standard_normal(count)
    rating = 1 + (overall[:, None] > np.array(RATING_CUTS)).sum(axis=1)
    mean, slope, noise = RECOMMENDATION
    answer = mean + slope * (feeling - 0.6) + noise * rng.standard_normal(count)
    return Opinions(
        content=content,
        overall=overall,
        rating=rating,
        nps=np.clip(np.round(answer), 0, 10).astype(np.int64),
    )


def _write(content: Flags, spoken: Flags, rating: int, language: str, rng: np.random.Generator) -> str:
    openings = OPENINGS[language][rating]
    opening = openings[int(rng.integers(len(openings)))]
    said: list[str] = []
    before: bool | None = None
    for position in np.flatnonzero(spoken).tolist():
        good = bool(content[position])
        phrases = PHRASES[ASPECTS[position].key][language][good]
        phrase = phrases[int(rng.integers(len(phrases)))]
        if before is not None:
            phrase = f"{LINKS[language][int(good != before)]} {phrase}"
        said.append(phrase)
        before = good
    body = " ".join(said)
    body = f"{body[:1].upper()}{body[1:]}." if body else ""
    return " ".join(part for part in (opening, body) if part)


def feedback_table(market: Market, lines: Lines, rng: np.random.Generator) -> pa.Table:
    """Reviews, survey answers and complaints of identified buyers."""
    world = market.world
    bought = np.flatnonzero((lines.customer >= 0) & (lines.quantity > 0))
    wanted = int(REVIEWS * world.weeks / 156 * max(world.scale, 0.05))
    chosen = np.sort(rng.permutation(bought)[:wanted])
    second = lines.second[chosen] + rng.integers(2 * 86_400, 30 * 86_400, chosen.size)
    chosen, second = chosen[second < world.weeks * 7 * 86_400], second[second < world.weeks * 7 * 86_400]
    size = chosen.size
    opinions = form_opinions(rng, count=size)
    spoken = rng.random((size, len(ASPECTS))) < np.array([a.spoken for a in ASPECTS])
    silent = rng.random(size) < SILENT
    english = rng.random(size) < ENGLISH
    sources = rng.choice(np.array([s[0] for s in SOURCES]), size, p=np.array([s[1] for s in SOURCES]))
    sources = np.where((sources == "réclamation") & (opinions.rating > 2), "avis", sources)
    languages = np.where(english, "en", "fr")
    texts = [
        _write(opinions.content[n], spoken[n], int(opinions.rating[n]), str(languages[n]), rng)
        for n in range(size)
    ]
    survey = sources == "enquête"
    ids = np.array([p.product_id for p in world.company.products])
    return pa.table(
        {
            "feedback_id": [f"F{n:06d}" for n in range(1, size + 1)],
            "at": instants(second, start=world.start.isoformat()),
            "text": pa.array(texts, mask=silent),
            "rating": opinions.rating,
            "rating_max": np.full(size, 5),
            "nps": pa.array(opinions.nps, mask=~survey),
            "source": sources,
            "language": languages,
            "customer_id": customer_ids(lines.customer[chosen]),
            "product_id": ids[lines.product[chosen]],
            "brand": [world.company.name] * size,
        }
    ).sort_by([("at", "ascending"), ("feedback_id", "ascending")])
