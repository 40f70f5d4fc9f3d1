"""Commands of Test and Learn: every test from idea to learning."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="Tests, from idea to learning. Without a command: all of them with their state.",
    rich_markup_mode=None,
)
Test = Annotated[str, typer.Argument(help="Name of the test.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List all tests with their state."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.testing import board

    output.give(board(workspace, language), json=json)


@app.command()
def show(test: Test, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show everything that is remembered of one test."""
    from cmo.loop.testing import shown

    output.give(shown(workspace, test, language=language), json=json)


@app.command()
def analyse(
    test: Test,
    workspace: Workspace = HERE,
    *,
    segment: Annotated[
        str | None, typer.Option(help="Column of experiment_units whose values are looked at one by one.")
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Analyse a test as it was promised: checks first, then effects, then how it ends."""
    from cmo.loop.analysing import analyse as analysed
    from cmo.loop.standing import language_of

    with output.Progress(language or language_of(workspace)) as progress:
        answer = analysed(workspace, test, segment=segment, progress=progress, language=language)
    output.give(answer, json=json)


@app.command(name="next")
def next_(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show which tests are worth more than they cost, best first."""
    from cmo.loop.decisions import tests_next

    output.give(tests_next(workspace, language=language), json=json)
