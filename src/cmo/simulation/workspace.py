"""The folder a company keeps: data files, cmo.yaml; and what was spoilt on purpose."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cmo.simulation.accounts import customers_table, orders_table, outcomes_table, spoil_orders
from cmo.simulation.contents import content_table
from cmo.simulation.episode import Observation, rng_of
from cmo.simulation.files import append_lines, write_csv, write_parquet, write_xlsx, write_yaml
from cmo.simulation.habit import Plan
from cmo.simulation.living import Market, Week
from cmo.simulation.media_tables import media_table, touchpoints_table
from cmo.simulation.outside import market_table, signals_table
from cmo.simulation.people import Ledger
from cmo.simulation.sales import Lines
from cmo.simulation.surroundings import context_table, events_table
from cmo.simulation.surveys import brand_survey_table, choices_table, price_survey_table
from cmo.simulation.trials import experiment_units_table
from cmo.simulation.voice import feedback_table

LOST_AMOUNTS = 5
SPOILT_FEEDBACK = (
    "FX0001,31/02/2025,Livraison rapide.,5,5,,avis,fr,,,Maison Lumen",
    "FX0002,hier,Très déçue.,1,5,,avis,fr,,,Maison Lumen",
    "FX0003,,Perfect!,5,5,,avis,en,,,Maison Lumen",
)
SPOILT_TOUCHPOINTS = ("VX00001,2025-13-40 10:00:00,social,0,0", "VX00002,bientôt,search,0,0")

_RENAMED = {
    "order_id": "commande",
    "customer_id": "client",
    "ordered_at": "date_commande",
    "revenue": "quantite * prix_unitaire - remise",
    "margin": "quantite * (prix_unitaire - cout_unitaire) - remise",
    "quantity": "quantite",
    "product_id": "reference",
    "product": "produit",
    "category": "gamme",
    "sales_channel": "canal_vente",
    "region": "region",
    "discount": "remise",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A company's life as it was.

    Attributes:
        market: The constants of the world.
        plan: What the company meant to do.
        lived: Weeks up to the end of the data.
        seen: What was seen of those in the data.
        ledger: Customers and their orders.
        lines: Order lines.
        after: Weeks lived by habit after the data ends.
    """

    market: Market
    plan: Plan
    lived: list[Week]
    seen: list[Observation]
    ledger: Ledger
    lines: Lines
    after: tuple[Week, ...] = ()


def tables_of(history: History, *, language: str) -> dict[str, pa.Table]:
    """All canonical tables, clean, orders in the shop's own columns."""
    market, lived, lines = history.market, history.lived, history.lines
    window = lived[market.world.past :]

    def rng(number: int) -> np.random.Generator:
        return rng_of(market.world.seed, 100, number)

    customers = history.ledger.customers
    return {
        "orders": orders_table(market, lines),
        "customers": customers_table(market, history.ledger, lines, rng(1)),
        "media": media_table(market, window, history.seen, rng(2)),
        "outcomes": outcomes_table(market, history.ledger, lines),
        "context": context_table(market, lived, rng(3)),
        "touchpoints": touchpoints_table(market, lived, lines, customers.cell, rng(4)),
        "feedback": feedback_table(market, lines, rng(5)),
        "price_survey": price_survey_table(market, rng(6)),
        "choices": choices_table(market, rng(7)),
        "brand_survey": brand_survey_table(market, lived, rng(8)),
        "market": market_table(market, lived, rng(9)),
        "signals": signals_table(market, rng(10)),
        "experiment_units": experiment_units_table(
            market, history.ledger.tests[0], lines, rng(11), n_customers=customers.cell.size
        ),
        "events": events_table(market, history.plan, language=language),
        "content": content_table(market, rng(12), language=language),
    }


def canonical_tables(history: History, *, language: str) -> dict[str, pa.Table]:
    """All tables in canonical names, as a careful reader has them: no file is written."""
    tables = tables_of(history, language=language)
    shop, lines = tables["orders"], history.lines
    known = {name: shop[given] for name, given in _RENAMED.items() if given in shop.column_names}
    known["revenue"], known["margin"] = pa.array(lines.revenue()), pa.array(lines.margin())
    return tables | {"orders": pa.table(known)}


def write_data(folder: Path, tables: dict[str, pa.Table], *, seed: int) -> dict[str, int]:
    """Write the data files, with a few spoilt rows.

    Returns:
        Rows that a careful reader must refuse, by table.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    orders = spoil_orders(tables["orders"], rng_of(seed, 200), count=LOST_AMOUNTS)
    write_parquet(data / "orders.parquet", orders)
    write_xlsx(data / "price_survey.xlsx", tables["price_survey"], sheet="réponses")
    for name, table in tables.items():
        if name not in {"orders", "price_survey"}:
            write_csv(data / f"{name}.csv", table)
    append_lines(data / "feedback.csv", SPOILT_FEEDBACK, every=700)
    append_lines(data / "touchpoints.csv", SPOILT_TOUCHPOINTS, every=900)
    return {"orders": LOST_AMOUNTS, "feedback": len(SPOILT_FEEDBACK), "touchpoints": len(SPOILT_TOUCHPOINTS)}


def write_config(folder: Path, market: Market, tables: dict[str, pa.Table], *, language: str) -> None:
    """Write cmo.yaml."""
    company = market.world.company
    sources: dict[str, object] = {"orders": {"path": "data/orders.parquet", "columns": _RENAMED}}
    for name in tables:
        if name != "orders":
            extension = "xlsx" if name == "price_survey" else "csv"
            sources[name] = {"path": f"data/{name}.{extension}"}
    write_yaml(
        folder / "cmo.yaml",
        {
            "company": {
                "name": company.name,
                "currency": company.currency,
                "language": language,
                "timezone": company.timezone,
                "sector": company.sector,
            },
            "engine": "duckdb",
            "sources": sources,
        },
        blocks=4,
    )
