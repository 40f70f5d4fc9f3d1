"""Published cases of other tools, by their identifier."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    """Every published case of the area."""
    return {
        case["id"]: case
        for file in sorted((shared / "cases" / "experiments").glob("*.json"))
        for case in json.loads(file.read_text(encoding="utf-8"))
    }


settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("unhurried")
