"""What every test may ask for."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The field data and published cases beside the checkout (tests that use it carry the marker)."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.fail("../shared is missing: put the field data beside the checkout, or run -m 'not shared'")
    return folder
