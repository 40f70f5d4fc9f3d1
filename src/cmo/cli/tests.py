"""Commands of Test and Learn: every test from idea to learning."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Workspace
from cmo.cli.written import arms_in, cells_in, creative_in, names_in

app = typer.Typer(
    help="Tests, from idea to learning. Without a command: all of them with their state.",
    rich_markup_mode=None,
)
Test = Annotated[str, typer.Argument(help="Name of the test.")]
On = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it speaks of.", show_default="today")
]
Names = Annotated[str, typer.Option(help="Names, with commas between.", show_default=False)]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List all tests with their state."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.testing import board

    output.give(board(workspace, language), json=json)


@app.command()
def show(test: Test, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show everything that is remembered of one test."""
    from cmo.loop.testing import shown

    output.give(shown(workspace, test, language=language), json=json)


@app.command()
def analyse(
    test: Test,
    workspace: Workspace = HERE,
    *,
    segment: Annotated[
        str | None, typer.Option(help="Column of experiment_units whose values are looked at one by one.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="A page with its charts: .html, .pdf or .md.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Analyse a test as it was promised: checks first, then effects, then how it ends."""
    from cmo.loop.analysing import analyse as analysed
    from cmo.loop.standing import language_of

    with output.Progress(language or language_of(workspace)) as progress:
        answer = analysed(workspace, test, segment=segment, to=to, progress=progress, language=language)
    output.give(answer, json=json)


@app.command(name="next")
def next_(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show which tests are worth more than they cost, best first."""
    from cmo.loop.decisions import tests_next

    output.give(tests_next(workspace, language=language), json=json)


@app.command()
def idea(  # noqa: PLR0913 - an option each
    test: Test,
    workspace: Workspace = HERE,
    *,
    says: Annotated[str, typer.Option(help="What could be tried.", show_default=False)] = "",
    value: Annotated[float | None, typer.Option(help="What its answer is worth, in money.")] = None,
    cost: Annotated[float, typer.Option(help="What it costs.")] = 0.0,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Note an idea for a test; with a value it is scored."""
    from cmo.loop.living import idea as noted
    from cmo.loop.standing import user

    score = None if value is None else (value, cost)
    output.give(noted(workspace, test, says, score=score, by=by or user(), language=language), json=json)


@app.command()
def design(  # noqa: PLR0913 - an option each
    test: Test,
    workspace: Workspace = HERE,
    *,
    kind: Annotated[
        str | None,
        typer.Option(help="ab, split, email, price, message, creative, geo, on_off …"),
    ] = None,
    hypothesis: Annotated[str | None, typer.Option(help="What is expected, and why.")] = None,
    metric: Annotated[
        str | None,
        typer.Option(help="What decides: spend, spend/visits, median(basket), p90(basket)."),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="The channel whose spend changes.")] = None,
    change: Annotated[
        float | None,
        typer.Option(min=0, help="Its spend where it is changed: 0 none, 2 twice as much."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day.", show_default="a Monday, a week from now"),
    ] = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=52, help="Its length.")] = None,
    arms: Annotated[
        str | None, typer.Option(help="Share of each variant, control first: control=0.5,blue=0.5.")
    ] = None,
    regions: Annotated[str | None, typer.Option(help="Regions to treat; chosen where nobody says.")] = None,
    draw: Annotated[
        Literal["pairs", "strata"] | None,
        typer.Option(help="Draw the regions by lot, one of each pair or group of likes."),
    ] = None,
    cell: Annotated[
        list[str] | None,
        typer.Option(help="A cell of several: NAME, NAME=2 (its spend), 'NAME=2: north, south'."),
    ] = None,
    include: Names = "",
    exclude: Names = "",
    most_share: Annotated[
        float, typer.Option(min=0.01, max=0.5, help="Largest share of the outcome that may be treated.")
    ] = 0.35,
    segment: Annotated[str | None, typer.Option(help="The customers it is about.")] = None,
    audience: Annotated[
        str, typer.Option(help="Who is drawn from: customers, or a past test whose visitors come again.")
    ] = "customers",
    effect: Annotated[float | None, typer.Option(help="Relative effect that is expected, as 0.05.")] = None,
    least: Annotated[float | None, typer.Option(min=0, help="Smallest effect worth acting on.")] = None,
    looks: Annotated[int | None, typer.Option(min=2, max=400, help="Planned looks before its end.")] = None,
    any_time: Annotated[bool, typer.Option("--any-time", help="It may be read at any time.")] = False,
    belief: Annotated[str | None, typer.Option(help="The belief that it is to judge.")] = None,
    guardrails: Names = "",
    margin: Annotated[
        float | None, typer.Option(min=0, max=0.99, help="Share of a guardrail whose loss would be borne.")
    ] = None,
    expects: Annotated[
        Literal["different", "greater", "less"], typer.Option(help="Which way counts, if one alone does.")
    ] = "different",
    cluster: Annotated[
        str | None, typer.Option(help="Column of experiment_units that names the groups that are drawn.")
    ] = None,
    strata: Annotated[
        str | None, typer.Option(help="Column of experiment_units within whose values units are drawn.")
    ] = None,
    cost: Annotated[float | None, typer.Option(min=0, help="Its cost besides the spend it moves.")] = None,
    value: Annotated[float | None, typer.Option(help="What its answer is worth, in money.")] = None,
    budget: Annotated[float | None, typer.Option(min=0, help="Money left for tests.")] = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Design a test from the company's own past, hold it against the gate, and seal it."""
    from cmo.experiments.contrast import Alternative
    from cmo.experiments.geo_design import Limits
    from cmo.experiments.registration import Stopping
    from cmo.experiments.wanted import Draw
    from cmo.loop.designing import Signed, wanted_of
    from cmo.loop.designing import design as designed
    from cmo.loop.standing import language_of, user

    wanted = wanted_of(workspace, test, kind)
    cells, changes = cells_in(cell or [])
    stopping = Stopping.ANY_TIME if any_time else Stopping.PLANNED_LOOKS if looks else wanted.stopping
    said: dict[str, Any] = {
        "hypothesis": hypothesis,
        "metric": metric,
        "channel": channel,
        "change": change,
        "starts_on": None if start is None else start.date(),
        "weeks": weeks,
        "arms": None if arms is None else arms_in(arms),
        "regions": None if regions is None else names_in(regions),
        "draw": None if draw is None else Draw(draw),
        "cells": cells or None,
        "changes": changes or None,
        "segment": segment,
        "effect": effect,
        "least_effect": least,
        "looks": looks,
        "belief": belief,
        "guardrails": names_in(guardrails) or None,
        "margin": margin,
        "cluster": cluster,
        "strata": strata,
        "cost": cost,
        "value": value,
    }
    limits = Limits(include=names_in(include), exclude=names_in(exclude), most_share=most_share)
    wanted = replace(
        wanted,
        stopping=stopping,
        audience=audience,
        alternative=Alternative(expects),
        limits=limits,
        **{name: one for name, one in said.items() if one is not None},
    )
    with output.Progress(language or language_of(workspace)) as progress:
        signed = Signed(by=by or user(), budget=budget)
        answer = designed(workspace, wanted, signed, progress=progress, language=language)
    output.give(answer, json=json)


@app.command()
def batch(
    test: Test,
    workspace: Workspace = HERE,
    *,
    units: Annotated[int, typer.Option(min=1, help="Units of the next batch.")],
    of: Annotated[
        int | None, typer.Option(min=1, help="Units of the whole test, those shown included.")
    ] = None,
    creative: Annotated[
        list[str] | None,
        typer.Option(help="A creative and its traits: NAME, or 'NAME: format=video, topic=price'."),
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Divide the next batch among the creatives of a test, and show what finding out has cost."""
    from cmo.loop.batching import Sending
    from cmo.loop.batching import batch as divided

    sending = Sending(units=units, of=of, creatives=dict(creative_in(one) for one in creative or []))
    output.give(divided(workspace, test, sending, language=language), json=json)


@app.command()
def approve(
    test: Test,
    workspace: Workspace = HERE,
    *,
    despite: Annotated[str, typer.Option(help="Why it may start although the gate is shut.")] = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Approve a design and lock its promise; in a team, somebody else than its author must."""
    from cmo.loop.living import approve as approved
    from cmo.loop.standing import user

    output.give(approved(workspace, test, by=by or user(), despite=despite, language=language), json=json)


@app.command()
def start(
    test: Test,
    workspace: Workspace = HERE,
    *,
    on: On = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Start an approved test: from now on nothing of its promise changes."""
    from cmo.loop.living import start as started
    from cmo.loop.standing import user

    day = None if on is None else on.date()
    output.give(started(workspace, test, by=by or user(), on=day, language=language), json=json)


@app.command()
def stop(
    test: Test,
    workspace: Workspace = HERE,
    *,
    why: Annotated[str, typer.Option(help="The reason.", show_default=False)],
    on: On = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Stop a running test before its end, with the reason."""
    from cmo.loop.living import stop as stopped
    from cmo.loop.standing import user

    day = None if on is None else on.date()
    output.give(stopped(workspace, test, by=by or user(), why=why, on=day, language=language), json=json)


@app.command()
def decide(
    test: Test,
    words: Annotated[str, typer.Argument(help="What is decided on it, in a sentence.")],
    workspace: Workspace = HERE,
    *,
    invalid: Annotated[str, typer.Option(help="Why its result cannot be used.")] = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Close a test: it ends as its promise says, and what is done about it is written down."""
    from cmo.loop.living import decide as decided
    from cmo.loop.standing import language_of, user

    with output.Progress(language or language_of(workspace)) as progress:
        answer = decided(
            workspace, test, words, by=by or user(), invalid=invalid, progress=progress, language=language
        )
    output.give(answer, json=json)


@app.command()
def learn(  # noqa: PLR0913 - an option each
    test: Test,
    learning: Annotated[str, typer.Argument(help="Name of the learning, new or known.")],
    workspace: Workspace = HERE,
    *,
    says: Annotated[str, typer.Option(help="What was learnt, in a sentence.", show_default=False)] = "",
    claims: Annotated[
        Literal["positive", "negative"], typer.Option(help="Whether it claims a positive or negative effect.")
    ] = "positive",
    segments: Names = "",
    channels: Names = "",
    until: On = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Write what a decided test taught into the library, for or against a learning."""
    from cmo.loop.living import Lesson
    from cmo.loop.living import learn as learnt
    from cmo.loop.standing import user

    lesson = Lesson(
        id=learning,
        says=says,
        positive=claims == "positive",
        segments=names_in(segments),
        channels=names_in(channels),
        expires_on=None if until is None else until.date(),
    )
    output.give(learnt(workspace, test, lesson, by=by or user(), language=language), json=json)


@app.command()
def learnings(
    words: Annotated[list[str] | None, typer.Argument(help="Words that all must occur.")] = None,
    workspace: Workspace = HERE,
    *,
    segment: Annotated[str | None, typer.Option(help="Customers it must hold for.")] = None,
    channel: Annotated[str | None, typer.Option(help="Channel it must hold for.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Search what was learnt: the surest first, with the tests for and against."""
    from cmo.loop.living import library

    asked = " ".join(words or [])
    output.give(library(workspace, asked, segment=segment, channel=channel, language=language), json=json)
