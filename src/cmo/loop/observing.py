"""Observing: what is new in the field, and what all of it amounts to in one digest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from cmo.ledger.strategy import apply_strategy, remembered_strategy
from cmo.ledger.tasks import digest_of_tasks
from cmo.loop.field_diary import keep_feedback
from cmo.loop.standing import STRATEGY, user
from cmo.loop.stating import stated_tests
from cmo.loop.workforce import take_up
from cmo.measures import MEASURES, Problem, Text, Unit
from cmo.strategy.decisions.life import CMO
from cmo.strategy.document import Strategy
from cmo.warehouse.batches import shown
from cmo.warehouse.erasure import swept
from cmo.warehouse.importing import fingerprint_of
from cmo.warehouse.intake import read_sources
from cmo.warehouse.manifest import Manifest
from cmo.warehouse.readout import ReadReport
from cmo.workspace import Workspace

Progress = Callable[[Text], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What goes into a review.

    Attributes:
        report: What was read of each source.
        strategy: The strategy in force.
        data: Digest of all that evidence is made from: tables, company, plan, tests, and what this version of
            cmo can measure.
        beliefs: Digest of the rest of the strategy, and of the work that the team was asked for.
    """

    report: ReadReport
    strategy: Strategy
    data: str
    beliefs: str

    @property
    def fingerprint(self) -> str:
        """Digest of all that goes into a review, the part that evidence depends on first."""
        return f"{self.data}:{self.beliefs}"


def observe(workspace: Workspace, *, progress: Progress) -> Observed:
    """Read what is new in the sources and in strategy.yaml.

    Args:
        workspace: The company's folder; its ledger is open.
        progress: Told which file is being read.

    Raises:
        Problem: A source or the strategy is not as it must be, or another process is writing.
    """

    def reading(origin: str, rows: int) -> None:
        name, so_far = shown(origin), Unit("count")
        progress(
            Text(
                f"reading {name}: {so_far.write(rows, 'en')} rows",
                f"lecture de {name} : {so_far.write(rows, 'fr')} lignes",
            )
        )

    path = workspace.folder / STRATEGY
    problems: list[str] = []
    report: ReadReport | None = None
    keep_feedback(workspace)
    try:
        report = read_sources(workspace, progress=reading)
        swept(workspace.cmo / "warehouse")
    except Problem as problem:
        problems += problem.sentences
    try:
        if path.exists():
            apply_strategy(path, by=user())
    except Problem as problem:
        problems += problem.sentences
    if report is None or problems:
        raise Problem(*problems)
    strategy = remembered_strategy()
    take_up(strategy, by=CMO)
    return Observed(
        report=report,
        strategy=strategy,
        data=_of_data(workspace, strategy),
        beliefs=_digest(repr((strategy, digest_of_tasks()))),
    )


def _of_data(workspace: Workspace, strategy: Strategy) -> str:
    held = Manifest.read(workspace.cmo / "warehouse").tables
    tables = [f"{name}={' '.join(map(fingerprint_of, imports))}" for name, imports in sorted(held.items())]
    config = workspace.config
    inputs = (config.company, config.engine, config.channels, strategy.plan, stated_tests(strategy))
    return _digest(repr((tables, inputs, version("chief-marketing-officer"), sorted(MEASURES))))


def _digest(said: str) -> str:
    return hashlib.blake2b(said.encode(), digest_size=24).hexdigest()
