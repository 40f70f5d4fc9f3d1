"""An office that runs, and people in every role who visit it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

HERE = Path(__file__).parent
CMO = Path(sys.executable).with_name("cmo")
_TOKEN = "t" * 32


@dataclass(frozen=True)
class Answer:
    """What an address answered."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True)
class Office:
    """An office that runs."""

    folder: Path
    port: int
    made: dict[str, Any]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def ask(
        self,
        path: str,
        *,
        role: str | None = None,
        form: dict[str, str] | None = None,
        said: Any = None,
        files: dict[str, str] | None = None,
        key: str | None = None,
        forged: bool = False,
        **headers: str,
    ) -> Answer:
        """Ask for an address as somebody: with a form, or with JSON and the key of a program."""
        cookies = {} if role is None else {"cmo_session": self.made["sessions"][role]}
        sent = {
            "Host": f"localhost:{self.port}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        body: str | None = None
        if key is not None:
            sent["Authorization"] = f"Bearer {self.made['keys'].get(key, key)}"
        if files is not None:
            body, sent["Content-Type"] = enclosed(files)
            cookies["cmo_csrf"] = sent["X-CSRFToken"] = _TOKEN
        if said is not None:
            body = said if isinstance(said, str) else json.dumps(said)
            sent["Content-Type"] = "application/json"
        if form is not None:
            body = urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            if not forged:
                cookies["cmo_csrf"] = sent["X-CSRFToken"] = _TOKEN
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET" if body is None else "POST", path, body=body, headers=sent)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)


def enclosed(files: dict[str, str]) -> tuple[str, str]:
    """A form with files, and what kind of content that is."""
    parts = [
        f'--{_TOKEN}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n{text}\r\n'
        for name, text in files.items()
    ]
    return "".join(parts) + f"--{_TOKEN}--\r\n", f"multipart/form-data; boundary={_TOKEN}"


def environment(**more: str) -> dict[str, str]:
    """The environment of a program under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CMO_", "PYTHONDONT"))}
    ours = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CMO_API_PER_SECOND": "1000"}
    ours["CMO_WEBHOOK_NETWORKS"] = "127.0.0.0/8"
    return kept | ours | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int) -> tuple["subprocess.Popen[str]", str]:
    """Start `cmo serve`; the process, and what it told."""
    command = [CMO, "serve", "-w", folder, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    assert process.stdout is not None
    told = process.stdout.readline()
    assert f":{port}/" in told, told
    return process, told


def stop(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    process.stdout.read()
    process.stdout.close()
    return process.wait(30)


@pytest.fixture
def environ() -> dict[str, str]:
    return environment()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office") / "boutique"
    script = [sys.executable, str(HERE / "office.py"), str(folder)]
    done = subprocess.run(script, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    port = free_port()
    process, _ = start(folder, port)
    try:
        yield Office(folder, port, made)
    finally:
        ended = stop(process)
    assert ended == 0
