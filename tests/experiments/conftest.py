"""Published cases of other tools, by their identifier."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from cmo.experiments.past import Panel


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    """Every published case of the area."""
    return {
        case["id"]: case
        for file in sorted((shared / "cases" / "experiments").glob("*.json"))
        for case in json.loads(file.read_text(encoding="utf-8"))
    }


@pytest.fixture
def panel() -> Callable[..., Panel]:
    """Makes ten regions that share trend and season, each with its own noise."""

    def made(noise: float, *, weeks: int = 130, seed: int = 3) -> Panel:
        rng = np.random.default_rng(seed)
        at = np.arange(weeks)
        shared = 1.0 + 0.3 * np.sin(2 * np.pi * at / 52.0) + 0.002 * at
        names = tuple(f"region-{letter}" for letter in "abcdefghij")
        size = np.linspace(500.0, 4000.0, len(names))
        outcomes = shared[:, None] * size * np.exp(noise * rng.standard_normal((weeks, len(names))))
        days = tuple(date(2024, 1, 1) + timedelta(weeks=int(i)) for i in at)
        spend = {"tv": np.full((weeks, len(names)), 10.0)}
        return Panel(days=days, regions=names, outcomes=outcomes, spend=spend)

    return made


settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("unhurried")
