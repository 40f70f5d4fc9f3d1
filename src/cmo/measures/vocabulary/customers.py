"""Who buys, again, and what they are worth."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

CUSTOMERS: Final = (
    Measure(
        name="customers.active",
        unit="count",
        by=("total",),
        label=Text("Active customers", "Clients actifs"),
        says=Text(
            "Customers who bought in the last twelve months.",
            "Clients qui ont acheté dans les douze derniers mois.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.new_customers",
        unit="count",
        by=("total",),
        label=Text("New customers", "Nouveaux clients"),
        says=Text(
            "Customers whose first order falls in the period.",
            "Clients dont la première commande tombe dans la période.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.repeat_rate",
        unit="share",
        by=("total",),
        label=Text("Repeat rate", "Taux de réachat"),
        says=Text(
            "Share of customers who order again within a year of their first order.",
            "Part des clients qui recommandent dans l'année qui suit leur première commande.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.retention",
        unit="share",
        by=("age",),
        label=Text("Retention", "Rétention"),
        says=Text(
            "Share of a cohort that orders again, by months since the first order.",
            "Part d'une cohorte qui recommande, selon le nombre de mois depuis la première commande.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.cohorts",
        unit="share",
        by=("cohort",),
        label=Text("Retention by cohort", "Rétention par cohorte"),
        says=Text(
            "Share of each month's new customers that orders again, by months since the first order.",
            "Part des nouveaux clients de chaque mois qui recommande, selon les mois écoulés depuis.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.churn",
        unit="share",
        by=("total",),
        label=Text("Churn", "Attrition"),
        says=Text(
            "Share of last year's customers who did not order this year.",
            "Part des clients de l'an dernier qui n'ont pas commandé cette année.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.concentration",
        unit="share",
        by=("top",),
        label=Text("Concentration of revenue", "Concentration du chiffre d'affaires"),
        says=Text(
            "Share of revenue that the best customers bring.",
            "Part du chiffre d'affaires apportée par les meilleurs clients.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.revenue_per_customer",
        unit="¤",
        by=("total", "region", "sales_channel"),
        label=Text("Revenue per customer", "Chiffre d'affaires par client"),
        says=Text(
            "Revenue of the period per customer who bought.",
            "Chiffre d'affaires de la période par client acheteur.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.orders_per_customer",
        unit="orders/customer",
        by=("total", "region", "sales_channel"),
        label=Text("Orders per customer", "Commandes par client"),
        says=Text(
            "Orders of the period per customer who bought.", "Commandes de la période par client acheteur."
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.average_order_value",
        unit="¤",
        by=("total", "region", "sales_channel"),
        label=Text("Average order value", "Panier moyen"),
        says=Text("Net revenue of an order.", "Montant net d'une commande."),
        tables=("orders",),
    ),
    Measure(
        name="customers.unidentified_share",
        unit="share",
        by=("total",),
        label=Text("Unidentified revenue", "Chiffre d'affaires non identifié"),
        says=Text(
            "Share of revenue that no known customer is behind.",
            "Part du chiffre d'affaires sans client connu.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.clv",
        unit="¤",
        by=("total", "segment", "acquisition_channel"),
        label=Text("Customer lifetime value", "Valeur vie client"),
        says=Text(
            "Discounted value that a customer will still bring over the stated horizon.",
            "Valeur actualisée qu'un client apportera encore sur l'horizon indiqué.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.equity",
        unit="¤",
        by=("total", "segment", "acquisition_channel"),
        label=Text("Customer equity", "Capital client"),
        says=Text(
            "Discounted value that all customers will still bring.",
            "Valeur actualisée que tous les clients apporteront encore.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.alive",
        unit="count",
        by=("total", "segment", "acquisition_channel"),
        label=Text("Customers still there", "Clients encore là"),
        says=Text(
            "Customers who will still order some day, expected.",
            "Clients qui commanderont encore un jour, en espérance.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.at_stake",
        unit="¤",
        by=("segment",),
        label=Text("Value at stake", "Valeur en jeu"),
        says=Text(
            "Value that customers would bring on top, were they all still there.",
            "Valeur que les clients apporteraient en plus s'ils étaient tous encore là.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.migration",
        unit="share",
        by=("move",),
        label=Text("Moves between segments", "Passages d'un segment à l'autre"),
        says=Text(
            "Share of the customers of a segment a year ago that are in each segment now.",
            "Part des clients d'un segment d'il y a un an qui sont aujourd'hui dans chaque segment.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.silence",
        unit="weeks",
        by=("orders",),
        label=Text("Silence that means goodbye", "Silence qui vaut adieu"),
        says=Text(
            "Silence after which a customer is more likely gone than not, by orders so far.",
            "Silence au-delà de laquelle un client est plus probablement parti que là, selon ses commandes.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.return_rate",
        unit="share",
        by=("total",),
        label=Text("Return rate", "Taux de retour"),
        says=Text(
            "Share of gross revenue that is refunded.",
            "Part du chiffre d'affaires brut qui est remboursée.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="customers.cac",
        unit="¤",
        by=("acquisition_channel", "total"),
        label=Text("Acquisition cost", "Coût d'acquisition"),
        says=Text("Media spend per new customer.", "Dépense média par nouveau client."),
        tables=("orders", "media"),
    ),
    Measure(
        name="customers.clv_to_cac",
        unit="¤/¤",
        by=("acquisition_channel", "total"),
        label=Text("Lifetime value to acquisition cost", "Valeur vie sur coût d'acquisition"),
        says=Text(
            "What a new customer will bring for each unit of money that it cost to win.",
            "Ce qu'un nouveau client rapportera pour chaque unité d'argent dépensée pour le gagner.",
        ),
        tables=("orders", "customers", "media"),
    ),
    Measure(
        name="customers.renewal",
        unit="share",
        by=("renewal",),
        label=Text("Renewal of contracts", "Renouvellement des contrats"),
        says=Text(
            "Share of contract holders present who renew, by number of the renewal.",
            "Part des titulaires de contrat présents qui renouvellent, par rang d'échéance.",
        ),
        tables=("customers",),
    ),
    Measure(
        name="customers.staying",
        unit="share",
        by=("total", "acquisition_channel"),
        label=Text("Contracts kept for a year", "Contrats gardés un an"),
        says=Text(
            "Share of the contracts running today that will still run in twelve months.",
            "Part des contrats en cours qui courront encore dans douze mois.",
        ),
        tables=("customers",),
    ),
)
