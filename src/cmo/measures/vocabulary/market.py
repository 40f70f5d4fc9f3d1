"""The market, its brands and its trends."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

MARKET: Final = (
    Measure(
        name="market.size",
        unit="¤",
        by=("total",),
        label=Text("Market size", "Taille du marché"),
        says=Text("Sales of all brands of the market.", "Ventes de toutes les marques du marché."),
        tables=("market",),
    ),
    Measure(
        name="market.share",
        unit="share",
        by=("brand",),
        label=Text("Market share", "Part de marché"),
        says=Text("Share of the market's sales.", "Part des ventes du marché."),
        tables=("market",),
    ),
    Measure(
        name="market.growth",
        unit="share",
        by=("total", "brand"),
        label=Text("Market growth", "Croissance du marché"),
        says=Text("Growth over a year.", "Croissance sur un an."),
        tables=("market",),
    ),
    Measure(
        name="market.price_index",
        unit="index",
        by=("brand",),
        label=Text("Price index", "Indice de prix"),
        says=Text("Price against the market's average (1).", "Prix rapporté à la moyenne du marché (1)."),
        tables=("market",),
    ),
    Measure(
        name="market.trend",
        unit="share",
        by=("topic",),
        label=Text("Trend", "Tendance"),
        says=Text(
            "Probability that a topic is on the rise.", "Probabilité qu'un sujet soit en train de monter."
        ),
        tables=("signals",),
    ),
    Measure(
        name="market.first_mover",
        unit="share",
        by=("total",),
        label=Text("First-mover bonus", "Prime au premier"),
        says=Text(
            "How much more a new channel, format or topic brings per effort at first than later.",
            "Ce qu'un canal, un format ou un sujet neuf rapporte de plus par effort au début que plus tard.",
        ),
        tables=("media", "content"),
    ),
)
