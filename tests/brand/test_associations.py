"""What a brand stands for beyond its size."""

import numpy as np
import pytest

from cmo.brand.associations import associations

ASKED = np.full((3, 3), 600.0)


def test_a_large_brand_has_more_of_everything_and_stands_out_by_nothing() -> None:
    shares = np.outer([0.9, 0.3, 0.1], [0.8, 0.4, 0.2])
    found = associations(np.round(ASKED * shares), ASKED, rng=np.random.default_rng(1), draws=500)
    assert np.abs(np.median(found.ratio, axis=0)).max() < 0.2
    assert found.standing_out().sum() <= 2


def test_what_a_brand_has_beyond_its_size_is_seen() -> None:
    shares = np.outer([0.9, 0.3, 0.1], [0.8, 0.4, 0.2])
    shares[1, 2] = 0.3
    found = associations(np.round(ASKED * shares), ASKED, rng=np.random.default_rng(1), draws=500)
    assert found.standing_out()[1, 2]
    assert np.median(found.ratio[:, 1, 2]) == pytest.approx(1.0, abs=0.6)
