"""Commands on choice surveys: what is valued, what offers would win, the best price, a new questionnaire."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="What people choose: worth in money, share of preference, best price, questionnaires.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Model = Annotated[
    Literal["logit", "nested", "latent_classes", "mixed", "hierarchical"] | None,
    typer.Option(help="The model to take.", show_default="the one that foretells best"),
]
Nests = Annotated[
    str | None,
    typer.Option(
        help="Attribute whose levels stand closer to one another, such as brand.", show_default="none"
    ),
]
Segment = Annotated[str | None, typer.Option(help="People of one segment of the survey.", show_default="all")]
Offers = Annotated[Path, typer.Option(help="File of offers, ours and competitors', YAML or JSON.")]


@app.command()
def analyse(
    workspace: Workspace = HERE,
    *,
    model: Model = None,
    nests: Nests = None,
    segment: Segment = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Analyse the choice survey: its model and why, what decides, what each level is worth, to whom."""
    from cmo.loop.choosing import Wish, analysed
    from cmo.value.foretelling import Model as Known

    wish = Wish(model=None if model is None else Known(model), nests=nests, segment=segment)
    output.give(analysed(workspace, wish=wish, language=language), json=json)


@app.command()
def offers(
    workspace: Workspace = HERE,
    *,
    to: Annotated[Path, typer.Option(help="File to write, such as offers.yaml.")],
    json: Json = False,
    language: In = None,
) -> None:
    """Write a file of offers to begin from, with the attributes and levels of the survey."""
    from cmo.loop.choosing import begun

    output.give(begun(workspace, to, language=language), json=json)


@app.command()
def shares(
    workspace: Workspace = HERE,
    *,
    offers: Offers,
    model: Model = None,
    nests: Nests = None,
    segment: Segment = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Share of preference of offers at their prices, beside those of named competitors."""
    from cmo.loop.choosing import Wish, simulated
    from cmo.value.foretelling import Model as Known

    wish = Wish(model=None if model is None else Known(model), nests=nests, segment=segment)
    output.give(simulated(workspace, offers, wish=wish, language=language), json=json)


@app.command()
def price(  # noqa: PLR0913 - an option each
    workspace: Workspace = HERE,
    *,
    offers: Offers,
    ours: Annotated[
        str | None, typer.Option(help="Name of our offer.", show_default="the one marked ours: true")
    ] = None,
    cost: Annotated[
        float | None, typer.Option(help="Cost of one sale.", min=0, show_default="the file's")
    ] = None,
    lowest: Annotated[
        float | None, typer.Option("--from", help="Lowest price tried.", show_default="the survey's")
    ] = None,
    highest: Annotated[
        float | None, typer.Option("--to", help="Highest price tried.", show_default="the survey's")
    ] = None,
    step: Annotated[float | None, typer.Option(help="Step between prices.", show_default="a 25th")] = None,
    follow: Annotated[
        float, typer.Option(min=0, max=1, help="Share of our move that competitors follow.")
    ] = 0.0,
    model: Model = None,
    nests: Nests = None,
    segment: Segment = None,
    json: Json = False,
    language: In = None,
) -> None:
    """The price of our offer that earns most beside the others, with its risk."""
    from cmo.loop.choosing import Ladder, Wish, best_price
    from cmo.value.foretelling import Model as Known

    ladder = Ladder(ours=ours, cost=cost, lowest=lowest, highest=highest, step=step, follow=follow)
    wish = Wish(model=None if model is None else Known(model), nests=nests, segment=segment)
    output.give(best_price(workspace, offers, ladder=ladder, wish=wish, language=language), json=json)


@app.command()
def design(  # noqa: PLR0913 - an option each
    file: Annotated[Path, typer.Argument(help="File of attributes and levels, YAML or JSON.")],
    workspace: Workspace = HERE,
    *,
    tasks: Annotated[int, typer.Option(min=1, max=40, help="Tasks that each person answers.")] = 10,
    places: Annotated[int, typer.Option(min=2, max=8, help="Offers in each task.")] = 3,
    versions: Annotated[int, typer.Option(min=1, max=20, help="Versions of the questionnaire.")] = 2,
    respondents: Annotated[int, typer.Option(min=10, max=20_000, help="People to be asked.")] = 300,
    none: Annotated[bool, typer.Option("--none", help="They may take none of them.")] = False,
    effect: Annotated[
        float, typer.Option(min=0.01, help="Utility between two levels that must be found.")
    ] = 0.3,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    to: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .xlsx, or .html to print.", show_default="none")
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Design a questionnaire of choices: D-efficient, in versions, with its power before fieldwork."""
    from cmo.loop.asking import Form, designed

    form = Form(
        tasks=tasks,
        places=places,
        versions=versions,
        respondents=respondents,
        none=none,
        effect=effect,
        seed=seed,
    )
    output.give(designed(workspace, file, form=form, to=to, language=language), json=json)
