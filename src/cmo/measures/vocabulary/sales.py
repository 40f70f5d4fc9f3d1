"""Revenue, contribution and what is to come."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

SALES: Final = (
    Measure(
        name="sales.revenue",
        unit="¤",
        by=("total", "region", "sales_channel", "category"),
        label=Text("Revenue", "Chiffre d'affaires"),
        says=Text(
            "Net revenue of the orders, refunds deducted.",
            "Chiffre d'affaires net des commandes, remboursements déduits.",
        ),
        tables=("orders",),
    ),
    Measure(
        name="sales.contribution",
        unit="¤",
        by=("total", "sales_channel", "category"),
        label=Text("Contribution", "Contribution"),
        says=Text("Margin that the orders left.", "Marge laissée par les commandes."),
        tables=("orders",),
    ),
    Measure(
        name="sales.forecast",
        unit="¤",
        by=("month",),
        label=Text("Revenue forecast", "Prévision de chiffre d'affaires"),
        says=Text(
            "Revenue to expect in the coming months if nothing changes.",
            "Chiffre d'affaires à attendre dans les prochains mois si rien ne change.",
        ),
        tables=("orders",),
    ),
)
