"""Commands on the journal of imports: what each reading brought, taking one back."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(help="What each reading of the sources brought; taking one back.", rich_markup_mode=None)

Number = Annotated[int, typer.Argument(help="Number of the batch, as cmo imports shows it.")]


@app.callback(invoke_without_command=True)
def imports(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List the batches: when, which files, how many rows were read, refused, new, restated."""
    if context.invoked_subcommand is None:
        from cmo.loop.imports import imports as listed

        output.give(listed(workspace, language=language), json=json)


@app.command()
def undo(number: Number, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Take a batch back: what it brought no longer counts, what it replaced counts again."""
    from cmo.loop.imports import undo as undone

    output.give(undone(workspace, number, language=language), json=json)


@app.command()
def redo(number: Number, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Put a batch back that was taken back."""
    from cmo.loop.imports import redo as redone

    output.give(redone(workspace, number, language=language), json=json)
