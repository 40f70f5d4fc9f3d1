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
        "cannibalisation": Text(
            "Part of an opened channel's revenue of its first half year that the other channels would have "
            "had: the change of what its adopters spend elsewhere, beside that of customers who spent alike "
            "before and did not take it up, never more than what adopters brought.",
            "Part du chiffre d'affaires du premier semestre d'un canal ouvert que les autres canaux auraient "
            "eue : l'évolution de ce que ses adoptants dépensent ailleurs, comparée à celle de clients qui "
            "dépensaient autant avant et ne l'ont pas adopté, jamais plus que ce que les adoptants ont "
            "apporté.",
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
            "No channel was opened with half a year of named orders before and after, taken up by thirty "
            "known customers. Counts alone do not tell what a channel took from the others, since customers "
            "of several channels also buy more; best is one opened in some regions, registered as a test.",
            "Aucun canal n'a été ouvert avec une demi-année de commandes nominatives avant et après, adopté "
            "par trente clients connus. Un comptage ne dit pas ce qu'un canal a pris aux autres, car les "
            "clients de plusieurs canaux achètent aussi davantage ; le mieux est de l'ouvrir dans certaines "
            "régions, comme test enregistré.",
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
