"""Claims: predicates over one measure's joint posterior that a program can evaluate."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from cmo.measures.estimate import Estimate
from cmo.measures.predicates import (
    NEEDS_SUBJECT,
    PARSERS,
    PREDICATES,
    Against,
    AtLeast,
    AtMost,
    Between,
    Extreme,
    Predicate,
    Top,
    Trend,
)
from cmo.measures.vocabulary import MEASURES
from cmo.measures.window import Window


class Unevaluable(Exception):  # noqa: N818 - not an error of the program: the verdict becomes `unmeasurable`
    """The evidence cannot bear the claim: a subject is missing, or there is no history."""

    def __init__(self, code: str, subject: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.subject = subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A predicate over one measure.

    Attributes:
        measure: Name in the vocabulary.
        predicate: What is claimed.
        of: The subject; none where the measure has a single one.
        during: The window to look at; none for all that is known.
    """

    measure: str
    predicate: Predicate
    of: str | None = None
    during: Window | None = None

    @classmethod
    def parse(cls, given: Mapping[str, object]) -> "Claim":
        """Read a claim as it stands in strategy.yaml.

        Raises:
            ValueError: With one sentence on what is wrong and what was expected.
        """
        names = [key for key in given if key in PREDICATES]
        if unknown := set(given) - {"measure", "of", "during", *PREDICATES}:
            raise ValueError(f"unknown key {_named(min(unknown), ('measure', 'of', 'during', *PREDICATES))}")
        measure = given.get("measure")
        if measure not in MEASURES:
            raise ValueError(f"unknown measure {_named(str(measure), tuple(MEASURES))}")
        if len(names) != 1:
            told = f"{len(names)} of them" if names else "none"
            raise ValueError(f"a claim takes exactly one of {', '.join(PREDICATES)}; this one has {told}")
        of = given.get("of")
        if of is None and names[0] in NEEDS_SUBJECT:
            raise ValueError(
                f"`{names[0]}` needs `of:`, the {MEASURES[str(measure)].by[0]} that is spoken of"
            )
        if of is not None and not isinstance(of, str):
            of = str(of)
        predicate = PARSERS[names[0]](given[names[0]])
        if isinstance(predicate, Against) and predicate.other == of:
            raise ValueError(f"{of!r} is compared with itself; name another subject in `of:`")
        during = given.get("during")
        return cls(
            measure=str(measure),
            predicate=predicate,
            of=of,
            during=None if during is None else Window.parse(during),
        )

    def as_mapping(self) -> dict[str, object]:
        """The claim as it would stand in strategy.yaml; `parse` reads it back."""
        said: dict[str, object] = {"measure": self.measure}
        if self.of is not None:
            said["of"] = self.of
        said.update(self.predicate.as_mapping())
        if self.during is not None:
            said["during"] = self.during.as_list()
        return said

    def holds(self, estimate: Estimate) -> npt.NDArray[np.bool_]:
        """Whether the claim is true in each joint draw, shape (draws,).

        Raises:
            Unevaluable: A subject is not in the estimate, or a trend is asked of an estimate without history.
        """
        subject = self.subject_in(estimate)
        column = _column(estimate, subject)
        if isinstance(self.predicate, AtLeast | AtMost | Between):
            return _within(self.predicate, estimate.draws[:, column])
        if isinstance(self.predicate, Extreme):
            place = 0 if self.predicate.highest else estimate.n_ranked - 1
            return np.equal(estimate.ranks[:, column], place)
        if isinstance(self.predicate, Top):
            return estimate.ranks[:, column] < self.predicate.k
        if isinstance(self.predicate, Trend):
            change = trend(estimate, column)
            return change > 0 if self.predicate.rising else change < 0
        mine, theirs = estimate.draws[:, column], estimate.draws[:, _column(estimate, self.predicate.other)]
        return _beyond(self.predicate, mine, theirs)

    def probability(self, estimate: Estimate) -> float:
        """Share of the joint draws in which the claim is true, in [0, 1]; raises like `holds`."""
        holds = self.holds(estimate)
        return int(np.count_nonzero(holds)) / len(holds)

    def subject_in(self, estimate: Estimate) -> str:
        """The subject spoken of: `of`, or the one that is meant where none is named.

        Raises:
            Unevaluable: Several subjects and none was named.
        """
        subject = self.of or estimate.whole
        if subject is not None:
            return subject
        raise Unevaluable("subject_not_named")


def trend(estimate: Estimate, column: int) -> npt.NDArray[np.float64]:
    """Change of a subject over its history in each draw, shape (draws,).

    With two full seasonal cycles: mean of the last cycle minus mean of the one before, so that the season
    cancels. Otherwise: least-squares slope per period.

    Raises:
        Unevaluable: The estimate has no history of at least three periods.
    """
    history = estimate.history
    if history is None or len(history.periods) < 3:
        raise Unevaluable("no_history")
    values = history.draws[:, column, :]
    cycle = history.cycle
    if cycle > 1 and values.shape[1] >= 2 * cycle:
        change: npt.NDArray[np.float64] = values[:, -cycle:].mean(1) - values[:, -2 * cycle : -cycle].mean(1)
        return change
    time = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    slope: npt.NDArray[np.float64] = values @ time / (time @ time)
    return slope


def _column(estimate: Estimate, subject: str) -> int:
    try:
        return estimate.column(subject)
    except KeyError:
        raise Unevaluable("subject_unknown", subject) from None


def _within(predicate: AtLeast | AtMost | Between, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    match predicate:
        case AtLeast(bound):
            return values >= bound
        case AtMost(bound):
            return values <= bound
        case Between(low, high):
            return (low <= values) & (values <= high)


def _beyond(
    predicate: Against, mine: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    if predicate.above:
        bar = theirs + predicate.by if predicate.times is None else theirs * predicate.times
        return mine > bar
    bar = theirs - predicate.by if predicate.times is None else theirs * predicate.times
    return mine < bar


def _named(wrong: str, right: tuple[str, ...]) -> str:
    near = get_close_matches(wrong, right, n=1)
    return f"{wrong!r}" + (
        f"; did you mean {near[0]!r}?" if near else f"; expected one of {', '.join(right)}"
    )
