"""Commands on campaigns: from a brief to what was learnt."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Workspace

app = typer.Typer(
    help="Campaigns, from brief to learning. Without a command: all of them with their state.",
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(help="Name of the campaign.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List all campaigns with their state."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.campaigns import listed

    output.give(listed(workspace, language=language), json=json)


@app.command()
def new(  # noqa: PLR0913 - an option each
    name: Name,
    workspace: Workspace = HERE,
    *,
    from_decision: Annotated[str, typer.Option(help="The decision it carries out.", show_default=False)] = "",
    goal: Annotated[str, typer.Option(help="What shall be different afterwards.", show_default=False)] = "",
    segment: Annotated[
        str, typer.Option(help="A segment of customers, or subscribers; everybody where nobody says.")
    ] = "",
    message: Annotated[
        str, typer.Option(help="The single message.", show_default="what the positioning promises")
    ] = "",
    link: Annotated[
        str, typer.Option(help="Where its links lead.", show_default="communication.site of cmo.yaml")
    ] = "",
    channels: Annotated[str, typer.Option(help="Channels, with commas between.")] = "email",
    arms: Annotated[int, typer.Option(min=1, max=6, help="How many concepts.")] = 2,
    belief: Annotated[str, typer.Option(help="The belief that its test judges.")] = "",
    budget: Annotated[float | None, typer.Option(min=0, help="Money it may spend.")] = None,
    first: Annotated[
        float, typer.Option(min=0.01, max=1, help="Share of the people of the first batch, split evenly.")
    ] = 0.5,
    batch: Annotated[int, typer.Option(min=1, help="People of each later batch.")] = 500,
    hours: Annotated[float, typer.Option(min=0, help="Hours of work it takes.")] = 4.0,
    cost: Annotated[float, typer.Option(min=0, help="What it costs.")] = 0.0,
    topic: Annotated[str, typer.Option(help="What it is about.")] = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Draft a campaign: its brief, concepts that differ, a piece for each channel."""
    from cmo.communication.campaign import Plan
    from cmo.loop.campaigns import Wanted
    from cmo.loop.campaigns import new as drafted
    from cmo.loop.standing import user

    wanted = Wanted(
        id=name,
        decision=from_decision,
        goal=goal,
        segment=segment,
        message=message,
        link=link,
        channels=tuple(one.strip() for one in channels.split(",") if one.strip()),
        arms=arms,
        belief=belief,
        budget=budget,
        plan=Plan(first=first, batch=batch, hours=hours, cost=cost, topic=topic),
    )
    output.give(drafted(workspace, wanted, by=by or user(), language=language), json=json)


@app.command()
def show(name: Name, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show a campaign: brief, concepts with their distances, pieces, claims and proofs, results."""
    from cmo.loop.campaigns import shown

    output.give(shown(workspace, name, language=language), json=json)


@app.command()
def edit(  # noqa: PLR0913 - an option each
    name: Name,
    piece: Annotated[str, typer.Argument(help="The piece, as email:proof.")],
    workspace: Workspace = HERE,
    *,
    title: Annotated[str | None, typer.Option(help="Its subject or title.")] = None,
    preheader: Annotated[str | None, typer.Option(help="What a mailbox shows beside it.")] = None,
    body: Annotated[str | None, typer.Option(help="Its words; {{link}} is where the link stands.")] = None,
    body_file: Annotated[Path | None, typer.Option(help="A text file with its words.")] = None,
    picture: Annotated[str | None, typer.Option(help="Its picture.")] = None,
    alt: Annotated[str | None, typer.Option(help="What the picture shows.")] = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Change a piece; an approval given before no longer counts."""
    from cmo.loop.campaigns import Edit
    from cmo.loop.campaigns import edit as edited
    from cmo.loop.standing import user

    words = body if body_file is None else body_file.read_text(encoding="utf-8")
    change = Edit(piece=piece, title=title, preheader=preheader, body=words, picture=picture, alt=alt)
    output.give(edited(workspace, name, change, by=by or user(), language=language), json=json)


@app.command()
def prove(  # noqa: PLR0913 - an option each
    name: Name,
    claim: Annotated[str, typer.Argument(help="The claim, as cmo campaigns show lists it.")],
    workspace: Workspace = HERE,
    *,
    says: Annotated[str, typer.Option(help="What the proof shows.", show_default=False)],
    source: Annotated[str, typer.Option(help="Where it stands: an address, a document.", show_default=False)],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day on which it may be used.")
    ] = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Give the proof of a claim; without one the campaign is held back."""
    from cmo.communication.claims import Proof
    from cmo.loop.campaigns import prove as proven
    from cmo.loop.standing import user

    proof = Proof(
        says=says, source=source, until=None if until is None else until.date(), given_by=by or user()
    )
    output.give(proven(workspace, name, claim, proof, language=language), json=json)


@app.command()
def ask(
    name: Name, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Ask for approval of a campaign as it is now."""
    from cmo.loop.campaign_life import ask as asked
    from cmo.loop.standing import user

    output.give(asked(workspace, name, by=by or user(), language=language), json=json)


@app.command()
def approve(
    name: Name,
    workspace: Workspace = HERE,
    *,
    refuse: Annotated[str, typer.Option(help="Refuse it, with this reason.")] = "",
    words: Annotated[str, typer.Option(help="What there is to say.")] = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Approve a campaign that somebody else wrote, or refuse it with a reason."""
    from cmo.loop.campaign_life import approve as approved
    from cmo.loop.standing import user

    answer = approved(
        workspace, name, approved=not refuse, words=refuse or words, by=by or user(), language=language
    )
    output.give(answer, json=json)


@app.command()
def schedule(
    name: Name,
    workspace: Workspace = HERE,
    *,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day.", show_default="today")
    ] = None,
    embargo: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], help="Nothing before this instant, on the company's clock."),
    ] = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Give an approved campaign its day; its test is registered now."""
    from cmo.loop.campaign_life import schedule as scheduled
    from cmo.loop.standing import opened, user
    from cmo.loop.testing import today_of

    here = opened(workspace)
    day = today_of(here) if on is None else on.date()
    until = None if embargo is None else embargo.replace(tzinfo=here.config.company.clock)
    answer = scheduled(workspace, name, on=day, embargo=until, by=by or user(), language=language)
    output.give(answer, json=json)


@app.command()
def send(
    name: Name, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Send the next batch by mail: the first evenly among the concepts, later ones by what was learnt."""
    from cmo.loop.sending import send as sent
    from cmo.loop.standing import language_of, user

    with output.Progress(language or language_of(workspace)) as progress:
        answer = sent(workspace, name, by=by or user(), progress=progress, language=language)
    output.give(answer, json=json)


@app.command()
def settle(
    name: Name,
    workspace: Workspace = HERE,
    *,
    left: Annotated[bool, typer.Option("--left/--again", help="They arrived, or they go again.")],
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Say what became of messages that were leaving when the line broke."""
    from cmo.loop.sending import settle as settled
    from cmo.loop.standing import user

    output.give(settled(workspace, name, left=left, by=by or user(), language=language), json=json)


@app.command()
def stop(
    name: Name,
    workspace: Workspace = HERE,
    *,
    why: Annotated[str, typer.Option(help="The reason.", show_default=False)],
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Stop a campaign; what has not left stays."""
    from cmo.loop.campaign_life import stop as stopped
    from cmo.loop.standing import user

    output.give(stopped(workspace, name, why=why, by=by or user(), language=language), json=json)


@app.command()
def learn(  # noqa: PLR0913 - an option each
    name: Name,
    learning: Annotated[str, typer.Argument(help="Name of the learning, new or known.")],
    workspace: Workspace = HERE,
    *,
    says: Annotated[str, typer.Option(help="What was learnt, in a sentence.", show_default=False)] = "",
    decided: Annotated[str, typer.Option(help="What is decided on it.")] = "taken into account",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Close a campaign that was sent: its test is decided as promised, and teaches; then run cmo review."""
    from cmo.loop.campaign_learning import learnt
    from cmo.loop.living import Lesson
    from cmo.loop.standing import language_of, user

    lesson = Lesson(id=learning, says=says)
    with output.Progress(language or language_of(workspace)) as progress:
        answer = learnt(
            workspace, name, lesson, words=decided, by=by or user(), progress=progress, language=language
        )
    output.give(answer, json=json)


@app.command()
def publish(
    name: Name, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Publish its pieces on Mastodon, Bluesky and by webhook, each once."""
    from cmo.loop.publishing import publish as published
    from cmo.loop.standing import user

    output.give(published(workspace, name, by=by or user(), language=language), json=json)


@app.command()
def pack(
    name: Name,
    workspace: Workspace = HERE,
    *,
    to: Annotated[Path, typer.Option(help="A folder for texts and pictures.", show_default=False)],
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Write what a person needs to publish on the networks that let no program in."""
    from cmo.loop.publishing import pack as packed
    from cmo.loop.standing import user

    output.give(packed(workspace, name, to=to, by=by or user(), language=language), json=json)


@app.command()
def pasted(
    name: Name,
    piece: Annotated[str, typer.Argument(help="The piece, as linkedin:proof.")],
    url: Annotated[str, typer.Argument(help="Where it can be seen.")],
    workspace: Workspace = HERE,
    *,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Write down where a piece that was published by hand can be seen."""
    from cmo.loop.publishing import pasted as told
    from cmo.loop.standing import user

    output.give(told(workspace, name, piece, url, by=by or user(), language=language), json=json)


@app.command(name="hand-over")
def hand_over(
    name: Name,
    tool: Annotated[Literal["listmonk", "mautic", "brevo"], typer.Argument(help="The tool.")],
    workspace: Workspace = HERE,
    *,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Hand an approved campaign and those who agreed to a tool that mails in bulk, as a draft."""
    from cmo.loop.publishing import hand_over as handed
    from cmo.loop.standing import user

    output.give(handed(workspace, name, tool, by=by or user(), language=language), json=json)


@app.command()
def calendar(
    workspace: Workspace = HERE,
    *,
    month: Annotated[
        str | None, typer.Option(help="Only this month, as 2027-03.", show_default="all days")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="An iCal file to write.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Show what goes out when, over all channels, and what gets in each other's way."""
    from cmo.loop.publishing_calendar import calendar as planned

    output.give(planned(workspace, month=month, to=to, language=language), json=json)
