from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from cmo.ledger import estimates, models
from cmo.measures import Estimate, Grade, Text, Unit, Window


def same(one: Estimate, other: Estimate) -> bool:
    return estimates.digest_of(one) == estimates.digest_of(other)


def test_an_estimate_comes_back_draw_for_draw(ledger: Path, estimate: Callable[..., Estimate]) -> None:
    given = estimate()
    estimates.remember([given])
    kept = estimates.estimate_of(models.Evidence.rows.get())
    assert kept.location.tolist() == given.location.tolist()
    assert np.array_equal(kept.deviations, given.deviations)
    assert kept.deviations.dtype == np.float32
    assert given.history is not None
    assert kept.history is not None
    assert np.array_equal(kept.history.draws, given.history.draws)
    assert (kept.history.periods, kept.history.cycle) == (given.history.periods, 12)
    for name in (
        "measure",
        "by",
        "subjects",
        "unit",
        "window",
        "as_of",
        "method",
        "grade",
        "tables",
        "doubts",
    ):
        assert getattr(kept, name) == getattr(given, name)
    assert same(kept, given)


def test_an_estimate_without_history_comes_back_without(
    ledger: Path, estimate: Callable[..., Estimate]
) -> None:
    estimates.remember([replace(estimate(), history=None)])
    assert estimates.estimate_of(models.Evidence.rows.get()).history is None


def test_an_unchanged_estimate_is_kept_once(ledger: Path, estimate: Callable[..., Estimate]) -> None:
    first = estimates.remember([estimate(), estimate(), estimate(seed=2)])
    again = estimates.remember([estimate(seed=2), estimate()])
    assert [row.pk for row in again] == [first[2].pk, first[0].pk]
    assert models.Evidence.rows.count() == models.EvidenceHistory.rows.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"measure": "media.mroi"},
        {"by": "region"},
        {"subjects": ("tv", "search")},
        {"location": np.array([1.0, 2.0])},
        {"unit": Unit("share")},
        {"window": Window.parse("2025")},
        {"as_of": date(2026, 11, 16)},
        {"method": Text("a model", "un autre modèle")},
        {"grade": Grade.A},
        {"tables": ("media",)},
        {"doubts": ()},
        {"history": None},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_any_difference_makes_another_digest(
    changed: dict[str, object], estimate: Callable[..., Estimate]
) -> None:
    assert not same(estimate(), replace(estimate(), **changed))


def test_a_single_draw_makes_another_digest(estimate: Callable[..., Estimate]) -> None:
    given = estimate()
    deviations = given.deviations.copy()
    deviations[3, 1] = np.nextafter(deviations[3, 1], np.float32(np.inf))
    assert not same(given, replace(given, deviations=deviations))
