"""What customers value and say."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

VALUE: Final = (
    Measure(
        name="value.nps",
        unit="points",
        by=("total", "source"),
        label=Text("Net promoter score", "Net promoter score"),
        says=Text("Promoters minus detractors, in points.", "Promoteurs moins détracteurs, en points."),
        tables=("feedback",),
    ),
    Measure(
        name="value.satisfaction",
        unit="share",
        by=("total", "aspect"),
        label=Text("Satisfaction", "Satisfaction"),
        says=Text("Share of satisfied opinions.", "Part des avis satisfaits."),
        tables=("feedback",),
    ),
    Measure(
        name="value.importance",
        unit="share",
        by=("attribute", "segment"),
        label=Text("Importance", "Importance"),
        says=Text("Share of the choice that an attribute decides.", "Part du choix qu'un attribut décide."),
        tables=("choices",),
    ),
    Measure(
        name="value.wtp",
        unit="¤",
        by=("level", "segment"),
        label=Text("Willingness to pay", "Consentement à payer"),
        says=Text(
            "What people would pay for a level of an attribute over its reference.",
            "Ce que l'on paierait pour un niveau d'attribut plutôt que pour sa référence.",
        ),
        tables=("choices",),
    ),
    Measure(
        name="value.segment_share",
        unit="share",
        by=("segment",),
        label=Text("Segments by what is chosen", "Segments selon les choix"),
        says=Text("Share of people who choose alike.", "Part des gens qui choisissent de même."),
        tables=("choices",),
    ),
    Measure(
        name="value.price_elasticity",
        unit="ratio",
        by=("product",),
        label=Text("Price elasticity", "Élasticité au prix"),
        says=Text(
            "Relative change of the units sold over the relative change of the price.",
            "Variation relative des unités vendues rapportée à celle du prix.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="value.price_corridor",
        unit="¤",
        by=("bound",),
        label=Text("Price corridor", "Corridor de prix"),
        says=Text(
            "The prices that most find neither too cheap nor too expensive.",
            "Les prix que la plupart ne trouvent ni trop bas ni trop élevés.",
        ),
        tables=("price_survey",),
    ),
    Measure(
        name="value.optimal_price",
        unit="¤",
        by=("total", "product"),
        label=Text("Optimal price", "Prix optimal"),
        says=Text(
            "The price with the highest expected profit or, without margins, the least resistance.",
            "Le prix au profit espéré le plus élevé ou, sans marges, à la moindre résistance.",
        ),
        tables=("price_survey", "orders"),
    ),
    Measure(
        name="value.topic_share",
        unit="share",
        by=("topic",),
        label=Text("Topics of the opinions", "Sujets des avis"),
        says=Text("Share of the opinions that speak of a topic.", "Part des avis qui parlent d'un sujet."),
        tables=("feedback",),
    ),
    Measure(
        name="value.driver",
        unit="share",
        by=("aspect",),
        label=Text("What moves the mark", "Ce qui fait la note"),
        says=Text(
            "Difference that being content with an aspect makes to the mark, as a share of the best mark.",
            "Écart de note, en part de la meilleure note, selon que l'on est satisfait ou non d'un aspect.",
        ),
        tables=("feedback",),
    ),
)
