"""Commands on consents: who may be written to, and what came back."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Workspace

app = typer.Typer(
    help="Consents. Without a command: how many addresses stand where, by purpose.", rich_markup_mode=None
)
Address = Annotated[str, typer.Argument(help="The e-mail address.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Count who agreed, who has still to confirm, who withdrew."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.consenting import counted

    output.give(counted(workspace, language=language), json=json)


@app.command()
def suppress(
    address: Address,
    workspace: Workspace = HERE,
    *,
    why: Annotated[
        Literal["withdrawn", "manual", "legal"], typer.Option(help="What legal ends, nobody takes up again.")
    ] = "manual",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Never write to an address again, whatever a file says; only its hash is kept."""
    from cmo.communication.consent import Kind
    from cmo.loop.consenting import withdraw
    from cmo.loop.standing import user

    output.give(withdraw(workspace, address, why=Kind(why), by=by or user(), language=language), json=json)


@app.command()
def bounces(
    files: Annotated[list[Path], typer.Argument(help="Messages that came back, or folders of them.")],
    workspace: Workspace = HERE,
    *,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Read delivery reports and complaints; read again, they change nothing."""
    from cmo.loop.consenting import taken_back
    from cmo.loop.standing import user

    output.give(taken_back(workspace, files, by=by or user(), language=language), json=json)
