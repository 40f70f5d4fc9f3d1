"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pysail.spark import SparkConnectServer


@pytest.fixture(scope="session")
def shared() -> Path:
    """The field data and published cases beside the checkout (tests that use it carry the marker)."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.fail("../shared is missing: put the field data beside the checkout, or run -m 'not shared'")
    return folder


@pytest.fixture(scope="session")
def sail() -> Iterator[str]:
    """The address of a Spark Connect server without a JVM; one for all, as a client clings to its first."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()
