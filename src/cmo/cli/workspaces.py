"""Commands that make a workspace: demo, init, simulate; and the schemas of its two files."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from cmo.cli import output
from cmo.cli.field import review
from cmo.cli.options import In, Json, Language

Seed = Annotated[int, typer.Option(help="Seed: the same seed makes the same company.")]


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")] = Path("demo"),
    *,
    seed: Seed = 1,
    json: Json = False,
    language: In = None,
) -> None:
    """Make a workspace of a simulated company and review it; review it again where it is there already."""
    if not (folder / "cmo.yaml").exists():
        from cmo.simulation.simulate import simulate as simulated

        simulated(folder, seed=seed, end=_day(None), language=language or "fr")
    review(folder, json=json, language=language)


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="More files, after --from.")
    ] = None,
    *,
    files: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Exports and files to begin with: --from a.csv b.xlsx …"),
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", help="Answer to a question: FILE.dates=day_first, currency=EUR …"),
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Make a workspace: empty and commented, or guessed from the files that --from names."""
    from cmo.loop.starting import initialise, initialise_from

    if not files:
        if more or answers:
            raise typer.BadParameter("name the files after --from", param_hint="--from")
        output.give(initialise(folder), json=json)
        return
    given = dict(_answer(one) for one in answers or ())
    ask = _ask if sys.stdin.isatty() and not json else None
    answer = initialise_from(folder, [*files, *(more or ())], answers=given, ask=ask, language=language)
    output.give(answer, json=json)
    if questions := answer.data["questions"]:
        from cmo.measures import Problem

        raise Problem(*(f"{one['says']} {one['answer']}" for one in cast("list[dict[str, str]]", questions)))


def _answer(written: str) -> tuple[str, str]:
    key, sign, value = written.partition("=")
    if not sign or not key or not value:
        raise typer.BadParameter(f"{written}: write it as FILE.dates=day_first", param_hint="--answer")
    return key.strip(), value.strip()


def _ask(question: str, choices: Sequence[str]) -> str:
    """Ask a person until the answer is one of the choices."""
    shown = f" [{', '.join(choices)}]" if choices else ""
    while True:
        said = str(typer.prompt(f"{question}{shown}", err=True)).strip()
        if said in choices or not choices:
            return said


def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    *,
    seed: Seed = 1,
    years: Annotated[int, typer.Option(min=2, max=10, help="Years of history.")] = 3,
    scale: Annotated[float, typer.Option(min=0.1, max=100, help="1 is about 30,000 customers.")] = 1.0,
    end: Annotated[str | None, typer.Option(help="Last day, as 2026-09-30.", show_default="today")] = None,
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of the company.")] = "fr",
    truth: Annotated[
        Path | None,
        typer.Option(help="File for the truth.", show_default="DIR-truth.json, beside the folder"),
    ] = None,
) -> None:
    """Make the data of a simulated company, its truth in a file of its own."""
    from cmo.simulation.simulate import simulate as simulated

    made = simulated(
        folder, seed=seed, years=years, scale=scale, end=_day(end), language=language, truth=truth
    )
    for path in (made.workspace, made.truth):
        output.out.print(str(path), markup=False, highlight=False, soft_wrap=True)


def schema(
    which: Annotated[Literal["cmo", "strategy"], typer.Argument(help="Which of the two files.")],
) -> None:
    """Print the JSON Schema of cmo.yaml or strategy.yaml, so that editors complete and check them."""
    from cmo.loop.starting import schema_of

    output.give(schema_of(which), json=True)


def _day(written: str | None) -> date:
    if written is None:
        return datetime.now(tz=UTC).date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"{written} is no day: write it as 2026-09-30", param_hint="--end") from None
