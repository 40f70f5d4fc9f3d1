"""`cmo`: the commands, each with one call into the loop. Rooms are imported per command: help is instant."""

import sys

import typer

from cmo.cli import (
    answers,
    assistant,
    bench,
    brand,
    campaigns,
    challenges,
    channels,
    choice,
    connectors,
    consents,
    customers,
    decisions,
    diary,
    field,
    forecasts,
    gatherings,
    imports,
    market,
    objections,
    press,
    price,
    privacy,
    problems,
    radar,
    serve,
    strategy,
    team,
    tests,
    utm,
    voice,
    workspaces,
)

app = typer.Typer(
    name="cmo",
    help="A Chief Marketing Officer in software: confronts your marketing strategy with the field.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(workspaces.demo)
app.command()(workspaces.init)
app.command()(field.check)
app.command()(field.review)
app.command()(answers.measures)
app.command()(answers.measure)
app.command()(answers.beliefs)
app.command()(answers.brief)
app.command()(field.plan)
app.command()(forecasts.forecast)
app.command()(market.market)
app.add_typer(decisions.app, name="decisions")
app.add_typer(challenges.app, name="challenges")
app.add_typer(customers.app, name="customers")
app.add_typer(brand.app, name="brand")
app.add_typer(choice.app, name="choice")
app.add_typer(price.app, name="price")
app.add_typer(imports.app, name="imports")
app.add_typer(connectors.app, name="connectors")
app.add_typer(utm.app, name="utm")
app.add_typer(radar.app, name="radar")
app.add_typer(voice.app, name="voice")
app.add_typer(problems.app, name="problems")
app.add_typer(channels.app, name="channels")
app.add_typer(campaigns.app, name="campaigns")
app.add_typer(consents.app, name="consents")
app.add_typer(press.app, name="press")
app.add_typer(gatherings.app, name="events")
app.add_typer(privacy.app, name="privacy")
app.command()(serve.serve)
app.command()(assistant.mcp)
app.add_typer(strategy.app, name="strategy")
app.add_typer(team.app, name="team")
app.add_typer(diary.app, name="field")
app.add_typer(objections.app, name="objections")
app.command()(objections.ask)
app.add_typer(tests.app, name="tests")
app.command()(workspaces.simulate)
app.add_typer(bench.app, name="bench")
app.command()(workspaces.schema)


@app.callback(invoke_without_command=True)
def version(*, show: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    """Print the version where it is asked for."""
    if show:
        from importlib.metadata import version as installed

        print(installed("chief-marketing-officer"))  # noqa: T201 - the answer
        raise typer.Exit


def run() -> None:
    """Start `cmo`. A problem with what was given is one sentence on standard error and exit code 1."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        from cmo.measures import Problem

        if not isinstance(error, Problem):
            raise
        for sentence in error.sentences:
            print(sentence, file=sys.stderr)  # noqa: T201 - the answer
        raise SystemExit(1) from None
