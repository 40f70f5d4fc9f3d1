"""Commands of the sales channels: what each brings, its stage, pilots with an end."""

from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(help="The sales channels. Without a command: all of them.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Show every channel's figures and stage, and what moves between them."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.channels import channels

    output.give(channels(workspace, language=language), json=json)


@app.command()
def move(  # noqa: PLR0913 - an option each
    channel: Annotated[str, typer.Argument(help="Name of the sales channel.")],
    stage: Annotated[
        Literal["prospect", "pilot", "scale", "harvest", "stop"], typer.Argument(help="Where to.")
    ],
    workspace: Workspace = HERE,
    *,
    money: Annotated[
        float | None, typer.Option(help="What a pilot may cost.", show_default="as proposed")
    ] = None,
    weeks: Annotated[int | None, typer.Option(help="How long it runs.", show_default="as proposed")] = None,
    kill_below: Annotated[
        float | None,
        typer.Option(help="Margin per money below which it ends.", show_default="1"),
    ] = None,
    because: Annotated[str, typer.Option("--because", help="The reason.")] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Move a sales channel to a stage; a pilot is begun with the rule that ends it."""
    from cmo.loop.channels import Terms, moved

    terms = Terms(money=money, weeks=weeks, kill_below=kill_below)
    output.give(moved(workspace, channel, stage, words=because, terms=terms, language=language), json=json)
