"""Published cases of other tools, by their identifier."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    """Every published case of the area."""
    return {
        case["id"]: case
        for file in sorted((shared / "cases" / "experiments").glob("*.json"))
        for case in json.loads(file.read_text(encoding="utf-8"))
    }
