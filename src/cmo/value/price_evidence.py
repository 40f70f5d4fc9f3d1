"""What a price survey says: the corridor, and the price of least resistance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.measures import DRAWS, Doubt, Estimate, Grade, Unanswered, Window
from cmo.value.method import METHOD, REASON, inconsistent, one_product
from cmo.value.price_sensitivity import PriceSensitivity, is_consistent, price_sensitivity, resampled
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

ASKED = ("too_cheap", "cheap", "expensive", "too_expensive")
FEWEST = 10  # respondents who do not contradict themselves
FEWEST_OF_SEGMENT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Van Westendorp's meter among some respondents.

    Attributes:
        respondents: How many answered.
        inconsistent: Share of them who contradict themselves, left out of the rest.
        kept: Crossings among the others.
        everybody: Crossings among all.
        drawn: Lower end, upper end, optimal and indifference price among the others, shape (draws, 4).
    """

    respondents: int
    inconsistent: float
    kept: PriceSensitivity
    everybody: PriceSensitivity
    drawn: Floats


def meters(field: Field, *, rng: np.random.Generator) -> tuple[dict[str, Meter], tuple[Doubt, ...]]:
    """The meter of all respondents, under an empty name, and of each segment that has enough."""
    if "price_survey" not in field.tables:
        return {}, ()
    given, segments, doubts = _answers(field)
    found: dict[str, Meter] = {}
    for name in ("", *sorted(set(segments.tolist()) - {""})):
        inside = given if not name else given[segments == name]
        consistent = is_consistent(inside)
        if consistent.sum() < (FEWEST if not name else FEWEST_OF_SEGMENT):
            continue
        found[name] = Meter(
            respondents=len(inside),
            inconsistent=1 - float(consistent.mean()),
            kept=price_sensitivity(inside[consistent]),
            everybody=price_sensitivity(inside),
            drawn=resampled(inside[consistent], rng=rng, draws=DRAWS),
        )
    return found, doubts


def prices(field: Field, *, rng: np.random.Generator) -> Answers:
    """`value.price_corridor` and `value.optimal_price`, joint.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    if "price_survey" not in field.tables:
        return _unanswered("no_price_survey")
    given, _, doubts = _answers(field)
    consistent = is_consistent(given)
    if consistent.sum() < FEWEST:
        return _unanswered("few_respondents")
    if not consistent.all():
        everybody = price_sensitivity(given)
        corridor = everybody.lower.price, everybody.upper.price
        share = 1 - float(consistent.mean())
        doubts = (*doubts, *inconsistent(share, corridor=corridor, currency=field.company.currency))
    drawn = resampled(given[consistent], rng=rng, draws=DRAWS)
    return [
        _estimate(field, "price_corridor", drawn[:, :2], subjects=("lower", "upper"), doubts=doubts),
        _estimate(field, "optimal_price", drawn[:, 2:3], subjects=("total",), doubts=doubts),
    ]


def _unanswered(why: str) -> Answers:
    return [
        Unanswered(measure=f"value.{name}", reason=REASON[why], unlock=("price_survey",))
        for name in ("price_corridor", "optimal_price")
    ]


def _answers(field: Field) -> tuple[Floats, npt.NDArray[np.str_], tuple[Doubt, ...]]:
    """The four prices of each respondent on the product most asked about, and the segment of each."""
    survey = field.table("price_survey")
    known = field.columns("price_survey")
    columns = [*ASKED, *(name for name in ("product", "segment") if name in known)]
    for name in ASKED:
        survey = survey.filter(survey[name] > 0)
    rows = field.collect(survey.order_by("respondent_id", *columns).select(*columns))
    given = np.column_stack([rows[name].to_numpy() for name in ASKED]) if rows.num_rows else np.zeros((0, 4))
    segments = np.asarray(
        [str(name or "") for name in rows["segment"].to_pylist()]
        if "segment" in columns
        else [""] * len(given)
    )
    if "product" not in columns or not rows.num_rows:
        return given, segments, ()
    product = np.asarray([str(name) for name in rows["product"].to_pylist()])
    names, counts = np.unique(product, return_counts=True)
    most = str(names[counts.argmax()])
    doubts = one_product(most, n_products=names.size) if names.size > 1 else ()
    return given[product == most], segments[product == most], doubts


def _estimate(
    field: Field, name: str, draws: Floats, *, subjects: tuple[str, ...], doubts: tuple[Doubt, ...]
) -> Estimate:
    return Estimate.of_draws(
        f"value.{name}",
        draws,
        subjects=subjects,
        by="bound" if len(subjects) > 1 else "total",
        unit=field.company.currency,
        window=Window(start=field.as_of, end=field.as_of),
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.E,
        tables=("price_survey",),
        doubts=doubts,
    )
