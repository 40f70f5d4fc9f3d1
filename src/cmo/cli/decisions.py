"""Commands on decisions: what to change, who approved it, what it brought."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Language, Workspace

if TYPE_CHECKING:
    from cmo.strategy.decisions.life import State

app = typer.Typer(help="What to change, best first. Without a command: all of them.", rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="Id or number of the decision.")]
Words = Annotated[str, typer.Option("--because", help="The reason, or what there is to say.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context,
    workspace: Workspace = HERE,
    *,
    calibration: Annotated[bool, typer.Option(help="How well cmo kept its own word so far.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """List what to change, best first, and what could not be decided."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop import decisions

    asked = decisions.calibration if calibration else decisions.decisions
    output.give(asked(workspace, language=language), json=json)


@app.command()
def show(name: Name, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show everything that is remembered of one decision."""
    from cmo.loop.decisions import one_decision

    output.give(one_decision(workspace, name, language=language), json=json)


@app.command()
def challenge(
    name: Name, because: Words, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Contest a decision before it is approved, with a reason."""
    from cmo.strategy.decisions.life import State

    _step(workspace, name, State.CHALLENGED, words=because, json=json, language=language)


@app.command()
def approve(
    name: Name, workspace: Workspace = HERE, *, because: Words = "", json: Json = False, language: In = None
) -> None:
    """Approve a decision; whoever proposed it cannot."""
    from cmo.strategy.decisions.life import State

    _step(workspace, name, State.APPROVED, words=because, json=json, language=language)


@app.command()
def reject(
    name: Name, because: Words, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Reject a decision with a reason; the same evidence will not propose it again."""
    from cmo.strategy.decisions.life import State

    _step(workspace, name, State.REJECTED, words=because, json=json, language=language)


@app.command()
def execute(
    name: Name, workspace: Workspace = HERE, *, because: Words = "", json: Json = False, language: In = None
) -> None:
    """Say that an approved decision was carried out."""
    from cmo.strategy.decisions.life import State

    _step(workspace, name, State.EXECUTED, words=because, json=json, language=language)


@app.command()
def review(
    name: Name,
    workspace: Workspace = HERE,
    *,
    brought: Annotated[
        float | None,
        typer.Option(help="Profit that it brought.", show_default="what the evidence now says"),
    ] = None,
    because: Words = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Hold the forecast of an executed decision against what happened."""
    from cmo.loop.decisions import taken_further
    from cmo.strategy.decisions.life import State

    answer = taken_further(
        workspace, name, state=State.REVIEWED, words=because, brought=brought, language=language
    )
    output.give(answer, json=json)


def _step(
    workspace: Path, name: str, state: "State", *, words: str, json: bool, language: Language | None
) -> None:
    from cmo.loop.decisions import taken_further

    output.give(taken_further(workspace, name, state=state, words=words, language=language), json=json)
