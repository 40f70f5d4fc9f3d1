"""Regions to treat: within limits, and as sure as their own past says."""

from collections.abc import Callable

import numpy as np
import pytest

from cmo.experiments.geo_design import Limits, error_of, market_choices
from cmo.experiments.past import Panel
from cmo.experiments.time_design import before_after_error, switchback_error

MakePanel = Callable[..., Panel]


def test_the_error_told_is_the_error_made(panel: MakePanel) -> None:
    found = error_of(panel(0.05), ("region-c", "region-h"), periods=6)
    assert found is not None
    size = np.linspace(500.0, 4000.0, 10)[[2, 7]]
    own = 0.05 * np.sqrt(np.sum(size**2)) / size.sum()
    # six weeks of it, and as much again for all that it is compared with
    floor = own / np.sqrt(6.0)
    assert 0.8 * floor < found.standard_error < 2.2 * floor


def test_twice_the_noise_doubles_the_error(panel: MakePanel) -> None:
    calm, rough = (error_of(panel(noise), ("region-e",), periods=6) for noise in (0.04, 0.08))
    assert calm is not None
    assert rough is not None
    assert rough.standard_error == pytest.approx(2.0 * calm.standard_error, rel=0.1)


def test_choices_keep_to_their_limits(panel: MakePanel) -> None:
    limits = Limits(include=("region-a",), exclude=("region-j",), most_share=0.25, sizes=(2,))
    choices = market_choices(panel(0.05), periods=4, limits=limits)
    assert choices
    for choice in choices:
        assert "region-a" in choice.regions
        assert "region-j" not in choice.regions
        assert choice.share <= 0.25
    assert [choice.standard_error for choice in choices] == sorted(
        choice.standard_error for choice in choices
    )


def test_unknown_or_contradictory_regions_are_refused(panel: MakePanel) -> None:
    with pytest.raises(ValueError, match="has no outcomes"):
        market_choices(panel(0.05), periods=4, limits=Limits(include=("Atlantis",)))
    with pytest.raises(ValueError, match="both included and excluded"):
        market_choices(panel(0.05), periods=4, limits=Limits(include=("region-a",), exclude=("region-a",)))


def test_a_past_too_short_offers_nothing(panel: MakePanel) -> None:
    assert market_choices(panel(0.05, weeks=12), periods=6) == ()


def test_on_and_off_is_less_sure_than_regions_side_by_side(panel: MakePanel) -> None:
    past = panel(0.05)
    rng = np.random.default_rng(1)
    on_off = switchback_error(past, weeks=8, block=2, rng=rng)
    choices = market_choices(past, periods=8)
    assert on_off is not None
    assert on_off > choices[0].standard_error
    assert switchback_error(past, weeks=4, block=2, rng=rng) is None


def test_before_and_after_needs_two_seasons(panel: MakePanel) -> None:
    assert before_after_error(panel(0.05, weeks=100), weeks=6) is None
    found = before_after_error(panel(0.05), weeks=6)
    assert found is not None
    assert 0.0 < found < 0.3
