"""What tests found."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

EXPERIMENTS: Final = (
    Measure(
        name="experiments.lift",
        unit="share",
        by=("test", "metric"),
        label=Text("Lift of tests", "Effet des tests"),
        says=Text(
            "Relative effect of a treatment against its control.",
            "Effet relatif d'un traitement par rapport à son témoin.",
        ),
        tables=("experiment_units",),
    ),
    Measure(
        name="experiments.iroas",
        unit="¤/¤",
        by=("test",),
        label=Text("Return on money moved by tests", "Retour de la dépense variée par les tests"),
        says=Text(
            "Outcome brought by each unit of money that a geo test moved.",
            "Résultat apporté par chaque unité de dépense qu'un test géographique a fait varier.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="experiments.win_rate",
        unit="share",
        by=("total",),
        label=Text("Win rate of tests", "Taux de réussite des tests"),
        says=Text(
            "Share of tests whose treatment truly does better.",
            "Part des tests dont le traitement fait vraiment mieux.",
        ),
        tables=("experiment_units",),
    ),
)
