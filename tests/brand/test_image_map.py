import json
from pathlib import Path

import numpy as np
import pytest

from cmo.brand.image_map import image_map, stability


@pytest.mark.shared
def test_greenacres_smokers_are_reproduced(shared: Path) -> None:
    cases = json.loads((shared / "cases/value/brand_map.json").read_text())["cases"]
    case = next(case for case in cases if case["id"] == "smoke_ca")
    expected, rows = case["expected"], list(case["table"])
    found = image_map(np.array([case["table"][name] for name in rows], dtype=float))
    assert found.inertia == pytest.approx(expected["eigenvalues"], abs=1e-6)
    assert found.chi_square == pytest.approx(expected["chi2"], abs=0.005)
    assert found.row_mass == pytest.approx(expected["row_mass"], abs=1e-6)
    assert np.sqrt((found.rows**2).sum(axis=1)) == pytest.approx(expected["row_chidist"], abs=1e-6)
    inertia = found.row_mass * (found.rows**2).sum(axis=1)
    assert inertia == pytest.approx(expected["row_inertia"], abs=1e-6)
    standard = found.rows[:, 0] / np.sqrt(found.inertia[0])
    sign = np.sign(standard[rows.index("SM")] * expected["row_dim1_standard"]["SM"])
    for name, value in expected["row_dim1_standard"].items():
        assert sign * standard[rows.index(name)] == pytest.approx(value, abs=1e-5)


def test_brands_of_one_image_fall_on_one_point() -> None:
    counts = np.array([[10.0, 20.0, 30.0], [20.0, 40.0, 60.0], [30.0, 10.0, 5.0]])
    found = image_map(counts)
    assert np.allclose(found.rows[0], found.rows[1])


def test_the_cloud_is_centred_on_its_masses() -> None:
    found = image_map(np.random.default_rng(1).integers(5, 90, size=(5, 4)).astype(float))
    assert np.allclose(found.row_mass @ found.rows, 0)
    assert np.allclose(found.column_mass @ found.columns, 0)


def test_more_respondents_make_a_steadier_map() -> None:
    rng = np.random.default_rng(4)
    shares = rng.uniform(0.1, 0.7, size=(5, 4))
    agreement = []
    for asked in (60, 6000):
        n = np.full(shares.shape, float(asked))
        found = stability(np.round(shares * n), n, rng=rng, draws=40)
        agreement.append(found.agreement)
        assert found.rows.shape == (40, 5, 2)
    assert agreement[0] < agreement[1]
    assert agreement[1] > 0.97


@pytest.mark.parametrize("counts", [np.ones((1, 3)), np.array([[1.0, 0.0], [1.0, 0.0]])])
def test_tables_without_a_map_are_refused(counts: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"table|no count"):
        image_map(counts)
