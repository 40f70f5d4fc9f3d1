"""Commands on customers: who they are, one by one, by segment and by cohort, and who may be written to."""

from pathlib import Path
from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="Every customer, the segments they make up, and who may be written to.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Top = Annotated[int, typer.Option(help="How many customers to show.")]


@app.command("list")
def list_(
    workspace: Workspace = HERE,
    *,
    segment: Annotated[str | None, typer.Option(help="One segment only.", show_default="all")] = None,
    by: Annotated[str, typer.Option(help="value, at_stake, alive or last_on: the highest first.")] = "value",
    top: Top = 20,
    json: Json = False,
    language: In = None,
) -> None:
    """Customers one by one: the chance that they are still there, their orders and value to come."""
    from cmo.loop.customers import listed

    output.give(listed(workspace, segment=segment, by=by, top=top, language=language), json=json)


@app.command()
def segments(
    workspace: Workspace = HERE,
    *,
    discovered: Annotated[
        bool, typer.Option("--discovered", help="Groups found in the data instead of segments by rule.")
    ] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """The segments: how many customers, what they are worth, how they are doing, where they came from."""
    from cmo.loop.customers import grouped, segmented

    use_case = grouped if discovered else segmented
    output.give(use_case(workspace, language=language), json=json)


@app.command()
def save(workspace: Workspace = HERE, *, top: Top = 20, json: Json = False, language: In = None) -> None:
    """Customers who may be leaving, those with most at stake first."""
    from cmo.loop.customers import worth_saving

    output.give(worth_saving(workspace, top=top, language=language), json=json)


@app.command()
def cohorts(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Who of each month's new customers orders again, month by month, and who will."""
    from cmo.loop.cohorts import retained

    output.give(retained(workspace, language=language), json=json)


@app.command()
def contracts(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Customers under contract: who renews, and how many will still be there in a year."""
    from cmo.loop.contracts import renewed

    output.give(renewed(workspace, language=language), json=json)


@app.command()
def traits(
    workspace: Workspace = HERE,
    *,
    by: Annotated[str, typer.Option(help="Column of the customers: country, language, …")],
    json: Json = False,
    language: In = None,
) -> None:
    """Which customers buy more often, and which leave sooner, by what is known of them."""
    from cmo.loop.traits import set_apart

    output.give(set_apart(workspace, by=by, language=language), json=json)


@app.command()
def unknown(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """What is not known of the customers: revenue that names nobody, facts that are missing or old."""
    from cmo.loop.unknown import not_known

    output.give(not_known(workspace, language=language), json=json)


@app.command()
def actions(
    workspace: Workspace = HERE,
    *,
    cost: Annotated[float, typer.Option(help="What a contact costs.")],
    budget: Annotated[float, typer.Option(help="Money for contacts.")],
    json: Json = False,
    language: In = None,
) -> None:
    """Whom to contact next with what was tested, or that nobody should be."""
    from cmo.loop.actions import proposed
    from cmo.loop.standing import language_of

    with output.Progress(language or language_of(workspace)) as progress:
        answer = proposed(workspace, cost=cost, budget=budget, progress=progress, language=language)
    output.give(answer, json=json)


@app.command()
def export(
    workspace: Workspace = HERE,
    *,
    to: Annotated[Path, typer.Option(help="File to write: .csv or .parquet.")],
    segment: Annotated[
        str | None,
        typer.Option(help="One segment, or a discovered group (group-2).", show_default="all"),
    ] = None,
    personal: Annotated[bool, typer.Option("--personal", help="Names and addresses too.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """Write an audience to a file: only who agreed to be written to and has not withdrawn it."""
    from cmo.loop.audiences import exported

    output.give(exported(workspace, segment=segment, to=to, personal=personal, language=language), json=json)


@app.command()
def identities(
    workspace: Workspace = HERE,
    *,
    part: Annotated[
        str | None, typer.Option(help="Two records that are two persons: ONE,OTHER.", show_default="none")
    ] = None,
    join: Annotated[
        str | None, typer.Option(help="Takes a parting back: ONE,OTHER.", show_default="none")
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Records that share an e-mail address or a phone number, and so are one person, and why."""
    from cmo.loop.identities import identified

    output.give(identified(workspace, part=part, join=join, language=language), json=json)
