"""Credentials come from outside and are shown nowhere."""

from pathlib import Path

import pytest

from cmo.measures import Problem
from cmo.warehouse.credentials import Credentials
from cmo.workspace import Workspace


def workspace(folder: Path, file: str) -> Workspace:
    folder.mkdir(exist_ok=True)
    (folder / "cmo.yaml").write_text(f"company: {{name: A}}\ncredentials_file: '{file}'\nsources: {{}}\n")
    return Workspace.open(folder)


def secrets(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = secrets(tmp_path / "keys", "# keys\nexport A='one'\nB = two\n")
    monkeypatch.setenv("B", "three")
    credentials = Credentials.of(workspace(tmp_path / "w", str(path)))
    assert credentials.resolved("${A} ${B}", where="here") == "one three"


def test_a_password_in_a_url_is_written_as_urls_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "a@b/c:d")
    credentials = Credentials()
    url = credentials.resolved("postgresql://u:${PW}@host/db", where="here")
    assert url == "postgresql://u:a%40b%2Fc%3Ad@host/db"
    assert credentials.hidden(f"refused {url} and a@b/c:d") == "refused postgresql://u:…@host/db and …"


def test_secrets_inside_a_url_that_is_a_secret_are_hidden_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("URL", "mysql://clerk:hunter22@host/db")
    credentials = Credentials()
    credentials.resolved("${URL}", where="here")
    assert credentials.hidden("no access for clerk with hunter22") == "no access for … with …"


def test_what_is_named_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t0k3n")
    credentials = Credentials()
    credentials.resolved("${TOKEN}", where="here")
    assert (
        credentials.named("http://x/?after=2&access_token=t0k3n") == "http://x/?after=2&access_token=${TOKEN}"
    )
    assert credentials.restored("x=${TOKEN}") == "x=t0k3n"


@pytest.mark.parametrize(
    ("name", "text", "mode", "says"),
    [
        ("w/keys", "A=1\n", 0o600, "lies in the workspace"),
        ("keys", "A=1\n", 0o644, "others may read .*chmod 600"),
        ("keys", "nonsense\n", 0o600, "line 1: NAME=value was expected"),
    ],
)
def test_a_file_that_will_not_do_is_refused(
    tmp_path: Path, name: str, text: str, mode: int, says: str
) -> None:
    (tmp_path / "w").mkdir()
    path = secrets(tmp_path / name, text, mode)
    with pytest.raises(Problem, match=says):
        Credentials.of(workspace(tmp_path / "w", str(path)))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        Credentials.of(workspace(tmp_path / "w", str(tmp_path / "none")))
    with pytest.raises(Problem, match="an absolute path outside this folder was expected"):
        Credentials.of(workspace(tmp_path / "w", "keys"))
