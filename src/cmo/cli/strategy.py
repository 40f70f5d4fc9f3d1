"""Commands on the strategy: what the file says against what is remembered."""

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="strategy.yaml against what is remembered.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def diff(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show what applying strategy.yaml would change."""
    from cmo.loop.strategy import difference

    output.give(difference(workspace, language=language), json=json)


@app.command()
def apply(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Remember strategy.yaml. A conflict with edits made elsewhere refuses the whole."""
    from cmo.loop.strategy import applied

    output.give(applied(workspace, language=language), json=json)


@app.command()
def export(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Write what is remembered back to strategy.yaml, comments kept."""
    from cmo.loop.strategy import exported

    output.give(exported(workspace, language=language), json=json)


@app.command(name="map")
def map_(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show goals, choices, bets and beliefs on one page, and where they do not hold together."""
    from cmo.loop.mapping import mapped

    output.give(mapped(workspace, language=language), json=json)
