"""What an analysis is told besides the data, and what is told of every analysis before its effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cmo.experiments.checks import Check
from cmo.experiments.findings import Findings, Look
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.shrinkage import History
from cmo.measures import Grade, Text
from cmo.warehouse.field import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an analysis is told besides the data.

    Attributes:
        registration: What was promised, or what strategy.yaml tells of.
        registered: Whether it was promised before.
        ended_on: Last day it really ran, where it was stopped.
        history: What the company's past tests teach, where there are enough.
        touched: Regions that other tests treated.
        segment_column: Column of `experiment_units` whose values are looked at one by one.
    """

    registration: Registration
    registered: bool
    ended_on: date | None = None
    history: History | None = None
    touched: tuple[str, ...] = ()
    segment_column: str | None = None


def framed(field: Field, asked: Asked, *, look: Look, checks: Sequence[Check], end: date) -> Findings:
    """What is told of every analysis before its effects: the promise, the look, the checks, the method.

    Args:
        field: The company's tables.
        asked: The promise.
        look: Whether it may be read.
        checks: What was looked at.
        end: Last day read.
    """
    promise = asked.registration
    drawn = promise.kind in {Kind.UNITS, Kind.CREATIVE} or bool(promise.lot)
    grade = Grade.A if drawn else Grade.B
    return Findings(
        test=promise.test,
        kind=promise.kind,
        grade=grade,
        registered=asked.registered,
        metric=promise.metric,
        start=promise.starts_on,
        end=end,
        as_of=field.as_of,
        look=look,
        checks=tuple(checks),
        method=_LOT if promise.lot else _METHODS[promise.kind],
    )


_RANDOM = Text(
    "Units drawn at random; relative difference of means, adjusted for what was known before (CUPED).",
    "Unités tirées au hasard ; différence relative des moyennes, ajustée de ce qui était connu (CUPED).",
)
_LOT = Text(
    "Regions drawn by lot among their likes; their changes against those of the others, held against every "
    "draw that could have been made.",
    "Régions tirées au sort parmi leurs semblables ; leur évolution face à celle des autres, jugée sur tous "
    "les tirages possibles.",
)
_METHODS = {
    Kind.UNITS: _RANDOM,
    Kind.CREATIVE: Text(
        "Shown batch by batch, more of what does better (Thompson sampling); rates weighted over batches, so "
        "that the favour shown to lucky creatives deceives nobody.",
        "Montré lot par lot, davantage de ce qui réussit (échantillonnage de Thompson) ; taux pondérés par "
        "lot, pour que la faveur faite aux chanceux ne trompe personne.",
    ),
    Kind.GEO: Text(
        "Treated regions against what the others say they would have done, calibrated in regions left alone.",
        "Régions traitées face à ce que les autres laissaient prévoir, calibré dans les régions à part.",
    ),
    Kind.SWITCHBACK: Text(
        "Weeks with the budget against weeks without, block by block.",
        "Semaines avec le budget face aux semaines sans, bloc par bloc.",
    ),
    Kind.BEFORE_AFTER: Text(
        "What came after against what trend and season would have brought; nothing else stands beside it.",
        "Ce qui a suivi face à ce que tendance et saison auraient donné ; rien d’autre pour comparer.",
    ),
}
