"""Nothing public is undocumented, and documented commands run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from cmo.cli.main import app
from cmo.measures import MEASURES
from cmo.strategy.document import Strategy
from cmo.warehouse.tables import TABLES
from cmo.workspace import Document, validated

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_documented_with_its_unit_and_subjects(name: str) -> None:
    known = MEASURES[name]
    row = f"| `{name}` | {known.unit} | {', '.join(known.by)} | {known.says.en} |"
    assert row in page("measures.md")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_is_documented(name: str) -> None:
    section = page("tables.md").split(f"## {name}\n")[1].split("\n## ")[0]
    for column in TABLES[name].columns:
        assert re.search(rf"^\| \*{{0,2}}{column.name}\*{{0,2}} \|", section, flags=re.MULTILINE), column.name


def commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [(name, sub) for sub in inner] if inner else [(name,)]
    return found


@pytest.mark.parametrize("names", commands(), ids=" ".join)
def test_every_command_and_option_is_documented(names: tuple[str, ...]) -> None:
    command = get_command(app)
    for name in names:
        command = command.commands[name]  # type: ignore[attr-defined]
    heading = f"## `cmo {' '.join(names)}`"
    assert heading in page("commands.md")
    section = page("commands.md").split(heading)[1].split("\n## ")[0]
    for option in command.params:
        for flag in option.opts:
            if flag.startswith("--") and flag != "--help":
                assert f"`{flag}" in section, flag


def test_the_strategy_in_the_documents_is_valid(tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(objectives.*?)```", page("strategy.md"), flags=re.DOTALL)
    assert block is not None
    path = tmp_path / "strategy.yaml"
    path.write_text(block[1], encoding="utf-8")
    assert len(validated(Document.read(path), Strategy).beliefs) == 2


def documented_lines() -> list[str]:
    return [
        line.split("#")[0].strip()
        for block in re.findall(r"```sh\n(.*?)```", page("commands.md"), flags=re.DOTALL)
        for line in block.splitlines()
        if line.startswith("cmo ")
    ]


@pytest.mark.slow
def test_documented_commands_run_one_after_another(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("cmo")
    for line in documented_lines():
        words = [str(program), *shlex.split(line)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
