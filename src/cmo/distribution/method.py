"""How distribution was measured, and why it sometimes was not, in sentences."""

from types import MappingProxyType

from cmo.measures import Doubt, Text

METHOD = MappingProxyType(
    {
        "revenue_share": Text(
            "Net revenue of each sales channel over that of all, counted exactly. The interval says how far "
            "the luck of who happens to come could have moved it (compound Poisson over customers).",
            "Chiffre d'affaires net de chaque canal de vente rapporté au total, compté exactement. "
            "L'intervalle dit de combien le hasard de qui vient acheter aurait pu le déplacer (Poisson "
            "composé sur les clients).",
        ),
        "margin": Text(
            "Margin over revenue of the order lines that state a margin, by sales channel, counted exactly. "
            "The interval says how far other customers could have moved it (ratio estimator).",
            "Marge rapportée au chiffre d'affaires des lignes qui indiquent une marge, par canal de vente, "
            "comptée exactement. L'intervalle dit de combien d'autres clients auraient pu la déplacer "
            "(estimateur par ratio).",
        ),
        "growth": Text(
            "Revenue of the last 364 days over that of the 364 days before, minus 1, counted exactly. The "
            "interval says how far the luck of who happens to come could have moved it (compound Poisson "
            "over customers).",
            "Chiffre d'affaires des 364 derniers jours rapporté à celui des 364 jours précédents, moins 1, "
            "compté exactement. L'intervalle dit de combien le hasard de qui vient acheter aurait pu le "
            "déplacer (Poisson composé sur les clients).",
        ),
    }
)

REASON = MappingProxyType(
    {
        "no_orders": Text(
            "There are no orders with a sales channel.", "Il n'y a pas de commandes avec un canal de vente."
        ),
        "no_margin": Text("The orders do not state a margin.", "Les commandes n'indiquent pas de marge."),
        "short": Text(
            "Growth over a year needs two years of orders.",
            "Une croissance sur un an demande deux ans de commandes.",
        ),
        "cannibalisation": Text(
            "Counts alone do not tell what a channel took from the others: customers who use several "
            "channels also buy more. It takes a channel opened or closed in some regions and not in others, "
            "registered as a test.",
            "Un comptage ne dit pas ce qu'un canal a pris aux autres : les clients de plusieurs canaux "
            "achètent aussi davantage. Il faut un canal ouvert ou fermé dans certaines régions et pas dans "
            "d'autres, enregistré comme test.",
        ),
    }
)


def unnamed(share: float) -> tuple[Doubt, ...]:
    """The doubt that goes with revenue of no known channel."""
    says = Text(
        f"{share:.1%} of the revenue names no sales channel and is left out.",
        f"{share:.1%} du chiffre d'affaires n'indiquent pas de canal de vente et sont écartés.",
    )
    return (Doubt(code="channel_unknown", says=says),)


def margin_missing(share: float) -> tuple[Doubt, ...]:
    """The doubt that goes with revenue of no known margin."""
    says = Text(
        f"{share:.1%} of the revenue states no margin and is not counted.",
        f"{share:.1%} du chiffre d'affaires n'indiquent pas de marge et ne sont pas comptés.",
    )
    return (Doubt(code="margin_missing", says=says),)
