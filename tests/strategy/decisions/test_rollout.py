from collections.abc import Callable

import numpy as np
import pytest

from cmo.measures import Estimate, Grade
from cmo.strategy.decisions.decision import Decision, Kind, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.rollout import rollouts

REMINDER = {"id": "reminder", "kind": "split", "start": "2026-05-01", "end": "2026-05-28"}


def lift(
    estimate: Callable[..., Estimate], mean: float, *, sd: float = 0.02, test: str = "reminder"
) -> Estimate:
    draws = mean + sd * np.random.default_rng(3).standard_normal(600)
    return estimate("experiments.lift", draws, subjects=(test,), by="test", grade=Grade.A)


def test_what_a_test_showed_is_given_to_all_at_the_margin_it_leaves(
    ground: Callable[..., Ground], estimate: Callable[..., Estimate], sales: tuple[Estimate, ...]
) -> None:
    (found,) = rollouts(ground(*sales, lift(estimate, 0.2), tests=[REMINDER]))
    assert isinstance(found, Decision)
    assert (found.kind, found.basis.grade) == (Kind.CUSTOMER, Grade.A)
    # (10,000 * 100 - 4,000 * 50) over 28 days at a margin of half, a fifth more, less ten hours
    assert found.expected.mean == pytest.approx(800_000 * 28 / 365 * 0.5 * 0.2 - 500, rel=0.02)


@pytest.mark.parametrize("mean", [0.0, -0.2])
def test_what_a_test_did_not_show_is_left_alone(
    mean: float, ground: Callable[..., Ground], estimate: Callable[..., Estimate], sales: tuple[Estimate, ...]
) -> None:
    (found,) = rollouts(ground(*sales, lift(estimate, mean), tests=[REMINDER]))
    assert isinstance(found, Withheld)
    assert "not rolled out" in found.why.en


def test_a_message_needs_to_say_which_sales_it_touches(
    ground: Callable[..., Ground], estimate: Callable[..., Estimate], sales: tuple[Estimate, ...]
) -> None:
    banner = {"id": "banner", "kind": "ab", "start": "2026-05-01", "end": "2026-05-14"}
    won = lift(estimate, 0.2, test="banner")
    (found,) = rollouts(ground(*sales, won, tests=[banner]))
    assert isinstance(found, Withheld)
    assert "sales channel" in found.why.en
    sites = estimate(
        "sales.revenue", np.full((600, 2), 500_000.0), subjects=("site", "shop"), by="sales_channel"
    )
    (told,) = rollouts(ground(*sales, sites, won, tests=[banner | {"channel": "site"}]))
    assert isinstance(told, Decision)
    assert told.kind is Kind.MESSAGE


def test_without_margins_nothing_is_rolled_out(
    ground: Callable[..., Ground], estimate: Callable[..., Estimate]
) -> None:
    (found,) = rollouts(ground(lift(estimate, 0.2), tests=[REMINDER]))
    assert isinstance(found, Withheld)
    assert "margin" in found.why.en


def test_a_test_that_runs_still_or_was_not_read_is_no_ground(
    ground: Callable[..., Ground], sales: tuple[Estimate, ...]
) -> None:
    running = REMINDER | {"id": "later", "end": "2027-05-28"}
    (found,) = rollouts(ground(*sales, tests=[REMINDER, running]))
    assert isinstance(found, Withheld)
    assert "could not be read" in found.why.en
