"""What is known of a measure now: joint posterior draws, never a bare number."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cmo.measures.figure import Figure
from cmo.measures.grades import Grade
from cmo.measures.text import Text
from cmo.measures.units import Unit
from cmo.measures.window import Window

DRAWS = 2_000
LEVEL = 0.9
WHOLES = ("total", "next_12_months")
"""Subjects that stand for all the others of their estimate together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A reason to read an estimate with care.

    Attributes:
        code: Stable name of the failed or missing assumption, `season_unknown`.
        says: The sentence for people.
    """

    code: str
    says: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A measure that could not be estimated, with the reason: never a harmless-looking default.

    Attributes:
        measure: Name of the measure.
        reason: Why, in a sentence.
        unlock: Canonical tables (or `table.column`) that would make an answer possible.
    """

    measure: str
    reason: Text
    unlock: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """The same quantity period by period, jointly with the estimate it belongs to.

    Attributes:
        periods: Consecutive windows, oldest first.
        location: Mean of the draws, float64, shape (subjects, periods).
        deviations: Draws minus their mean, float32, shape (draws, subjects, periods).
        cycle: Number of periods after which the season repeats (12 for months, 52 for weeks, 1 for none).
    """

    periods: tuple[Window, ...]
    location: npt.NDArray[np.float64]
    deviations: npt.NDArray[np.float32]
    cycle: int = 1

    @classmethod
    def of_draws(
        cls,
        draws: npt.NDArray[np.floating],
        *,
        periods: tuple[Window, ...],
        cycle: int = 1,
        exact: npt.NDArray[np.float64] | None = None,
    ) -> "History":
        """Keep draws of shape (draws, subjects, periods); `exact` counts take the place of their means."""
        if draws.ndim != 3 or draws.shape[2] != len(periods):
            raise ValueError(f"draws have shape {draws.shape}, expected (draws, subjects, {len(periods)})")
        location, deviations = _centred(draws)
        if exact is not None:
            location = np.asarray(exact, dtype=np.float64)
        return cls(periods=periods, location=location, deviations=deviations, cycle=cycle)

    @cached_property
    def draws(self) -> npt.NDArray[np.float64]:
        """All draws, shape (draws, subjects, periods)."""
        return self.location + self.deviations


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Joint draws of one measure over its subjects, with where they come from.

    Draws are kept as a float64 mean and float32 deviations from it: a counted total stays exact to the
    cent while its uncertainty costs four bytes a draw.

    Attributes:
        measure: Name in the vocabulary, `media.roi`.
        by: What the subjects are, `channel`; `total` for a single whole.
        subjects: Names, in the order of the columns of the draws.
        location: Mean of the draws of each subject, float64, shape (subjects,).
        deviations: Draws minus their mean, float32, shape (draws, subjects).
        unit: Unit of the draws.
        window: The days the measure speaks of.
        as_of: The last day that the data reach.
        method: How it was estimated, in a sentence.
        grade: Strength of the evidence.
        tables: Canonical tables it was computed from.
        doubts: Reasons to read it with care.
        history: The same quantity over time, where that was estimated.
    """

    measure: str
    by: str
    subjects: tuple[str, ...]
    location: npt.NDArray[np.float64]
    deviations: npt.NDArray[np.float32]
    unit: Unit
    window: Window
    as_of: date
    method: Text
    grade: Grade
    tables: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    history: History | None = None

    def __post_init__(self) -> None:
        """Refuse shapes that do not belong together, repeated subjects and numbers that are none."""
        n_subjects = len(self.subjects)
        if self.location.shape != (n_subjects,) or self.deviations.shape[1:] != (n_subjects,):
            raise ValueError(
                f"{self.measure}: location {self.location.shape} and deviations {self.deviations.shape} "
                f"do not fit {n_subjects} subjects"
            )
        if len(set(self.subjects)) != n_subjects or not n_subjects:
            raise ValueError(
                f"{self.measure}: subjects must be distinct and at least one, not {self.subjects}"
            )
        if not (np.isfinite(self.location).all() and np.isfinite(self.deviations).all()):
            raise ValueError(f"{self.measure}: a draw is not a finite number")

    @classmethod
    def of_draws(  # noqa: PLR0913 - every fact of an estimate is compulsory, and named
        cls,
        measure: str,
        draws: npt.NDArray[np.floating],
        *,
        subjects: tuple[str, ...],
        by: str,
        unit: str,
        window: Window,
        as_of: date,
        method: Text,
        grade: Grade,
        tables: tuple[str, ...],
        doubts: tuple[Doubt, ...] = (),
        history: History | None = None,
        exact: npt.NDArray[np.float64] | None = None,
    ) -> "Estimate":
        """Keep draws of shape (draws, subjects).

        Args:
            measure: Name in the vocabulary.
            draws: Joint draws, shape (draws, subjects), finite.
            subjects: Names of the columns.
            by: What the subjects are.
            unit: Name of the unit, see `Unit`.
            window: The days spoken of.
            as_of: The last day that the data reach.
            method: How it was estimated.
            grade: Strength of the evidence.
            tables: Canonical tables read.
            doubts: Reasons for care.
            history: The same quantity over time.
            exact: A counted value per subject that takes the place of the mean of its draws.

        Raises:
            ValueError: Shapes do not fit, a subject is repeated or a draw is not finite.
        """
        location, deviations = _centred(np.asarray(draws))
        return cls(
            measure=measure,
            by=by,
            subjects=subjects,
            location=location if exact is None else np.asarray(exact, dtype=np.float64),
            deviations=deviations,
            unit=Unit(unit),
            window=window,
            as_of=as_of,
            method=method,
            grade=grade,
            tables=tables,
            doubts=doubts,
            history=history,
        )

    @cached_property
    def draws(self) -> npt.NDArray[np.float64]:
        """All draws, shape (draws, subjects)."""
        return self.location + self.deviations

    @property
    def whole(self) -> str | None:
        """The subject that is meant where none is named: the only one, or the one that stands for all."""
        if len(self.subjects) == 1:
            return self.subjects[0]
        return next((subject for subject in self.subjects if subject in WHOLES), None)

    @property
    def n_ranked(self) -> int:
        """Number of subjects that are compared with one another."""
        return sum(subject not in WHOLES for subject in self.subjects) or len(self.subjects)

    @cached_property
    def ranks(self) -> npt.NDArray[np.intp]:
        """Rank of each subject within each draw, 0 the highest, ties to the first named; shape as draws.

        A subject that stands for all the others is no rival of theirs: it comes last.
        """
        wholes = [subject in WHOLES for subject in self.subjects]
        rivals = np.where(wholes, -np.inf, self.draws) if not all(wholes) else self.draws
        order = np.argsort(-rivals, axis=1, kind="stable")
        ranks = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(order.shape[1])[None, :], axis=1)
        return ranks

    def column(self, subject: str) -> int:
        """Position of `subject`.

        Raises:
            KeyError: It is not among the subjects.
        """
        try:
            return self.subjects.index(subject)
        except ValueError:
            raise KeyError(subject) from None

    def figure(self, subject: str, *, level: float = LEVEL) -> Figure:
        """Median and central interval of one subject; a count (grade D) is told as it was counted.

        Raises:
            KeyError: `subject` is not among the subjects.
        """
        column = self.column(subject)
        tail = (1 - level) / 2
        low, value, high = np.quantile(self.draws[:, column], [tail, 0.5, 1 - tail])
        if self.grade is Grade.D:
            value = self.location[column]
        return Figure(
            value=float(value),
            low=float(low),
            high=float(high),
            level=level,
            unit=self.unit,
            as_of=self.as_of,
            grade=self.grade,
            source=f"{self.measure}:{subject}",
        )

    def summary(self) -> list[dict[str, str | float]]:
        """One mapping per subject: subject, mean, median, sd, q05, q95."""
        low, median, high = np.quantile(self.draws, [0.05, 0.5, 0.95], axis=0)
        spread = self.draws.std(axis=0)
        return [
            {
                "subject": subject,
                "mean": float(self.location[i]),
                "median": float(median[i]),
                "sd": float(spread[i]),
                "q05": float(low[i]),
                "q95": float(high[i]),
            }
            for i, subject in enumerate(self.subjects)
        ]


def _centred(draws: npt.NDArray[np.floating]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float32]]:
    location = draws.mean(axis=0, dtype=np.float64)
    return location, (draws - location).astype(np.float32)
