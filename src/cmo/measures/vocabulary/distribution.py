"""What each sales channel brings."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

DISTRIBUTION: Final = (
    Measure(
        name="distribution.revenue_share",
        unit="share",
        by=("sales_channel",),
        label=Text("Share of revenue by sales channel", "Part du chiffre d'affaires par canal de vente"),
        says=Text(
            "Share of revenue that a sales channel brings.",
            "Part du chiffre d'affaires apportée par un canal de vente.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="distribution.margin",
        unit="share",
        by=("sales_channel",),
        label=Text("Margin by sales channel", "Marge par canal de vente"),
        says=Text("Margin as a share of revenue.", "Marge en part du chiffre d'affaires."),
        tables=("orders",),
    ),
    Measure(
        name="distribution.growth",
        unit="share",
        by=("sales_channel",),
        label=Text("Growth by sales channel", "Croissance par canal de vente"),
        says=Text("Growth of revenue over a year.", "Croissance du chiffre d'affaires sur un an."),
        tables=("orders",),
    ),
    Measure(
        name="distribution.cannibalisation",
        unit="share",
        by=("sales_channel",),
        label=Text("Cannibalisation", "Cannibalisation"),
        says=Text(
            "Share of a channel's gain that was taken from the others.",
            "Part du gain d'un canal prise aux autres.",
        ),
        tables=("orders",),
    ),
)
