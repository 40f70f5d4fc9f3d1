"""An assistant asks a reviewed company, over standard input and output as it would."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters

from cmo.loop.questions import QUESTIONS

CMO = Path(sys.executable).with_name("cmo")
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("CMO_") and name != "PYTHONDONTWRITEBYTECODE"
} | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
COMPANY = """\
company: {name: Petite Boutique, currency: EUR, language: en}
sources: {orders: {path: orders.csv}}
"""
STRATEGY = """\
beliefs: [{id: loyal, says: "Most come back", claim: {measure: customers.repeat_rate, at_least: 0.9}}]
"""
COMMANDS = {
    "beliefs": ("beliefs",),
    "decisions": ("decisions",),
    "strategy_map": ("strategy", "map"),
}
QUIET = ("measures", "challenges", "calibration", "tests", "tests_next", "imports")

Found = TypeVar("Found")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assistant") / "boutique"
    folder.mkdir()
    rows = ["order_id,customer_id,ordered_at,revenue"]
    rows += [f"{i},c{i * 7 % 90},2025-{1 + i % 12:02d}-{1 + i % 27:02d},{10 + i % 50}.50" for i in range(600)]
    (folder / "orders.csv").write_text("\n".join(rows) + "\n")
    (folder / "cmo.yaml").write_text(COMPANY)
    (folder / "strategy.yaml").write_text(STRATEGY)
    told(folder, "review")
    return folder


def told(folder: Path, *words: str) -> Any:
    done = subprocess.run(
        [CMO, *words, "-w", folder, "--json"], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def asked(folder: Path, talk: Callable[[Client], Awaitable[Found]], *options: str) -> Found:
    """Let an assistant talk to the server of a company."""
    server = StdioServerParameters(
        command=str(CMO), args=["mcp", "-w", str(folder), *options], env=ENVIRONMENT
    )

    async def connected() -> Found:
        async with Client(server) as client:
            return await talk(client)

    return asyncio.run(connected())


def test_every_question_is_a_tool_that_only_reads(company: Path) -> None:
    async def talk(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asked(company, talk)}
    assert tools.keys() == QUESTIONS.keys()
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert tools["measure"].input_schema["required"] == ["name"]
    assert "budget" in tools["plan"].input_schema["properties"]


def test_an_assistant_is_told_what_the_command_line_tells(company: Path) -> None:
    async def talk(client: Client) -> Any:
        found = {name: await client.call_tool(name, {}) for name in (*COMMANDS, *QUIET)}
        found["measure"] = await client.call_tool("measure", {"name": "sales.revenue", "of": "total"})
        return found

    found = asked(company, talk)
    assert not any(one.is_error for one in found.values())
    for name, words in COMMANDS.items():
        assert found[name].structured_content["data"] == told(company, *words), name
    revenue = found["measure"].structured_content["data"]
    assert revenue == told(company, "measure", "sales.revenue", "--of", "total")
    assert found["measure"].structured_content["lines"]


def test_what_cannot_be_said_is_a_sentence(company: Path) -> None:
    async def talk(client: Client) -> Any:
        return (
            await client.call_tool("measure", {"name": "media.rio"}),
            await client.call_tool("plan", {}),
        )

    unknown, no_plan = asked(company, talk)
    assert unknown.is_error
    assert "did you mean media.roi?" in unknown.content[0].text
    assert no_plan.is_error
    assert "media" in no_plan.content[0].text


def test_the_brief_is_a_resource(company: Path) -> None:
    async def talk(client: Client) -> Any:
        return await client.read_resource("cmo://brief/board")

    text = asked(company, talk).contents[0].text
    assert text.startswith("Petite Boutique · Brief for the board")
    assert "\n# " in text


def test_writing_is_proposing_and_off_by_default(company: Path) -> None:
    said = {"says": "Write to sleeping customers", "because": "Repeat rate is far below what we believed"}

    async def tools(client: Client) -> Any:
        return [tool.name for tool in (await client.list_tools()).tools]

    async def propose(client: Client) -> Any:
        return await client.call_tool("propose", said)

    assert "propose" not in asked(company, tools)
    done = asked(company, propose, "--proposals")
    assert done.structured_content["data"]["state"] == "asked"
