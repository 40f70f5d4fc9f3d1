import numpy as np
import pytest

from cmo.bench.truth_charts import calibration_chart, coverage_chart
from cmo.bench.truth_report import report
from cmo.briefs.charts.render import svg
from cmo.simulation import Mechanisms


def _record(world: int, rng: np.random.Generator) -> dict[str, object]:
    claims, intervals = [], []
    for _ in range(40):
        said = float(rng.random())
        claims.append(["media.roi", "at_least", said, bool(rng.random() < said)])
    for _ in range(10):
        truth, guess = 2.0, 2.0 + 0.2 * rng.standard_normal()
        intervals.append(["media.roi", "tv", truth, guess - 0.329, guess, guess + 0.329])
    return {
        "world": world,
        "mechanisms": {name: bool(rng.integers(2)) for name in Mechanisms.names()},
        "claims": [*claims, ["media.roi", "is", None, True]],
        "intervals": intervals,
        "in_all": [],
        "doubts": {"media.roi": ["r_hat"] if world % 2 else []},
        "unmeasured": {"media.half_life": "No media."} if world == 1 else {},
        "seconds": 1.0,
    }


@pytest.fixture(scope="module")
def found() -> dict[str, object]:
    rng = np.random.default_rng(1)
    return report([_record(world, rng) for world in range(1, 41)])


def test_an_honest_judge_is_found_honest(found: dict) -> None:
    assert found["claims"]["count"] == 1600
    assert found["claims"]["unmeasurable"] == 40
    assert found["claims"]["calibration_error"] < 0.04
    assert found["coverage"]["low"] < 0.9 < found["coverage"]["high"]
    assert found["measures"]["media.roi"]["typical_over_truth"] == pytest.approx(1.0, abs=0.02)
    assert found["unmeasured"]["media.half_life"]["share"] == 1 / 40


def test_a_doubt_is_told_with_the_misses_with_and_without_it(found: dict) -> None:
    told = found["doubts"]["media.roi"]["r_hat"]
    assert told["fired"] == 0.5
    assert 0.0 <= told["missed_with"] <= 0.3


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_charts_can_be_drawn(found: dict, language: str) -> None:
    for spec in (calibration_chart(found, language), coverage_chart(found, language)):
        assert "<svg" in svg(spec, language=language, name="a")
