"""Estimates kept with their draws, each under a digest of all that it says."""

import json
from collections.abc import Sequence
from hashlib import sha256

from cmo.ledger import models
from cmo.ledger.packing import exact, of_exact, pack, unpack
from cmo.measures import Doubt, Estimate, Grade, History, Text, Unit, Window


def digest_of(estimate: Estimate) -> str:
    """The digest under which an estimate is kept: equal estimates have one, any difference another."""
    history = estimate.history
    said = [
        estimate.measure,
        estimate.by,
        estimate.subjects,
        estimate.unit.name,
        estimate.window.as_list(),
        estimate.as_of.isoformat(),
        [estimate.method.en, estimate.method.fr],
        estimate.grade.value,
        estimate.tables,
        _doubts(estimate),
        estimate.deviations.shape,
        None if history is None else [history.cycle, [period.as_list() for period in history.periods]],
    ]
    digest = sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
    for part in (estimate, history):
        if part is not None:
            digest.update(exact(part.location))
            digest.update(part.deviations.astype("<f4").tobytes())
    return digest.hexdigest()


def remember(found: Sequence[Estimate]) -> list[models.Evidence]:
    """Keep the estimates that are not yet kept; the row of each, in the order given."""
    digests = [digest_of(estimate) for estimate in found]
    rows = {row.digest: row for row in models.Evidence.rows.filter(digest__in=digests).only("digest")}
    for digest, estimate in zip(digests, found, strict=True):
        if digest not in rows:
            rows[digest] = _row(estimate, digest)
            rows[digest].save()
    return [rows[digest] for digest in digests]


def estimate_of(row: models.Evidence) -> Estimate:
    """The estimate that was kept, draw for draw."""
    n_subjects = len(row.subjects)
    return Estimate(
        measure=row.measure,
        by=row.by,
        subjects=tuple(row.subjects),
        location=of_exact(bytes(row.location), (n_subjects,)),
        deviations=unpack(bytes(row.deviations), (row.n_draws, n_subjects)),
        unit=Unit(row.unit),
        window=Window(start=row.window_start, end=row.window_end),
        as_of=row.as_of,
        method=Text(row.method_en, row.method_fr),
        grade=Grade(row.grade),
        tables=tuple(row.tables),
        doubts=tuple(Doubt(code=doubt["code"], says=Text.of_mapping(doubt)) for doubt in row.doubts),
        history=None if row.history is None else _history_of(row.history, (row.n_draws, n_subjects)),
    )


def _row(estimate: Estimate, digest: str) -> models.Evidence:
    history = None if estimate.history is None else _history_row(estimate.history)
    return models.Evidence(
        digest=digest,
        measure=estimate.measure,
        by=estimate.by,
        subjects=list(estimate.subjects),
        unit=estimate.unit.name,
        window_start=estimate.window.start,
        window_end=estimate.window.end,
        as_of=estimate.as_of,
        method_en=estimate.method.en,
        method_fr=estimate.method.fr,
        grade=estimate.grade.value,
        tables=list(estimate.tables),
        doubts=_doubts(estimate),
        n_draws=estimate.deviations.shape[0],
        location=exact(estimate.location),
        deviations=pack(estimate.deviations),
        history=history,
    )


def _history_row(history: History) -> models.EvidenceHistory:
    row = models.EvidenceHistory(
        periods=[period.as_list() for period in history.periods],
        cycle=history.cycle,
        location=exact(history.location),
        deviations=pack(history.deviations),
    )
    row.save()
    return row


def _history_of(row: models.EvidenceHistory, shape: tuple[int, int]) -> History:
    n_draws, n_subjects = shape
    periods = tuple(Window.parse(period) for period in row.periods)
    return History(
        periods=periods,
        location=of_exact(bytes(row.location), (n_subjects, len(periods))),
        deviations=unpack(bytes(row.deviations), (n_draws, n_subjects, len(periods))),
        cycle=row.cycle,
    )


def _doubts(estimate: Estimate) -> list[dict[str, str]]:
    return [{"code": doubt.code} | doubt.says.as_mapping() for doubt in estimate.doubts]
