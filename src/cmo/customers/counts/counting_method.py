"""How the customers were counted, in sentences."""

from types import MappingProxyType

from cmo.measures import Doubt, Text

_LUCK = Text(
    "The interval says how far the luck of who happens to be a customer could have moved it.",
    "L'intervalle dit de combien le hasard des clients présents aurait pu le déplacer.",
)


def _counted(en: str, fr: str) -> Text:
    return Text(f"{en} {_LUCK.en}", f"{fr} {_LUCK.fr}")


def within(method: Text) -> Text:
    """The method as it reads for a window that was asked for."""
    return Text(
        f"{method.en} Here the window asked for takes the place of the last 365 days.",
        f"{method.fr} Ici la période demandée prend la place des 365 derniers jours.",
    )


METHOD = MappingProxyType(
    {
        "active": _counted(
            "Customers with an order in the last 365 days, counted exactly.",
            "Clients ayant commandé dans les 365 derniers jours, comptés exactement.",
        ),
        "new_customers": _counted(
            "Customers whose first known order lies in the last 365 days, counted exactly.",
            "Clients dont la première commande connue date des 365 derniers jours, comptés exactement.",
        ),
        "repeat_rate": _counted(
            "Share of customers with a second order within 365 days of the first, among those whose first "
            "order is at least 365 days old; who was won before the orders begin is left out where "
            "acquired_at tells it.",
            "Part des clients qui ont passé une deuxième commande dans les 365 jours suivant la première, "
            "parmi ceux dont la première commande a au moins 365 jours ; qui a été gagné avant le début des "
            "commandes est laissé de côté quand acquired_at le dit.",
        ),
        "churn": _counted(
            "Share without an order in the last 365 days, among the customers who ordered in the 365 days "
            "before.",
            "Part des clients sans commande dans les 365 derniers jours, parmi ceux qui avaient commandé "
            "dans les 365 jours précédents.",
        ),
        "revenue_per_customer": _counted(
            "Net revenue of the last 365 days from known customers, divided by those who ordered.",
            "Chiffre d'affaires net des 365 derniers jours des clients connus, divisé par le nombre de "
            "ceux qui ont commandé.",
        ),
        "orders_per_customer": _counted(
            "Orders of the last 365 days of known customers, divided by those who ordered.",
            "Commandes des 365 derniers jours des clients connus, divisées par le nombre de ceux qui ont "
            "commandé.",
        ),
        "average_order_value": _counted(
            "Net revenue of the purchases of the last 365 days divided by their number; cancellations are no "
            "purchases.",
            "Chiffre d'affaires net des achats des 365 derniers jours, divisé par leur nombre ; une "
            "annulation n'est pas un achat.",
        ),
        "unidentified_share": _counted(
            "Share of the revenue of purchases of the last 365 days that names no customer.",
            "Part du chiffre d'affaires des achats des 365 derniers jours sans client connu.",
        ),
        "return_rate": _counted(
            "Refunds of the last 365 days over their gross revenue, whichever order they belong to.",
            "Remboursements des 365 derniers jours rapportés au chiffre d'affaires brut, quelle que soit la "
            "commande d'origine.",
        ),
        "retention": _counted(
            "Share of customers who order in the k-th calendar month after that of their first order; all "
            "cohorts that have reached the age together.",
            "Part des clients qui commandent le k-ième mois civil après celui de leur première commande ; "
            "toutes les cohortes qui ont atteint cet âge ensemble.",
        ),
        "cohorts": _counted(
            "Share of the customers of each month of first order who order in each later calendar month.",
            "Part des clients de chaque mois de première commande qui commandent chaque mois civil suivant.",
        ),
        "concentration": _counted(
            "Share of the net revenue of the last 365 days that the best customers bring, among known "
            "customers who spent; spend counted in steps of 5%.",
            "Part du chiffre d'affaires net des 365 derniers jours apportée par les meilleurs clients, parmi "
            "les clients connus qui ont dépensé ; dépenses comptées par pas de 5 %.",
        ),
    }
)
"""The sentence of each counted measure, by the name after the dot."""

_REASONS = MappingProxyType(
    {
        "no_orders": Text("There is no order in the data.", "Les données ne contiennent aucune commande."),
        "no_customers": Text(
            "No order says which customer it belongs to.",
            "Aucune commande ne dit à quel client elle appartient.",
        ),
        "no_purchase": Text(
            "There was no purchase in the last 365 days of the orders.",
            "Il n'y a pas eu d'achat dans les 365 derniers jours des commandes.",
        ),
        "no_refund": Text(
            "No refund is recorded in the last 365 days: either nothing came back or the orders do not tell.",
            "Aucun remboursement n'est enregistré dans les 365 derniers jours : soit rien n'est revenu, soit "
            "les commandes n'en disent rien.",
        ),
        "young": Text(
            "No customer's first order is old enough to tell whether they came back; a longer history of "
            "orders is needed.",
            "Aucune première commande n'est assez ancienne pour dire si le client est revenu ; il faut un "
            "historique de commandes plus long.",
        ),
        "no_year_before": Text(
            "The orders do not cover two years, so last year's customers cannot be held against those of the "
            "year before.",
            "Les commandes ne couvrent pas deux ans : les clients de l'année ne peuvent être comparés à ceux "
            "de l'année précédente.",
        ),
    }
)


def reason_of(why: str) -> Text:
    """Why a measure could not be counted; `why` is one of the keys of this file.

    Raises:
        KeyError: There is no such reason.
    """
    return _REASONS[why]


def short_books(days: int) -> tuple[Doubt, ...]:
    """The doubt that "the last 365 days" are only `days` days."""
    says = Text(
        f'The orders cover only {days} days; "the last 365 days" means these.',
        f"Les commandes ne couvrent que {days} jours ; « les 365 derniers jours » désignent ceux-là.",
    )
    return (Doubt(code="less_than_a_year", says=says),)


def older_than_the_books() -> tuple[Doubt, ...]:
    """The doubt that those first seen early were customers long before."""
    says = Text(
        "Many customers appear in the first three months of the orders: they were there before, so that the "
        "loyal are over-represented and coming back reads high.",
        "Beaucoup de clients apparaissent dans les trois premiers mois des commandes : ils étaient déjà là, "
        "les fidèles sont donc surreprésentés et le retour paraît élevé.",
    )
    return (Doubt(code="customers_before_the_books", says=says),)
