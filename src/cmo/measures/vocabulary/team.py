"""Who has how much to do."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

TEAM: Final = (
    Measure(
        name="team.load",
        unit="share",
        by=("person",),
        label=Text("Load", "Charge"),
        says=Text(
            "Hours of work assigned per hour available.", "Heures de travail attribuées par heure disponible."
        ),
        tables=(),
    ),
    Measure(
        name="team.coverage",
        unit="share",
        by=("skill",),
        label=Text("Skill coverage", "Couverture des compétences"),
        says=Text(
            "Share of the strategy's need of a skill that the team covers.",
            "Part du besoin d'une compétence que l'équipe couvre.",
        ),
        tables=(),
    ),
)
