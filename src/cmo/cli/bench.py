"""Commands that prove: bench truth, bench loop."""

from pathlib import Path
from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import Json, Language

app = typer.Typer(
    name="bench",
    help="Prove what cmo says and decides in simulated companies whose truth is known.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Worlds = Annotated[int, typer.Option(min=1, max=100_000, help="Worlds in all; those lived before count.")]
Seed = Annotated[int, typer.Option(help="Seed: the same seed draws the same worlds.")]
To = Annotated[Path, typer.Option("--to", help="Folder of results and charts; it takes up where it stood.")]
Processes = Annotated[int, typer.Option(min=1, max=2, help="Worlds lived at a time.")]
In = Annotated[Language, typer.Option("--language", "-l", help="Language of the answer and its charts.")]

HERE = Path("bench")


@app.command()
def truth(
    *,
    worlds: Worlds = 20,
    seed: Seed = 1,
    to: To = HERE,
    processes: Processes = 1,
    json: Json = False,
    language: In = "en",
) -> None:
    """When cmo says 90 %, is it so in nine cases of ten? Calibration and coverage over many worlds."""
    from cmo.bench.running import run
    from cmo.bench.truth import TRUTH

    with output.Progress(language) as progress:
        answer = run(
            TRUTH, to, worlds=worlds, seed=seed, processes=processes, progress=progress, language=language
        )
    output.give(answer, json=json)


@app.command()
def loop(
    *,
    worlds: Worlds = 10,
    seed: Seed = 1,
    to: To = HERE,
    processes: Processes = 1,
    json: Json = False,
    language: In = "en",
) -> None:
    """What do its decisions earn? Six policies steer the same companies for twelve quarters."""
    from cmo.bench.loop import LOOP
    from cmo.bench.running import run

    with output.Progress(language) as progress:
        answer = run(
            LOOP, to, worlds=worlds, seed=seed, processes=processes, progress=progress, language=language
        )
    output.give(answer, json=json)
