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
