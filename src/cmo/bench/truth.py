"""`cmo bench truth`: whether what `cmo` says is so, over many worlds whose truth is known."""

from collections.abc import Mapping
from typing import Any, Final

from cmo.bench.running import Bench
from cmo.bench.truth_charts import calibration_chart, coverage_chart
from cmo.bench.truth_report import report
from cmo.bench.truth_world import told
from cmo.briefs.answers import Answer
from cmo.measures import Language, Text, Unit

Data = Mapping[str, Any]


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


def _charts(data: Data, language: Language) -> Mapping[str, Data]:
    return {
        "truth-calibration": calibration_chart(data, language),
        "truth-coverage": coverage_chart(data, language),
    }


TRUTH: Final = Bench(name="truth", ask=told, report=report, charts=_charts, answer=_answer)
