"""What a choice survey says: what decides the choice, what it is worth in money, and who wants what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Unanswered, Window
from cmo.value.attributes import PRICE, Design, design, importance, willingness_to_pay
from cmo.value.choice import Choices, UnidentifiedError, Whole, logit
from cmo.value.choice_method import by_segment, model_says, segment_doubts
from cmo.value.choice_model import Asked, Chosen, choice_model
from cmo.value.method import REASON
from cmo.value.taste_names import class_names
from cmo.warehouse.field import Field
from cmo.warehouse.tables import TABLES

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

MEASURED = ("importance", "wtp", "segment_share")
DETERS = 0.95  # chance that a higher price deters below which nothing is put in money
FEWEST = 30  # persons of a segment below which it is not spoken of
LABEL = "alternative"
MOST_LABELS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A choice survey as the models take it.

    Attributes:
        choices: The tasks in which exactly one of at least two alternatives was chosen.
        design: What their columns mean.
        persons: Those who answered, in the order of their number.
        segments: Segment of each person, or None where the survey gives none.
        left_out: Number of tasks without exactly one choice.
    """

    choices: Choices
    design: Design
    persons: tuple[str, ...]
    segments: tuple[str, ...] | None
    left_out: int

    @property
    def price(self) -> int | None:
        """Column of the price, or None where there is none as a number."""
        price = self.design.attribute(PRICE)
        return None if price is None or price.levels else price.columns[0]

    def nest(self, attribute: str) -> Whole:
        """Nest of each alternative: those that share a level of an attribute; none of them stands alone.

        Raises:
            ValueError: The survey has no such attribute with levels.
        """
        one = self.design.attribute(attribute)
        if one is None or not one.levels:
            named = [known.name for known in self.design.attributes if known.levels]
            raise ValueError(f"nests == {attribute}, must be an attribute with levels: {', '.join(named)}")
        coded = self.choices.attributes[:, list(one.columns)]
        nest = np.where(coded.any(axis=1), coded.argmax(axis=1) + 1, 0)
        if self.design.none is not None:
            nest[self.choices.attributes[:, self.design.none] > 0] = len(one.levels)
        return np.asarray(nest, dtype=np.int64)

    @property
    def prices(self) -> tuple[float, float] | None:
        """Lowest and highest price shown, or None where there is none as a number."""
        price = self.design.attribute(PRICE)
        if price is None or price.levels:
            return None
        column = self.choices.attributes[:, price.columns[0]]
        if self.design.none is not None:
            column = column[self.choices.attributes[:, self.design.none] == 0]
        return float(column.min() + price.middle), float(column.max() + price.middle)

    def of_segment(self, name: str) -> Choices:
        """The tasks of the persons of one segment."""
        inside = np.array([segment == name for segment in self.segments or ()])
        return self.choices.of_tasks(inside[self.choices.person])

    def only(self, name: str) -> "Survey":
        """The survey of one segment alone."""
        inside = [segment == name for segment in self.segments or ()]
        kept = self.of_segment(name)
        return Survey(
            choices=replace(kept, person=np.unique(kept.person, return_inverse=True)[1]),
            design=replace(self.design, matrix=kept.attributes),
            persons=tuple(one for one, member in zip(self.persons, inside, strict=True) if member),
            segments=None,
            left_out=0,
        )


def choices(field: Field, *, rng: np.random.Generator) -> Answers:
    """`value.importance`, `value.wtp` and `value.segment_share`, joint.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    survey = survey_of(field)
    if survey is None:
        return _unanswered("no_choices")
    try:
        chosen = choice_model(Asked(choices=survey.choices, price=survey.price, draws=DRAWS), rng=rng)
    except UnidentifiedError:
        return _unanswered("unidentified")
    method = model_says(chosen)
    names = tuple(one.name for one in survey.design.attributes)
    shares = importance(survey.design, chosen.typical)
    return [
        _estimate(field, "importance", shares, subjects=names, by="attribute", method=method),
        _in_money(field, survey, chosen, method=method),
        *_of_segments(field, survey, rng=rng),
        _classes(field, survey, chosen, rng=rng),
    ]


def survey_of(field: Field) -> Survey | None:
    """The choice survey of a company, or None where there is none with attributes."""
    if "choices" not in field.tables:
        return None
    known = {column.name for column in TABLES["choices"].columns}
    names = [name for name in field.columns("choices") if name == PRICE or name not in known]
    rows, left_out = _tasks(field, names)
    if not rows.num_rows:
        return None
    described = {name: rows[name].to_pylist() for name in names}
    made = design(described | _labels(rows, described))
    if not made.matrix.shape[1]:
        return None
    people, places = np.unique(np.asarray(rows["respondent_id"].to_pylist(), dtype=str), return_inverse=True)
    tasks = np.unique(np.asarray(rows["task_id"].to_pylist(), dtype=str), return_inverse=True)[1]
    changes = (np.diff(places, prepend=-1) != 0) | (np.diff(tasks, prepend=-1) != 0)
    segments = None
    if "segment" in rows.column_names:
        said = rows["segment"].to_pylist()
        first = np.unique(places, return_index=True)[1]
        segments = tuple(str(said[row] or "") for row in first)
    return Survey(
        choices=Choices.of(
            made.matrix,
            task=np.cumsum(changes) - 1,
            chosen=np.asarray(rows["chosen"].to_pylist(), dtype=bool),
            person=places[changes],
        ),
        design=made,
        persons=tuple(people.tolist()),
        segments=segments if segments and len(set(segments)) > 1 else None,
        left_out=left_out,
    )


def _unanswered(why: str, names: tuple[str, ...] = MEASURED) -> Answers:
    unlock = "choices.price" if "price" in why else "choices"
    return [Unanswered(measure=f"value.{name}", reason=REASON[why], unlock=(unlock,)) for name in names]


def _tasks(field: Field, names: list[str]) -> tuple[pa.Table, int]:
    """The rows of the tasks in which exactly one of at least two was chosen, and how many other tasks."""
    rows = field.table("choices")
    key = ["respondent_id", "task_id"]
    counted = rows.group_by(key).aggregate(n_chosen=rows.chosen.cast("int64").sum(), n_shown=rows.count())
    sound = counted.filter(counted.n_chosen == 1, counted.n_shown > 1).select(*key)
    ordered = rows.semi_join(sound, key).order_by(*key, LABEL)
    segment = ["segment"] if "segment" in field.columns("choices") else []
    found = field.collect(ordered.select(*key, LABEL, "chosen", *segment, *names))
    total = int(field.collect(counted.count()).column(0)[0].as_py())
    kept = len(set(zip(found["respondent_id"].to_pylist(), found["task_id"].to_pylist(), strict=True)))
    return found, total - kept


def _labels(
    rows: pa.Table, described: dict[str, list[float | str | None]]
) -> dict[str, Sequence[float | str | None]]:
    """Names of alternatives that mean something, as an attribute; none where they are mere places.

    They say nothing new where an attribute with levels already tells them apart.
    """
    labels = [str(name) for name in rows[LABEL].to_pylist()]
    if all(name.isdecimal() for name in labels) or len(set(labels)) > MOST_LABELS:
        return {}
    for values in described.values():
        words = any(isinstance(value, str) for value in values)
        if words and len(set(zip(labels, values, strict=True))) == len(set(labels)):
            return {}
    empty = [all(value is None for value in row) for row in zip(*described.values(), strict=True)]
    empty = empty if described else [False] * len(labels)
    return {LABEL: [None if bare else name for name, bare in zip(labels, empty, strict=True)]}


def _in_money(field: Field, survey: Survey, chosen: Chosen, *, method: Text) -> Estimate | Unanswered:
    money = in_money(survey.design, chosen.typical, price=survey.price)
    if isinstance(money, str):
        return _unanswered(money, ("wtp",))[0]
    subjects, worths = money
    if not subjects:
        return _unanswered("no_choices", ("wtp",))[0]
    return _estimate(field, "wtp", worths, subjects=subjects, by="level", method=method)


def in_money(made: Design, typical: Floats, *, price: int | None) -> tuple[tuple[str, ...], Floats] | str:
    """Worth of each level in money, shape (draws, subjects), or the reason why it cannot be said."""
    if price is None:
        return "no_price"
    deterred = typical[:, price] < 0
    if deterred.mean() < DETERS:
        return "price_does_not_deter"
    return willingness_to_pay(made, typical[np.resize(np.flatnonzero(deterred), len(typical))])


def typical_of_segments(survey: Survey, *, rng: np.random.Generator) -> dict[str, Floats]:
    """Draws of the typical person of each segment, by a logit of its own, shape (draws, K)."""
    found: dict[str, Floats] = {}
    for name in sorted(set(survey.segments or ())):
        if not name or (survey.segments or ()).count(name) < FEWEST:
            continue
        try:
            fit = logit(survey.of_segment(name))
        except UnidentifiedError:
            continue
        found[name] = rng.multivariate_normal(fit.coefficients, fit.clustered, size=DRAWS, method="eigh")
    return found


def _of_segments(field: Field, survey: Survey, *, rng: np.random.Generator) -> Answers:
    """Importance and worth in money by segment of the survey."""
    typical = typical_of_segments(survey, rng=rng)
    if not typical:
        return []
    doubts = segment_doubts(sorted(set(survey.segments or ()) - set(typical)))
    importances, worths = [], []
    names: list[str] = []
    levels: list[str] = []
    for segment, drawn in typical.items():
        names += [f"{segment}: {one.name}" for one in survey.design.attributes]
        importances.append(importance(survey.design, drawn))
        money = in_money(survey.design, drawn, price=survey.price)
        if not isinstance(money, str):
            levels += [f"{segment}: {level}" for level in money[0]]
            worths.append(money[1])
    made: Answers = []
    for name, subjects, draws in (("importance", names, importances), ("wtp", levels, worths)):
        if subjects:
            made.append(
                _estimate(
                    field,
                    name,
                    np.hstack(draws),
                    subjects=tuple(subjects),
                    by="segment",
                    method=by_segment(name),
                    doubts=doubts,
                )
            )
    return made


def _classes(
    field: Field, survey: Survey, chosen: Chosen, *, rng: np.random.Generator
) -> Estimate | Unanswered:
    if chosen.classes is None:
        return _unanswered("few_tasks", ("segment_share",))[0]
    if chosen.classes.shares.size == 1:
        return _unanswered("one_class", ("segment_share",))[0]
    weights = rng.dirichlet(np.ones(len(survey.persons)), size=DRAWS)
    return _estimate(
        field,
        "segment_share",
        weights @ chosen.classes.memberships,
        subjects=tuple(name.en for name in class_names(survey.design, chosen.classes.coefficients)),
        by="segment",
        method=by_segment("segment_share"),
    )


def _estimate(
    field: Field,
    name: str,
    draws: Floats,
    *,
    subjects: tuple[str, ...],
    by: str,
    method: Text,
    doubts: tuple[Doubt, ...] = (),
) -> Estimate:
    return Estimate.of_draws(
        f"value.{name}",
        draws,
        subjects=subjects,
        by=by,
        unit=field.company.currency if name == "wtp" else "share",
        window=Window(start=field.as_of, end=field.as_of),
        as_of=field.as_of,
        method=method,
        grade=Grade.C,
        tables=("choices",),
        doubts=doubts,
    )
