"""`cmo tests batch`: how the next batch of a creative test is divided, and what finding out has cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.batches import batch_answer
from cmo.experiments.batches import Horizon, next_batch
from cmo.experiments.creative_analysis import Shown
from cmo.experiments.creative_evidence import shown_of, successes_of, variants_of
from cmo.experiments.registration import Registration
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.tests import life_of
from cmo.loop.analysing import exploratory
from cmo.loop.measuring import seed_of
from cmo.loop.standing import opened
from cmo.loop.stating import stated
from cmo.measures import Language, Problem
from cmo.warehouse.engines import open_field

_TABLES = ("experiment_units",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What is to be sent.

    Attributes:
        units: Units of the next batch.
        of: Units of the whole test, those already shown included; twice the next batch beyond what was shown
            where neither somebody nor the design says.
        creatives: Creatives with their traits; those of the design and of the table where nobody says.
    """

    units: int
    of: int | None = None
    creatives: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def batch(folder: Path, test: str, sending: Sending, *, language: Language | None) -> Answer:
    """Divide the next batch among the creatives of a test.

    Args:
        folder: The company's folder; its data has been read.
        test: Which test.
        sending: What is to be sent.
        language: Language of the answer.

    Raises:
        Problem: There are fewer than two creatives, no metric of 0 and 1, or fewer units to come than asked.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    life = life_of(test)
    told = next((exploratory(one) for one in strategy.tests if one.id == test), None)
    promise: Registration | None = told
    if life is not None and life.design is not None:
        promise = life.design.registration
    units = open_field(workspace, strategy=stated(strategy))
    metric = successes_of(units, None if promise is None else promise.metric or None)
    names = [name for name, _ in promise.shares] if promise is not None else []
    names += [name for name in sending.creatives if name not in names]
    shown = shown_of(units, test, metric=metric, names=names)
    variants, lesson = variants_of(units, shown, test, metric=metric, said=sending.creatives)
    planned = 0 if life is None or life.design is None else life.design.figures.units
    horizon = Horizon(batch=sending.units, to_come=_to_come(test, shown, sending, planned))
    if lesson is not None:
        horizon = Horizon(batch=horizon.batch, to_come=horizon.to_come, concentration=lesson.concentration)
    rng = np.random.default_rng(seed_of(f"batch {test} {sending.units} {sending.of}", units, _TABLES))
    try:
        found = next_batch(variants, horizon, rng=rng)
    except ValueError as error:
        raise Problem(f"{test}: {error}") from error
    spoken = language or workspace.config.company.language
    return batch_answer(test, found, variants, lesson=lesson, metric=metric, language=spoken)


def _to_come(test: str, shown: tuple[Shown, ...], sending: Sending, planned: int) -> int:
    seen = round(sum(float(one.units.sum()) for one in shown))
    whole = sending.of or (planned if planned > seen else seen + 2 * sending.units)
    if whole - seen < sending.units:
        raise Problem(
            f"{test}: {seen} of {whole} units were shown, and {sending.units} more were asked for: say how "
            "many there are in all (--of)"
        )
    return whole - seen
