"""Measuring: every area asked once of the whole field, and once for each window that a claim names."""

import hashlib
from collections.abc import Iterable

import numpy as np

from cmo.loop.catalogue import PROVIDERS
from cmo.loop.observing import Progress
from cmo.measures import MEASURES, Claim, Estimate, Text, Unanswered, Window, listing
from cmo.strategy.evidence import Evidence, windows_asked
from cmo.warehouse.field import Field


def measure_field(field: Field, *, claims: Iterable[Claim], progress: Progress) -> Evidence:
    """All that the areas can say of a field.

    Draws depend on the data alone: the same field gives the same draws.

    Args:
        field: The company's tables.
        claims: Claims whose windows (`during:`) are to be measured too.
        progress: Told what is being measured.

    Returns:
        Estimates and honest gaps, for every measure of the vocabulary.
    """
    asked = tuple(claims)
    whole = _asked(field, areas=tuple(PROVIDERS), progress=progress)
    during = {
        window: _asked(field.during(window), areas=_areas(asked, window), progress=progress)
        for window in windows_asked(asked)
    }
    return Evidence(estimates=whole.estimates, unanswered=whole.unanswered, during=during)


def _areas(claims: tuple[Claim, ...], window: Window) -> tuple[str, ...]:
    measures = {claim.measure for claim in claims if claim.during == window}
    return tuple(area for area, provider in PROVIDERS.items() if measures & set(provider.provides))


def _asked(field: Field, *, areas: tuple[str, ...], progress: Progress) -> Evidence:
    estimates: list[Estimate] = []
    unanswered: list[Unanswered] = []
    for area in areas:
        provider = PROVIDERS[area]
        at_hand = tuple(table for table in provider.reads if table in field.tables)
        if not at_hand:
            continue
        progress(Text(f"measuring {area}", f"mesure : {area}"))
        rng = np.random.default_rng(seed_of(area, field, at_hand))
        for answer in provider.ask(field, rng=rng):
            if isinstance(answer, Estimate):
                estimates.append(answer)
            else:
                unanswered.append(answer)
    said = {one.measure for one in estimates} | {one.measure for one in unanswered}
    if field.window is None:
        unanswered.extend(_nobody_asked(measure, field) for measure in MEASURES if measure not in said)
    return Evidence(estimates=tuple(estimates), unanswered=tuple(unanswered))


def seed_of(area: str, field: Field, tables: tuple[str, ...]) -> int:
    """The seed of an area's draws: it depends on the data it reads alone."""
    said = f"{area} {field.fingerprint(tables)}".encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest())


def _without(measure: str, missing: tuple[str, ...]) -> Unanswered:
    tables = listing(missing)
    return Unanswered(
        measure=measure,
        reason=Text(
            f"{MEASURES[measure].label.en} cannot be measured without the table {tables.en}.",
            f"{MEASURES[measure].label.fr} : impossible à mesurer sans la table {tables.fr}.",
        ),
        unlock=missing,
    )


def _nobody_asked(measure: str, field: Field) -> Unanswered:
    missing = tuple(table for table in MEASURES[measure].tables if table not in field.tables)
    if missing:
        return _without(measure, missing)
    label = MEASURES[measure].label
    return Unanswered(
        measure=measure,
        reason=Text(
            f"{label.en} is not measured by this version of cmo.",
            f"{label.fr} : cette version de cmo ne mesure pas encore cela.",
        ),
    )
