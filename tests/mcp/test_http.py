"""An assistant comes over the network: with a key, within its scopes, told what the command line tells."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

CMO = Path(sys.executable).with_name("cmo")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CMO_")} | {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
COMPANY = "company: {name: Petite Boutique, currency: EUR, language: en}\nsources: {}\n"
KEYS = """
import sys
from datetime import timedelta
from pathlib import Path
from cmo.web.start import configure, opened
opened(configure(Path(sys.argv[1])))
from django.utils import timezone
from cmo.web.models import Token, User
from cmo.web.tokens import digest_of
later = timezone.now() + timedelta(days=1)
wanted = {"analyst": ["see", "propose", "approve"], "viewer": ["see", "propose"], "owner": ["run"]}
for role, scopes in wanted.items():
    user = User.objects.create_user(f"{role}@example.org", role=role)
    Token.objects.create(digest=digest_of(role), name=role, owner=user, scopes=scopes, expires_at=later)
"""
SAID = {"says": "Write to sleeping customers", "because": "Fewer come back than we believed"}


class Server:
    """The server of a company, over HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, key: str, method: str, *, host: str | None = None, **params: Any) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "Host": host or f"localhost:{self.port}",
        }
        connection.request("POST", "/mcp", body=body, headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, json.loads(text) if text.startswith("{") else text


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assistant") / "boutique"
    folder.mkdir()
    (folder / "cmo.yaml").write_text(COMPANY)
    script = [sys.executable, "-c", KEYS, str(folder)]
    done = subprocess.run(script, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def server(company: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [CMO, "mcp", "-w", company, "--http", "--port", str(port), "--proposals"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert process.stdout is not None
    assert f":{port}/mcp" in process.stdout.readline()
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None
    yield Server(port)
    process.terminate()
    process.stdout.close()
    process.wait(30)


def test_nobody_without_a_key_that_sees_is_answered(server: Server) -> None:
    assert server.ask("nobody", "tools/list")[0] == 401
    assert server.ask("owner", "tools/list")[0] == 403


def test_another_host_is_not_answered(server: Server) -> None:
    assert server.ask("viewer", "tools/list", host="elsewhere.example")[0] in {403, 421}


def test_an_assistant_over_the_network_is_told_what_the_command_line_tells(
    server: Server, company: Path
) -> None:
    status, told = server.ask("viewer", "tools/call", name="measures", arguments={})
    assert status == 200, told
    command = [CMO, "measures", "-w", company, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert told["result"]["structuredContent"]["data"] == json.loads(done.stdout)


def test_a_proposal_bears_the_name_of_whose_key_it_is(server: Server) -> None:
    _, refused = server.ask("viewer", "tools/call", name="propose", arguments=SAID)
    assert refused["result"]["isError"]
    assert "propose" in refused["result"]["content"][0]["text"]
    _, done = server.ask("analyst", "tools/call", name="propose", arguments=SAID)
    assert done["result"]["structuredContent"]["data"]["state"] == "asked"
