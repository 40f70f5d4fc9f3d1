"""Folders and their cmo.yaml, good and bad."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from cmo.measures import Problem
from cmo.workspace import Workspace
from cmo.workspace.place import files_at

GOOD = """\
company: {name: Maison Lumen, currency: EUR, language: fr, timezone: Europe/Paris, sector: cosmetics}
engine: duckdb
sources:
  orders:
    path: data/orders-*.parquet
    columns: {order_id: Invoice, revenue: Quantity * Price}
  media:
    - {path: data/google.csv}
    - {path: data/meta.csv, decimal: ","}
"""


def made(folder: Path, text: str | bytes) -> Path:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "cmo.yaml").write_bytes(data)
    return folder


def test_a_good_workspace_opens(tmp_path: Path) -> None:
    workspace = Workspace.open(made(tmp_path, GOOD))
    assert workspace.config.company.timezone == "Europe/Paris"
    assert [len(sources) for sources in workspace.config.sources.values()] == [1, 2]
    assert workspace.document.line_of(("sources", "orders", "columns", "revenue")) == 6
    assert workspace.cmo.is_dir()


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [*{old},*{old},*{old},*{old},*{old},*{old},*{old},*{old},*{old}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "line 1.*company is missing"),
    "a list": ("- a\n- b\n", "line 1.*keys with values"),
    "a word": ("hello", "line 1.*keys with values"),
    "a tab": ("company:\n\tname: a\n", "line 2.*(tab|cannot start)"),
    "not yaml": ("company: {name: a\n", "not YAML"),
    "two documents": ("company: {name: a}\n---\ncompany: {name: b}\n", "not YAML"),
    "latin-1": ("company: {name: Café}".encode("latin-1"), "line 1.*UTF-8"),
    "binary": (bytes(range(256)), "UTF-8|not YAML"),
    "nul": (b"company: {name: a\x00b}", "not YAML"),
    "a key twice": ("company: {name: a}\nengine: duckdb\nengine: duckdb\n", "line 3.*twice"),
    "an alias bomb": (BOMB, "values"),
    "an alias to itself": ("company: &c\n  name: a\n  more: *c\n", "not YAML|nest|values"),
    "deep nesting": ("company: " + "[" * 3000 + "]" * 3000, "nest"),
    "a python tag": ("company: !!python/object/apply:os.system ['true']\n", "keys with values"),
    "a merge key": ("company:\n  <<: {name: a}\n", "line 2.*key"),
    "a list as key": ("? [1]\n: 2\n", "key"),
    "an impossible day": ("company: {name: 2026-02-31}\n", "line 1.*quote"),
    "infinity": ("company: {name: .inf}\n", "finite"),
    "too large": ("# " + "x" * 2_000_001, "bytes"),
    "no name": ("company: {currency: EUR}", "line 1, company: the key name is missing"),
    "company a word": ("company: Acme", "line 1, company.*keys with values"),
    "unknown key": ("company: {name: a}\nsource: {}\n", "line 2.*Did you mean sources"),
    "unknown key inside": ("company: {name: a, curency: EUR}\n", "Did you mean currency"),
    "currency in words": ("company: {name: a, currency: euro}\n", "company.currency.*euro"),
    "language": ("company:\n  name: a\n  language: de\n", "line 3.*'fr' or 'en'"),
    "timezone": ("company: {name: a, timezone: Paris}\n", "Europe/Paris"),
    "engine": ("company: {name: a}\nengine: mysql\n", "line 2.*duckdb or sc://"),
    "sources a list": ("company: {name: a}\nsources: [a]\n", "line 2, sources"),
    "source a word": ("company: {name: a}\nsources: {orders: a.csv}\n", "sources.orders.*keys with values"),
    "source without place": (
        "company: {name: a}\nsources: {orders: {columns: {}}}\n",
        "path, or table with url",
    ),
    "source in two places": (
        "company: {name: a}\nsources: {orders: {path: a, table: b, url: c}}\n",
        "path, or table with url",
    ),
    "table without url": ("company: {name: a}\nsources: {orders: {table: b}}\n", "together"),
    "no source in list": ("company: {name: a}\nsources: {orders: []}\n", "sources.orders"),
    "unknown key of a source": (
        "company: {name: a}\nsources:\n  orders:\n    path: a.csv\n    column: {a: b}\n",
        "line 5.*Did you mean columns",
    ),
    "unknown key in the second source": (
        "company: {name: a}\nsources:\n  orders:\n    - path: a\n    - path: b\n      colums: {a: b}\n",
        "line 6.*Did you mean columns",
    ),
    "decimal": ("company: {name: a}\nsources: {orders: {path: a, decimal: x}}\n", "decimal"),
    "dates": ("company: {name: a}\nsources: {orders: {path: a, dates: dmy}}\n", "day_first"),
    "delimiter": ("company: {name: a}\nsources: {orders: {path: a, delimiter: ab}}\n", "delimiter"),
    "columns a list": ("company: {name: a}\nsources: {orders: {path: a, columns: [a]}}\n", "columns"),
    "column a list": (
        "company: {name: a}\nsources: {orders: {path: a, columns: {revenue: [a]}}}\n",
        "revenue",
    ),
    "column empty": ("company: {name: a}\nsources: {orders: {path: a, columns: {revenue: ''}}}\n", "revenue"),
    "path a number": ("company: {name: a}\nsources: {orders: {path: 3}}\n", "path"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_gives_a_sentence_with_its_place(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(Problem, match=says) as caught:
        Workspace.open(made(tmp_path, text))
    assert "cmo.yaml" in str(caught.value)
    assert all("\n" not in sentence and "Traceback" not in sentence for sentence in caught.value.sentences)


def test_each_error_has_its_own_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        Workspace.open(made(tmp_path, "company: {name: a, language: de, currency: x}\nsauces: {}\n"))
    assert len(caught.value.sentences) == 3


def test_a_utf_16_file_with_its_mark_is_read(tmp_path: Path) -> None:
    assert Workspace.open(made(tmp_path, GOOD.encode("utf-16"))).config.company.name == "Maison Lumen"


@pytest.mark.parametrize("what", ["nothing", "a file", "an empty folder", "a folder called cmo.yaml"])
def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "w"
    if what == "a file":
        folder.write_text("x")
    elif what != "nothing":
        folder.mkdir()
    if what == "a folder called cmo.yaml":
        (folder / "cmo.yaml").mkdir()
    with pytest.raises(Problem):
        Workspace.open(folder)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("../secret.csv", "leads out"),
        ("data/../../secret.csv", "leads out"),
        ("../*.csv", "leads out"),
        ("link.csv", "leads out"),
        ("li*.csv", "leads out"),
        ("linked/secret.csv", "leads out"),
        ("linked/*.csv", "leads out"),
        ("missing.csv", "no file there"),
        ("missing-*.csv", "no file there"),
        ("data", "a folder"),
        ("pipe", "not a regular file"),
        ("a\x00b", "NUL"),
        ("x" * 5000, "cannot be read|no file there"),
        ("/dev/zero", "not a regular file"),
    ],
)
def test_a_path_that_leads_nowhere_good_is_refused(tmp_path: Path, written: str, says: str) -> None:
    folder = tmp_path / "w"
    (folder / "data").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    with pytest.raises(Problem, match=says):
        files_at(written, folder=folder)


def test_an_absolute_path_may_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "b.csv").write_text("a\n")
    (tmp_path / "a.csv").write_text("a\n")
    assert files_at(str(tmp_path / "a.csv"), folder=tmp_path / "w") == (tmp_path / "a.csv",)
    found = files_at(str(tmp_path / "*.csv"), folder=tmp_path / "w")
    assert [path.name for path in found] == ["a.csv", "b.csv"]


def test_a_workspace_reached_through_a_link_is_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "a.csv").write_text("a\n")
    (tmp_path / "link").symlink_to(tmp_path / "w")
    assert files_at("a.csv", folder=tmp_path / "link")[0].name == "a.csv"


HOLDER = """
    import os, sys, time
    from pathlib import Path
    from cmo.workspace.lock import writing
    with writing(Path(sys.argv[1])):
        print("held", flush=True)
        time.sleep(60)
"""


def test_one_writer_at_a_time_and_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    workspace = Workspace.open(made(tmp_path, GOOD))
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(workspace.cmo / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Problem, match=f"process {holder.pid}"), workspace.writing():
            pass
        holder.kill()
        holder.wait()
    with workspace.writing(), workspace.writing():
        pass
