"""Commands on prices: what people say of them, and what sales say."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="Prices: what people say they accept, and how sales answered.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def survey(
    workspace: Workspace = HERE,
    *,
    cost: Annotated[
        float | None, typer.Option(min=0, help="Cost of one sale, for the price that earns most.")
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Prices that people find acceptable (Van Westendorp) and would pay (Gabor-Granger), with intervals."""
    from cmo.loop.pricing import stated_prices

    output.give(stated_prices(workspace, cost=cost, language=language), json=json)


@app.command()
def elasticity(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """How sales answered to prices, product by product, and the price that earns most with its risk."""
    from cmo.loop.pricing import sold_prices

    output.give(sold_prices(workspace, language=language), json=json)
