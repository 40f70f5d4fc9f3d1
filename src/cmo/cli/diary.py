"""Commands of the field diary: contacts with customers, whose turn it is, whom nobody has heard."""

from datetime import datetime
from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="The field diary: contacts with customers.", no_args_is_help=True, rich_markup_mode=None
)
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day.", show_default="today")]


@app.command()
def log(  # noqa: PLR0913 - an option each
    who: Annotated[str, typer.Argument(help="Id of who of the company spoke with them.")],
    kind: Annotated[str, typer.Argument(help="call, visit, support, return or review.")],
    workspace: Workspace = HERE,
    *,
    on: Day = None,
    segment: Annotated[str, typer.Option(help="Segment of the customer.", show_default=False)] = "",
    channel: Annotated[str, typer.Option(help="Where: a shop, a fair …", show_default=False)] = "",
    customer: Annotated[str, typer.Option(help="Id of the customer.", show_default=False)] = "",
    said: Annotated[list[str] | None, typer.Option(help="Their words; may be repeated.")] = None,
    speaks_for: Annotated[str | None, typer.Option("--for", help="Belief that the words speak for.")] = None,
    against: Annotated[str | None, typer.Option(help="Belief that the words speak against.")] = None,
    tongue: Annotated[str, typer.Option(help="Language they spoke.", show_default=False)] = "",
    consent: Annotated[bool, typer.Option("--consent", help="They agreed to be quoted and counted.")] = False,
    note: Annotated[str, typer.Option(help="What else there is to say.", show_default=False)] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Log a contact with a customer, and what they said."""
    from datetime import UTC

    from cmo.ledger.diary import Contact, Said
    from cmo.loop.field_diary import logged
    from cmo.loop.standing import user

    if speaks_for and against:
        raise typer.BadParameter("give --for or --against, not both: log two contacts otherwise")
    belief, bears = (speaks_for, "for") if speaks_for else (against or "", "against" if against else "")
    contact = Contact(
        on=(on or datetime.now(tz=UTC)).date(),
        who=who,
        kind=kind,
        segment=segment,
        channel=channel,
        customer=customer,
        language=tongue,
        consent=consent,
        note=note,
        said=tuple(Said(words=one, belief=belief, bears=bears) for one in said or ()),
    )
    output.give(logged(workspace, contact, by=user(), language=language), json=json)


@app.command(name="list")
def list_(
    workspace: Workspace = HERE,
    *,
    since: Day = None,
    customer: Annotated[str | None, typer.Option(help="All that is kept of one customer.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """List contacts, the latest first."""
    from cmo.loop.field_diary import listed

    day = None if since is None else since.date()
    output.give(listed(workspace, since=day, customer=customer, language=language), json=json)


@app.command()
def quota(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show who has heard customers this month and who has not, executives too."""
    from cmo.loop.field_diary import quota as owed

    output.give(owed(workspace, language=language), json=json)


@app.command()
def heard(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show days since each segment was last heard, and what was said of beliefs."""
    from cmo.loop.field_diary import heard_lately

    output.give(heard_lately(workspace, language=language), json=json)


@app.command()
def erase(
    workspace: Workspace = HERE,
    *,
    customer: Annotated[str | None, typer.Option(help="Id of the customer.")] = None,
    contact: Annotated[int | None, typer.Option(help="Number of one contact.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Take a customer's words and name out of the diary."""
    from cmo.loop.field_diary import erased

    output.give(erased(workspace, customer=customer, contact=contact, language=language), json=json)
