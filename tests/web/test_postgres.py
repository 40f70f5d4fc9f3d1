"""The office of a team: the same tables on PostgreSQL."""

import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.postgres
SCRIPT = Path(__file__).parent / "office.py"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="cmo-postgres-") as data:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        server = importlib.import_module("pgserver").get_server(data, cleanup_mode="stop")
        yield f"postgresql://postgres@{quote(data, safe='')}/postgres"
        server.cleanup()


def test_an_office_is_made_on_postgresql(database: str, tmp_path: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "office")],
        capture_output=True,
        text=True,
        check=False,
        env=environ | {"CMO_DATABASE_URL": database},
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout.splitlines()[-1])["sessions"]) >= {"owner", "viewer"}
    assert not (tmp_path / "office" / ".cmo" / "ledger.sqlite3").exists()
