"""The command that tells what to expect."""

from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace


def forecast(
    kind: Annotated[Literal["sales", "market", "signals"], typer.Argument(help="Of what.")] = "sales",
    workspace: Workspace = HERE,
    *,
    of: Annotated[str | None, typer.Option(help="One brand or topic only.")] = None,
    ahead: Annotated[int, typer.Option(help="How many months or weeks.")] = 12,
    weeks: Annotated[bool, typer.Option("--weeks", help="By week and not by month.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """Tell what to expect of sales, of the market's brands or of topics, with intervals."""
    from cmo.loop.forecasting import forecasts

    output.give(forecasts(workspace, kind, of=of, ahead=ahead, weeks=weeks, language=language), json=json)
