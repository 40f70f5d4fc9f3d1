"""Commands on links with UTM parameters."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import Json, Language

app = typer.Typer(
    help="Links that say where a visit comes from.", no_args_is_help=True, rich_markup_mode=None
)

Spoken = Annotated[Language, typer.Option("--language", "-l", help="Language of the answer.")]


@app.command()
def build(  # noqa: PLR0913 - one option for each parameter of a link
    url: Annotated[str, typer.Argument(help="Where the link leads.")],
    *,
    source: Annotated[str, typer.Option(help="Who sends the visit: meta, newsletter, partner …")],
    medium: Annotated[str, typer.Option(help="The kind of way: cpc, paid_social, email …")],
    campaign: Annotated[str, typer.Option(help="The campaign.")],
    content: Annotated[str, typer.Option(help="Which of several links or creatives.")] = "",
    term: Annotated[str, typer.Option(help="The keyword.")] = "",
    id: Annotated[str, typer.Option(help="The campaign's number.")] = "",  # noqa: A002 - the option's name
    json: Json = False,
    language: Spoken = "en",
) -> None:
    """Make a link by the rules."""
    from cmo.loop.utm import build as built

    values = {
        "source": source,
        "medium": medium,
        "campaign": campaign,
        "content": content,
        "term": term,
        "id": id,
    }
    output.give(built(url, values, language=language), json=json)


@app.command()
def lint(
    targets: Annotated[list[str], typer.Argument(help="Links, or text files with links in them.")],
    *,
    site: Annotated[str | None, typer.Option(help="Your own domain, where links need none.")] = None,
    json: Json = False,
    language: Spoken = "en",
) -> None:
    """Say which rules links break; exit code 1 if a visit would be counted wrongly."""
    from cmo.loop.utm import lint as linted

    answer = linted(targets, site=site, language=language)
    output.give(answer, json=json)
    if answer.data["errors"]:
        raise typer.Exit(1)
