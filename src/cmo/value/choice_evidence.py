"""What a choice survey says: what decides the choice, and what it is worth in money."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.measures import DRAWS, Estimate, Grade, Unanswered, Window
from cmo.value.attributes import PRICE, Design, design, importance, willingness_to_pay
from cmo.value.choice import Choices, Logit, UnidentifiedError, logit
from cmo.value.method import METHOD, REASON
from cmo.warehouse.field import Field
from cmo.warehouse.tables import TABLES

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

MEASURED = ("importance", "wtp")
DETERS = 0.95  # chance that a higher price deters below which nothing is put in money


def choices(field: Field, *, rng: np.random.Generator) -> Answers:
    """`value.importance` by attribute and `value.wtp` by level, joint.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    if "choices" not in field.tables:
        return _unanswered("no_choices")
    known = {column.name for column in TABLES["choices"].columns}
    names = [name for name in field.columns("choices") if name not in known]
    rows = _tasks(field, names)
    if not names or not rows.num_rows:
        return _unanswered("no_choices")
    made = design({name: rows[name].to_pylist() for name in names})
    try:
        fit = logit(_choices(rows, made))
    except UnidentifiedError:
        return _unanswered("unidentified")
    drawn = rng.multivariate_normal(fit.coefficients, fit.clustered, size=DRAWS, method="eigh")
    subjects = tuple(one.name for one in made.attributes)
    shares = importance(made, drawn)
    return [
        _estimate(field, "importance", shares, subjects=subjects, by="attribute"),
        _in_money(field, made, fit, drawn=drawn),
    ]


def _unanswered(why: str, names: tuple[str, ...] = MEASURED) -> Answers:
    unlock = "choices.price" if "price" in why else "choices"
    return [Unanswered(measure=f"value.{name}", reason=REASON[why], unlock=(unlock,)) for name in names]


def _tasks(field: Field, names: list[str]) -> pa.Table:
    """The rows of the tasks in which exactly one of at least two alternatives was chosen, in order."""
    rows = field.table("choices")
    key = ["respondent_id", "task_id"]
    counted = rows.group_by(key).aggregate(n_chosen=rows.chosen.cast("int64").sum(), n_shown=rows.count())
    sound = counted.filter(counted.n_chosen == 1, counted.n_shown > 1).select(*key)
    ordered = rows.semi_join(sound, key).order_by(*key, "alternative")
    return field.collect(ordered.select(*key, "chosen", *names))


def _choices(rows: pa.Table, made: Design) -> Choices:
    people = np.unique(np.asarray(rows["respondent_id"].to_pylist(), dtype=str), return_inverse=True)[1]
    tasks = np.unique(np.asarray(rows["task_id"].to_pylist(), dtype=str), return_inverse=True)[1]
    changes = (np.diff(people, prepend=-1) != 0) | (np.diff(tasks, prepend=-1) != 0)
    return Choices.of(
        made.matrix,
        task=np.cumsum(changes) - 1,
        chosen=np.asarray(rows["chosen"].to_pylist(), dtype=bool),
        person=people[changes],
    )


def _in_money(field: Field, made: Design, fit: Logit, *, drawn: Floats) -> Estimate | Unanswered:
    price = made.attribute(PRICE)
    if price is None or price.levels:
        return _unanswered("no_price", ("wtp",))[0]
    deterred = drawn[:, price.columns[0]] < 0
    if fit.coefficients[price.columns[0]] >= 0 or deterred.mean() < DETERS:
        return _unanswered("price_does_not_deter", ("wtp",))[0]
    kept = drawn[np.resize(np.flatnonzero(deterred), DRAWS)]
    subjects, worths = willingness_to_pay(made, kept)
    if not subjects:
        return _unanswered("no_choices", ("wtp",))[0]
    return _estimate(field, "wtp", worths, subjects=subjects, by="level")


def _estimate(field: Field, name: str, draws: Floats, *, subjects: tuple[str, ...], by: str) -> Estimate:
    return Estimate.of_draws(
        f"value.{name}",
        draws,
        subjects=subjects,
        by=by,
        unit="share" if name == "importance" else field.company.currency,
        window=Window(start=field.as_of, end=field.as_of),
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.C,
        tables=("choices",),
    )
