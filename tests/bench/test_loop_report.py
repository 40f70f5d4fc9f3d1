import numpy as np
import pytest

from cmo.bench.loop_charts import loop_chart
from cmo.bench.loop_report import loop_report
from cmo.briefs.charts.render import svg

SHARES = {
    "status quo": 0.0,
    "last click": -0.5,
    "model without tests": 0.4,
    "test everything": 0.3,
    "cmo": 0.7,
}


def _record(world: int, *, appears: int | None) -> dict[str, object]:
    base = 1e6 * np.arange(1, 13)
    policies = {
        name: {
            "profit": (base * (1 + 0.1 * share + 0.001 * (world % 3))).tolist(),
            "tests": 3,
            "found": 4 if name == "cmo" else None,
        }
        for name, share in (SHARES | {"oracle": 1.0}).items()
    }
    return {"world": world, "appears": appears, "policies": policies, "seconds": 2.0}


@pytest.fixture(scope="module")
def found() -> dict:
    return loop_report([_record(world, appears=3 if world % 2 else None) for world in range(1, 9)])


@pytest.mark.parametrize(("name", "share"), SHARES.items())
def test_each_policy_recovers_its_share_of_the_gap(found: dict, name: str, share: float) -> None:
    told = found["policies"][name]["recovered"]
    assert told["value"] == pytest.approx(share, abs=0.02)
    assert told["low"] <= told["value"] <= told["high"]


def test_wins_and_findings_are_counted(found: dict) -> None:
    assert found["wins"]["model without tests"]["value"] == 1.0
    assert found["policies"]["cmo"]["found"] == {"worlds": 4, "in_time": 1.0, "ever": 1.0, "quarters": 1.0}
    assert found["policies"]["last click"]["found"]["ever"] == 0.0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_chart_can_be_drawn(found: dict, language: str) -> None:
    assert "<svg" in svg(loop_chart(found, language), language=language, name="a")
