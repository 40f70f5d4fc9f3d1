"""What people say when asked: prices they accept, choices they make, brands they know."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.simulation.living import Market, Week

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRICED_PRODUCT = "Crème Aurore"
REFERENCE_PRICE = 44.0  # EUR, median of what people expect such a cream to cost
REFERENCE_SPREAD = 0.22  # standard deviation of its logarithm
SEGMENT_TILT = (0.03, 0.08, -0.06, -0.10)  # log shift of the reference price by segment
BANDS = (0.55, 0.78, 1.24, 1.60)  # the four answers, relative to one's own reference price
BAND_SPREAD = 0.09
CARELESS = 0.05  # share of respondents whose answers are not in order

TASKS = 10
PARTWORTHS = {  # mean part-worths; the first level of each attribute is worth nothing
    "brand": {"Botanik": 0.0, "Claire de Provence": 0.25, "Maison Lumen": 0.55},
    "texture": {"gel": 0.0, "crème": 0.30, "baume": 0.10},
    "ingredients": {"classic": 0.0, "natural": 0.75, "organic": 1.40},
    "refill": {"disposable": 0.0, "refillable": 0.45},
}
PRICE_LEVELS = (38.0, 42.0, 46.0, 50.0)
PRICE_WORTH = -0.085  # per EUR, median
PRICE_WORTH_SPREAD = 0.25  # of its logarithm over people
TASTE_SPREAD = 0.45  # standard deviation of a part-worth over people

WAVES_A_YEAR = 4
WAVE_SIZE = 1_000
QUESTIONS = ("awareness", "consideration", "preference", "purchase", "recommendation")
FUNNEL = {  # consideration among the aware, preference among those who consider, and so on
    "Maison Lumen": (0.46, 0.36, 0.52, 0.44),
    "Claire de Provence": (0.40, 0.33, 0.60, 0.28),
    "Botanik": (0.37, 0.25, 0.52, 0.25),
    "Oréa": (0.30, 0.30, 0.45, 0.33),
}
IMAGE = {  # share of those who know the brand that agree
    "naturelle": (0.58, 0.44, 0.61, 0.18),
    "efficace": (0.43, 0.47, 0.33, 0.55),
    "luxueuse": (0.37, 0.20, 0.08, 0.63),
    "accessible": (0.31, 0.52, 0.66, 0.15),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondents:
    """People asked about prices: segment, own reference price, and the four answers (EUR)."""

    segment: Ints
    reference: Floats
    answers: Floats
    careless: npt.NDArray[np.bool_]


def ask_prices(rng: np.random.Generator, *, shares: Floats, count: int) -> Respondents:
    """Ask people the four questions of van Westendorp."""
    segment = rng.choice(shares.size, count, p=shares)
    tilt = np.resize(np.array(SEGMENT_TILT), shares.size)
    reference = REFERENCE_PRICE * np.exp(tilt[segment] + REFERENCE_SPREAD * rng.standard_normal(count))
    answers = reference[:, None] * np.array(BANDS) * np.exp(BAND_SPREAD * rng.standard_normal((count, 4)))
    answers = np.round(np.sort(answers, axis=1))
    careless = rng.random(count) < CARELESS
    answers[careless] = answers[careless][:, ::-1]
    return Respondents(segment=segment, reference=reference, answers=answers, careless=careless)


def price_survey_table(market: Market, rng: np.random.Generator, *, count: int = 620) -> pa.Table:
    """Answers on the price of one product."""
    segments = market.world.company.segments
    asked = ask_prices(rng, shares=np.array([s.share for s in segments]), count=count)
    names = ("too_cheap", "cheap", "expensive", "too_expensive")
    return pa.table(
        {
            "respondent_id": [f"P{n:04d}" for n in range(1, count + 1)],
            **{name: asked.answers[:, position] for position, name in enumerate(names)},
            "product": [PRICED_PRODUCT] * count,
            "segment": np.array([s.key for s in segments])[asked.segment],
        }
    )


def choices_table(market: Market, rng: np.random.Generator, *, count: int = 300) -> pa.Table:
    """A choice-based conjoint: three creams a task, ten tasks a person."""
    shape = (count, TASKS, 3)
    price_worth = PRICE_WORTH * np.exp(PRICE_WORTH_SPREAD * rng.standard_normal((count, 1, 1)))
    price = rng.choice(np.array(PRICE_LEVELS), shape)
    utility = price_worth * price
    columns: dict[str, npt.NDArray[np.str_]] = {}
    for attribute, levels in PARTWORTHS.items():
        level = rng.integers(0, len(levels), shape)
        mean = np.array(list(levels.values()))
        own = mean + np.where(mean != 0, TASTE_SPREAD, 0.0) * rng.standard_normal((count, len(levels)))
        utility += own[np.arange(count)[:, None, None], level]
        columns[attribute] = np.array(list(levels))[level].ravel()
    utility += rng.gumbel(size=shape)
    chosen = utility.argmax(axis=2)[:, :, None] == np.arange(3)
    person, task, alternative = (axis.ravel() for axis in np.indices(shape))
    segments = market.world.company.segments
    segment = rng.choice(len(segments), count, p=np.array([s.share for s in segments]))
    return pa.table(
        {
            "respondent_id": [f"R{n:04d}" for n in (person + 1).tolist()],
            "task_id": task + 1,
            "alternative": alternative + 1,
            "chosen": chosen.ravel().astype(np.int64),
            "segment": np.array([s.key for s in segments])[segment[person]],
            **columns,
            "price": price.ravel(),
        }
    )


def awareness(market: Market, week: Week) -> float:
    """Share of the people who know the brand."""
    people = market.population.people
    return float(week.state.aware @ people / people.sum())


def wave_weeks(market: Market) -> list[int]:
    """Weeks of the data in which brand surveys are taken."""
    step = 52 / WAVES_A_YEAR
    return [
        int(step * n + 6)
        for n in range(int(market.world.weeks / step))
        if int(step * n + 6) < market.world.weeks
    ]


def brand_survey_table(market: Market, lived: list[Week], rng: np.random.Generator) -> pa.Table:
    """Quarterly waves: the funnel and the image of the brand and of its rivals."""
    world, company = market.world, market.world.company
    brands = (company.name, *(r.name for r in company.rivals))
    known = {r.name: r.awareness for r in company.rivals}
    rows: list[tuple[date, str, str, int, int]] = []
    for number in wave_weeks(market):
        week = lived[world.past + number]
        known[company.name] = awareness(market, week)
        on = world.start + timedelta(weeks=number)
        for position, brand in enumerate(brands):
            steps = (known[brand], *FUNNEL.get(brand, (0.4, 0.3, 0.5, 0.3)))
            positive = int(rng.binomial(WAVE_SIZE, steps[0]))
            aware = positive
            for question, step in zip(QUESTIONS, steps, strict=True):
                if question != "awareness":
                    positive = int(rng.binomial(positive, step))
                rows.append((on, brand, question, WAVE_SIZE, positive))
            for attribute, agree in IMAGE.items():
                rows.append((on, brand, attribute, aware, int(rng.binomial(aware, agree[position % 4]))))
    dates, names, questions, asked, said = zip(*rows, strict=True)
    return pa.table(
        {
            "date": list(dates),
            "brand": list(names),
            "question": list(questions),
            "respondents": list(asked),
            "positive": list(said),
        }
    )
