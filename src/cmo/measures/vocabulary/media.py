"""What marketing brings."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

MEDIA: Final = (
    Measure(
        name="media.roi",
        unit="¤/¤",
        by=("channel",),
        label=Text("Return on media spend", "Retour sur dépense média"),
        says=Text(
            "Incremental revenue per unit of money spent.",
            "Chiffre d'affaires incrémental par unité d'argent dépensée.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.mroi",
        unit="¤/¤",
        by=("channel",),
        label=Text("Marginal return", "Retour marginal"),
        says=Text(
            "Incremental revenue of the next unit of money.",
            "Chiffre d'affaires incrémental de la prochaine unité d'argent.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.contribution",
        unit="¤",
        by=("channel", "total"),
        label=Text("Media contribution", "Contribution média"),
        says=Text(
            "Revenue that would not be there without the channel.",
            "Chiffre d'affaires qui n'existerait pas sans le canal.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.share",
        unit="share",
        by=("channel", "total"),
        label=Text("Media share", "Part du média"),
        says=Text(
            "Share of the revenue that a channel brought.",
            "Part du chiffre d'affaires apportée par un canal.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.half_life",
        unit="weeks",
        by=("channel",),
        label=Text("Half-life", "Demi-vie"),
        says=Text(
            "Time until half of a channel's effect is spent (adstock).",
            "Temps au bout duquel la moitié de l'effet d'un canal est passée (adstock).",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.saturation",
        unit="share",
        by=("channel",),
        label=Text("Saturation", "Saturation"),
        says=Text(
            "How far up its response curve a channel works.",
            "À quelle hauteur de sa courbe de réponse un canal travaille.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.response",
        unit="¤",
        by=("channel@money",),
        label=Text("Response to money", "Réponse à l'argent"),
        says=Text(
            "Margin that an amount of money in a channel would bring over the plan's period.",
            "Marge qu'un montant placé dans un canal rapporterait sur la période du plan.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.incremental_cac",
        unit="¤",
        by=("channel",),
        label=Text("Incremental acquisition cost", "Coût d'acquisition incrémental"),
        says=Text(
            "Spend per customer who would not have come otherwise.",
            "Dépense par client qui ne serait pas venu autrement.",
        ),
        tables=("media", "outcomes"),
    ),
    Measure(
        name="media.attributed",
        unit="share",
        by=("channel",),
        label=Text("Attributed share", "Part attribuée"),
        says=Text(
            "Share of conversions that the paths give to a channel.",
            "Part des conversions que les parcours attribuent à un canal.",
        ),
        tables=("touchpoints",),
    ),
)
