"""The last wave of the brand survey: who knows, considers, prefers and buys each brand; its image."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.brand.funnel import conversion, nested_conversion, share_of_people
from cmo.measures import DRAWS, Window
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

STEPS = ("awareness", "consideration", "preference", "purchase", "recommendation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Counts of one wave.

    Attributes:
        window: Its month.
        brands: The brands.
        questions: The questions: steps of the funnel in order, or image attributes.
        asked: Persons asked, shape (brands, questions); 0 where a brand was not asked about.
        positive: Persons who said yes, same shape.
    """

    window: Window
    brands: tuple[str, ...]
    questions: tuple[str, ...]
    asked: Floats
    positive: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Shares at each step, and how many go on from one to the next.

    Attributes:
        wave: The counts.
        share: Share of people at each step, draws of shape (draws, brands, steps); NaN where not asked.
        onward: Share of those at a step who reach the next, shape (draws, brands, steps - 1).
    """

    wave: Wave
    share: Floats
    onward: Floats


def funnel(field: Field, *, rng: np.random.Generator, segment: str | None = None) -> Funnel | None:
    """The funnel of all brands in the last wave, or None where awareness was not asked.

    Args:
        field: The company's tables.
        rng: Source of randomness.
        segment: People of one segment, or None for all.
    """
    wave = last_wave(field, segment=segment, image=False)
    if wave is None or wave.questions[0] != STEPS[0]:
        return None
    known = wave.asked > 0
    share = share_of_people(
        np.where(known, wave.positive, 0), np.where(known, wave.asked, 1), rng=rng, draws=DRAWS
    )
    share[:, ~known] = np.nan
    onward = np.full((DRAWS, len(wave.brands), len(wave.questions) - 1), np.nan)
    for step in range(onward.shape[2]):
        both = known[:, step] & known[:, step + 1] & (wave.positive[:, step] > 0)
        part, whole = wave.positive[both, step + 1], wave.positive[both, step]
        same = np.array_equal(wave.asked[both, step], wave.asked[both, step + 1]) and np.all(part <= whole)
        if same:
            onward[:, both, step] = nested_conversion(part, whole, rng=rng, draws=DRAWS)
        else:
            onward[:, both, step] = conversion(share[:, both, step + 1], share[:, both, step])
    return Funnel(wave=wave, share=share, onward=onward)


def last_wave(field: Field, *, segment: str | None, image: bool) -> Wave | None:
    """Counts of the last month that asks about the funnel, or about the image."""
    survey = field.table("brand_survey")
    asked = survey.respondents.cast("float64")
    survey = survey.filter(asked > 0, survey.positive >= 0, survey.positive <= survey.respondents)
    survey = survey.filter(~survey.question.isin(STEPS) if image else survey.question.isin(STEPS))
    if segment is not None:
        survey = survey.filter(survey.segment == segment)
    rows = field.collect(
        survey.group_by(month=survey.date.truncate("M"), brand=survey.brand, question=survey.question)
        .aggregate(
            asked=survey.respondents.cast("float64").sum(), positive=survey.positive.cast("float64").sum()
        )
        .order_by("month", "brand", "question")
    ).to_pylist()
    if not rows:
        return None
    month = max(row["month"] for row in rows)
    rows = [row for row in rows if row["month"] == month]
    brands = tuple(sorted({row["brand"] for row in rows}))
    names = {row["question"] for row in rows}
    questions = tuple(sorted(names)) if image else tuple(step for step in STEPS if step in names)
    counts = np.zeros((2, len(brands), len(questions)))
    for row in rows:
        counts[:, brands.index(row["brand"]), questions.index(row["question"])] = (
            row["asked"],
            row["positive"],
        )
    return Wave(
        window=Window.parse(f"{month:%Y-%m}"),
        brands=brands,
        questions=questions,
        asked=counts[0],
        positive=counts[1],
    )


def segments(field: Field) -> tuple[str, ...]:
    """Segments that the brand survey tells apart."""
    if "segment" not in field.columns("brand_survey"):
        return ()
    survey = field.table("brand_survey")
    found = field.collect(survey.select("segment").distinct())["segment"].to_pylist()
    return tuple(sorted(str(one) for one in found if one))
