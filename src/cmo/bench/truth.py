"""`cmo bench truth`: whether what `cmo` says is so, over many worlds whose truth is known."""

from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import Any

from cmo.bench.truth_charts import calibration_chart, coverage_chart
from cmo.bench.truth_report import report
from cmo.bench.truth_world import told
from cmo.bench.worlds import Progress, over_worlds
from cmo.briefs.answers import Answer
from cmo.briefs.charts.render import svg
from cmo.measures import Language, Problem, Text, Unit

Data = Mapping[str, Any]


def truth(
    folder: Path, *, worlds: int, seed: int, processes: int, progress: Progress, language: Language
) -> Answer:
    """Live the worlds that are missing, score all, write the report and its charts into a folder.

    Args:
        folder: Where `truth-SEED.jsonl` grows by a line a world, and the report and charts are written.
        worlds: How many worlds in all.
        seed: Source of all chance.
        processes: Worlds lived at a time.
        progress: Told of each world.
        language: Language of the answer and of the charts.

    Raises:
        Problem: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"truth-{seed}.jsonl"
        found = over_worlds(told, path, worlds=worlds, seed=seed, processes=processes, progress=progress)
        data = report(found)
        (folder / "truth.json").write_text(dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for name, spec in (
            ("truth-calibration", calibration_chart(data, language)),
            ("truth-coverage", coverage_chart(data, language)),
        ):
            drawing = svg(spec, language=language, name=name)
            (folder / f"{name}.svg").write_text(drawing + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"{folder}: the results cannot be written there ({error.strerror})") from error
    return _answer(data, language)


def _answer(data: Data, language: Language) -> Answer:
    everything, undecided, coverage = data["claims"], data["undecided"], data["coverage"]
    lines = Text(
        f"{data['worlds']} worlds, {everything['count']} claims. Calibration error "
        f"{everything['calibration_error']:.3f} ({everything['by_chance']:.3f} by chance alone); of the "
        f"{undecided['count']} claims not plain at once {undecided.get('calibration_error', 0):.3f}. Brier "
        f"score {everything['brier']['score']:.3f}.\n90% intervals hold the truth in "
        f"{100 * coverage['value']:.1f}% ({100 * coverage['low']:.1f} to {100 * coverage['high']:.1f}).",
        f"{data['worlds']} mondes, {everything['count']} affirmations. Erreur de calibration "
        f"{everything['calibration_error']:.3f} ({everything['by_chance']:.3f} par le seul hasard) ; sur les "
        f"{undecided['count']} affirmations non évidentes {undecided.get('calibration_error', 0):.3f}. Score "
        f"de Brier {everything['brier']['score']:.3f}.\nLes intervalles à 90 % contiennent la vérité dans "
        f"{100 * coverage['value']:.1f} % des cas ({100 * coverage['low']:.1f} à "
        f"{100 * coverage['high']:.1f}).",
    )
    head = Text(
        "measure|claims|calibration error|by chance|90% holds|low|high|typical/true",
        "mesure|affirmations|erreur de calibration|par hasard|90 % contient|bas|haut|typique/vrai",
    )
    return Answer(
        data=dict(data),
        lines=(*lines.in_(language).splitlines(), *_of_plans(data["regret"], language)),
        head=tuple(head.in_(language).split("|")),
        body=tuple(_row(name, one) for name, one in (*data["areas"].items(), *data["measures"].items())),
    )


def _of_plans(regret: Data, language: Language) -> tuple[str, ...]:
    """What the plans gained, where plans could be made."""
    if not regret:
        return ()
    gains = [Unit("share").write(regret[name], language) for name in ("gain", "hoped", "best")]
    return (
        Text(
            f"Plans gained {gains[0]} of their money over the plans in force; {gains[1]} was hoped, "
            f"{gains[2]} was the best there was.",
            f"Les plans ont gagné {gains[0]} de leur argent sur les plans en vigueur ; {gains[1]} étaient "
            f"espérés, le mieux possible était {gains[2]}.",
        ).in_(language),
    )


def _row(name: str, one: Data) -> tuple[str, ...]:
    covered, ratio = one.get("coverage"), one.get("typical_over_truth")
    shares = ("–",) * 3 if covered is None else tuple(f"{covered[k]:.2f}" for k in ("value", "low", "high"))
    return (
        name,
        str(one["count"]),
        f"{one['calibration_error']:.3f}" if one["count"] else "–",
        f"{one['by_chance']:.3f}" if one["count"] else "–",
        *shares,
        "–" if ratio is None else f"{ratio:.2f}",
    )
