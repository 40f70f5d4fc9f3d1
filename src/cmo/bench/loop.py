"""`cmo bench loop`: what its decisions earn over twelve quarters, beside other ways to steer."""

from collections.abc import Mapping
from typing import Any, Final

from cmo.bench.loop_charts import NAMES, loop_chart
from cmo.bench.loop_report import BEST, OURS, loop_report
from cmo.bench.loop_world import steered
from cmo.bench.running import Bench
from cmo.briefs.answers import Answer
from cmo.measures import Language, Text, Unit

Data = Mapping[str, Any]


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


def _charts(data: Data, language: Language) -> Mapping[str, Data]:
    return {"loop": loop_chart(data, language)}


LOOP: Final = Bench(name="loop", ask=steered, report=loop_report, charts=_charts, answer=_answer)
