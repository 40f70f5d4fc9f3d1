"""Commands on brands: the funnel, and the map of their image."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="Brands: who knows, considers, prefers and buys them, and what they stand for.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def funnel(
    workspace: Workspace = HERE,
    *,
    segment: Annotated[
        str | None, typer.Option(help="People of one segment of the survey.", show_default="all")
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Who knows, considers, prefers and buys each brand in the last wave, and where ours loses people."""
    from cmo.loop.branding import funnelled

    output.give(funnelled(workspace, segment=segment, language=language), json=json)


@app.command("map")
def map_(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """What brands stand for beyond their size, and the map of their image with its stability."""
    from cmo.loop.branding import mapped_image

    output.give(mapped_image(workspace, language=language), json=json)
