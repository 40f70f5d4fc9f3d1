"""What a price survey says: the corridor, and the price of least resistance."""

import numpy as np
import numpy.typing as npt

from cmo.measures import DRAWS, Doubt, Estimate, Grade, Unanswered, Window
from cmo.value.method import METHOD, REASON, inconsistent, one_product
from cmo.value.price_sensitivity import is_consistent, price_sensitivity, resampled
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

ASKED = ("too_cheap", "cheap", "expensive", "too_expensive")
FEWEST = 10  # respondents who do not contradict themselves


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
    given, doubts = _answers(field)
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


def _answers(field: Field) -> tuple[Floats, tuple[Doubt, ...]]:
    """The four prices of each respondent on the product most asked about."""
    survey = field.table("price_survey")
    columns = [*ASKED, *(["product"] if "product" in field.columns("price_survey") else [])]
    for name in ASKED:
        survey = survey.filter(survey[name] > 0)
    rows = field.collect(survey.order_by("respondent_id", *columns).select(*columns))
    given = np.column_stack([rows[name].to_numpy() for name in ASKED]) if rows.num_rows else np.zeros((0, 4))
    if "product" not in columns or not rows.num_rows:
        return given, ()
    product = np.asarray([str(name) for name in rows["product"].to_pylist()])
    names, counts = np.unique(product, return_counts=True)
    most = str(names[counts.argmax()])
    doubts = one_product(most, n_products=names.size) if names.size > 1 else ()
    return given[product == most], doubts


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
