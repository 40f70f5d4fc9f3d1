"""`cmo bench loop`: what its decisions earn over twelve quarters, beside other ways to steer."""

from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import Any

from cmo.bench.loop_charts import NAMES, loop_chart
from cmo.bench.loop_report import BEST, OURS, loop_report
from cmo.bench.loop_world import steered
from cmo.bench.worlds import Progress, over_worlds
from cmo.briefs.answers import Answer
from cmo.briefs.charts.render import svg
from cmo.measures import Language, Problem, Text, Unit

Data = Mapping[str, Any]


def loop(
    folder: Path, *, worlds: int, seed: int, processes: int, progress: Progress, language: Language
) -> Answer:
    """Steer the worlds that are missing, compare the policies, write the report and its chart into a folder.

    Args:
        folder: Where `loop-SEED.jsonl` grows by a line a world, and the report and chart are written.
        worlds: How many worlds in all.
        seed: Source of all chance.
        processes: Worlds lived at a time.
        progress: Told of each world.
        language: Language of the answer and of the chart.

    Raises:
        Problem: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"loop-{seed}.jsonl"
        found = over_worlds(steered, path, worlds=worlds, seed=seed, processes=processes, progress=progress)
        data = loop_report(found)
        (folder / "loop.json").write_text(dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        drawing = svg(loop_chart(data, language), language=language, name="loop")
        (folder / "loop.svg").write_text(drawing + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"{folder}: the results cannot be written there ({error.strerror})") from error
    return _answer(data, language)


def _answer(data: Data, language: Language) -> Answer:
    ours, gap = data["policies"][OURS]["recovered"], data["gap"]
    share = Unit("share")

    def said(language: Language) -> tuple[str, ...]:
        return tuple(share.write(value, language) for value in (gap["value"], *(ours[k] for k in _ENDS)))

    en, fr = said("en"), said("fr")
    lines = Text(
        f"{data['worlds']} worlds, twelve quarters. The oracle earns {en[0]} more than the status quo; cmo "
        f"recovers {en[1]} of that ({en[2]} to {en[3]}).",
        f"{data['worlds']} mondes, douze trimestres. L'oracle gagne {fr[0]} de plus que l'existant ; cmo en "
        f"rattrape {fr[1]} ({fr[2]} à {fr[3]}).",
    )
    head = Text(
        "policy|gain|gap recovered|low|high|cmo earns more in|tests|new found in time",
        "politique|gain|écart comblé|bas|haut|cmo gagne plus dans|tests|nouveau trouvé à temps",
    )
    return Answer(
        data=dict(data),
        lines=(lines.in_(language),),
        head=tuple(head.in_(language).split("|")),
        body=tuple(_row(name, one, data, language) for name, one in data["policies"].items()),
    )


def _row(name: str, one: Data, data: Data, language: Language) -> tuple[str, ...]:
    found, won = one["found"], data["wins"].get(name)

    def share(value: float | None) -> str:
        return "–" if value is None else Unit("share").write(value, language)

    return (
        NAMES[name].in_(language),
        share(one["gain"]["value"]),
        *(share(one["recovered"][k]) for k in _ENDS),
        share(None if won is None else won["value"]),
        f"{one['tests']:.1f}",
        share(None if found is None or name == BEST else found["in_time"]),
    )


_ENDS = ("value", "low", "high")
