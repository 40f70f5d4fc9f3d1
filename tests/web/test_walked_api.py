"""Whatever is given to the API, it answers: no call breaks. `walked_api.py FOLDER 100` is the long walk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "walked_api.py"


@pytest.mark.slow
def test_no_call_breaks_whatever_it_is_given(tmp_path: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "office"), "1"],
        capture_output=True,
        text=True,
        check=False,
        env=environ | {"CMO_API_PER_SECOND": "100000"},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["broken"] == []
    assert {"200", "422"} <= set(told["answered"])
