"""Shopify: orders, a row per line item whose order's fields stand on its first row only; and customers."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal as Number

from cmo.warehouse.exports.export import (
    Export,
    Found,
    Given,
    LeftOut,
    Refused,
    Row,
    Rows,
    Told,
    cents,
    one_of,
)  # fmt: skip

_NEVER_PAID = {"voided", "expired", "annule", "annulee", "expire", "expiree"}


@dataclass(slots=True)
class _Order:
    """An order, put together from its rows."""

    at: str | None = None
    currency: str | None = None
    email: str | None = None
    customer: str | None = None
    subtotal: Number | None = None
    total: Number | None = None
    discount: Number = Number(0)
    refunded: Number = Number(0)
    status: str = ""
    cancelled: bool = False
    gross: list[Number] = field(default_factory=list)
    revenue: list[Number] = field(default_factory=list)
    reduced: list[Number] = field(default_factory=list)
    told: int = 0


def _orders(rows: Rows) -> dict[str, _Order]:
    """The orders of a file, by their name."""
    orders: dict[str, _Order] = defaultdict(_Order)
    for row in rows():
        name = row.text("order")
        if name is None:
            continue
        try:
            _take(orders[name], row)
        except Refused:
            continue  # the row is refused when it is told
    for order in orders.values():
        _settle(order)
    return orders


def _take(order: _Order, row: Row) -> None:
    """Takes a row into its order; what is a field of the order counts where it stands first."""
    gross = _gross(row)
    at, subtotal, total = row.instant("created"), row.amount("subtotal"), row.amount("total")
    discount, refunded = row.amount("discount"), row.amount("refunded")
    order.gross.append(gross)
    order.at = order.at or at
    order.currency = order.currency or row.text("currency")
    order.email = order.email or row.text("email")
    order.customer = order.customer or row.text("customer")
    order.subtotal = subtotal if order.subtotal is None else order.subtotal
    order.total = total if order.total is None else order.total
    order.discount = order.discount or discount or Number(0)
    order.refunded = order.refunded or refunded or Number(0)
    order.status = order.status or (row.text("status") or "").casefold()
    order.cancelled = order.cancelled or row.raw("cancelled") is not None


def _gross(row: Row) -> Number:
    """What a line item costs before the order's own discount."""
    price, quantity = row.amount("price"), row.amount("quantity")
    if price is None:
        return Number(0)
    return price * (Number(1) if quantity is None else quantity) - (row.amount("line_discount") or Number(0))


def _settle(order: _Order) -> None:
    """Divides what was paid for the goods, less what was paid back, among the lines to the cent."""
    gross = sum(order.gross, Number(0))
    paid = order.subtotal if order.subtotal is not None else gross - order.discount
    if order.subtotal is None and not order.gross and order.total is not None:
        paid = order.total
    goods_back = min(order.refunded, paid) if paid > 0 else Number(0)
    order.revenue = cents(order.gross, paid - goods_back)
    order.reduced = cents(order.gross, order.discount)


def _told_order(found: Found, rows: Rows) -> Told:
    orders = _orders(rows)

    def told(row: Row) -> Given:
        name = row.text("order")
        if name is None:
            if row.says_total() or row.text("product") is None:
                raise LeftOut("total")
            raise Refused("missing", role="order")
        order = orders[name]
        _take(_Order(), row)  # a cell of this row that cannot be read refuses it
        line, order.told = order.told, order.told + 1
        if order.cancelled:
            raise LeftOut("cancelled")
        if order.status in _NEVER_PAID:
            raise LeftOut("unpaid")
        if order.at is None or (order.currency is None and found.has("currency")):
            raise Refused("order", role="created")
        if order.currency is not None and order.currency.upper() != found.custom_currency:
            raise Refused(f"currency:{found.custom_currency}", role="currency", value=order.currency)
        return {
            "order_id": name,
            "ordered_at": order.at,
            "revenue": format(order.revenue[line], "f"),
            "customer_id": person(order.email, order.customer),
            "quantity": row.written("quantity"),
            "product_id": row.text("sku"),
            "product": row.text("product"),
            "discount": format(order.reduced[line], "f"),
            "region": row.text("region"),
            "sales_channel": row.text("source"),
        }

    return told


def person(email: str | None, otherwise: str | None) -> str | None:
    """Who somebody is, the same in the exports of all tools: the address where there is one."""
    return email.strip().casefold() if email is not None else otherwise


def _told_customer(found: Found, rows: Rows) -> Told:
    del found, rows

    def told(row: Row) -> Given:
        email = row.text("email")
        if row.says_total() and email is None:
            raise LeftOut("total")
        return {
            "customer_id": person(email, row.text("customer")),
            "email": email,
            "name": full_name(row),
            "country": row.text("country"),
        }

    return told


def full_name(row: Row) -> str | None:
    """First name and last name together."""
    return " ".join(filter(None, (row.text("first_name"), row.text("last_name")))) or row.text("name")


SHOPIFY_ORDERS = Export(
    name="shopify_orders",
    family="shopify",
    says="Shopify export of orders",
    table="orders",
    roles={
        "order": ("name", "nom", "order name", "nom de la commande", "order", "numero de commande"),
        "email": ("email", "e mail", "adresse e mail"),
        "customer": ("customer id", "id du client"),
        "status": ("financial status", "statut financier", "statut du paiement", "payment status"),
        "created": ("created at", "cree le", "date de creation", "creee le"),
        "cancelled": ("cancelled at", "canceled at", "annule le", "annulee le"),
        "currency": ("currency", "devise"),
        "subtotal": ("subtotal", "sous total"),
        "total": ("total",),
        "discount": ("discount amount", "montant de la remise", "montant de la reduction"),
        "refunded": ("refunded amount", "montant rembourse"),
        "quantity": ("lineitem quantity", "quantite de l article de ligne", "quantite de l article"),
        "product": ("lineitem name", "nom de l article de ligne", "nom de l article"),
        "price": ("lineitem price", "prix de l article de ligne", "prix de l article"),
        "line_discount": ("lineitem discount", "remise de l article de ligne", "remise sur l article"),
        "sku": ("lineitem sku", "sku de l article de ligne", "sku de l article"),
        "region": ("shipping province name", "shipping province", "shipping country", "pays d expedition"),
        "source": ("source",),
        "fulfillment": ("fulfillment status", "statut de traitement", "etat du traitement"),
    },
    needs=(one_of("order"), one_of("created"), one_of("price", "subtotal", "total")),
    telling=one_of("status", "price", "product", "quantity", "fulfillment"),
    n_telling=2,
    money=("subtotal", "total", "price", "discount", "refunded", "line_discount"),
    days=("created",),
    gives={
        "order_id": ("order",),
        "ordered_at": ("created",),
        "revenue": ("subtotal", "price", "total", "refunded"),
        "customer_id": ("email", "customer"),
        "quantity": ("quantity",),
        "product_id": ("sku",),
        "product": ("product",),
        "discount": ("discount",),
        "region": ("region",),
        "sales_channel": ("source",),
    },
    told=_told_order,
)  # fmt: skip

SHOPIFY_CUSTOMERS = Export(
    name="shopify_customers",
    family="shopify",
    says="Shopify export of customers",
    table="customers",
    roles={
        "first_name": ("first name", "prenom"),
        "last_name": ("last name", "nom", "nom de famille"),
        "name": ("full name", "nom complet"),
        "email": ("email", "e mail", "adresse e mail"),
        "customer": ("customer id", "id du client", "id client"),
        "country": (
            "default address country code", "country code", "country", "code du pays", "pays",
            "default address country",
        ),
        "consent": (
            "accepts email marketing", "accepts marketing", "accepte le marketing par e mail",
            "accepte l e mail marketing", "accepte le marketing",
        ),
        "sms": ("accepts sms marketing", "accepte le marketing par sms"),
        "spent": ("total spent", "total depense", "montant total depense"),
        "n_orders": ("total orders", "total des commandes", "nombre total de commandes", "orders count"),
        "exempt": ("tax exempt", "exonere de taxes"),
    },
    needs=(one_of("email", "customer"), one_of("spent", "n_orders", "consent")),
    telling=one_of("consent", "sms", "spent", "n_orders", "exempt"),
    n_telling=2,
    money=("spent",),
    whole=("n_orders",),
    gives={
        "customer_id": ("email", "customer"),
        "email": ("email",),
        "name": ("first_name", "last_name", "name"),
        "country": ("country",),
    },
    told=_told_customer,
)  # fmt: skip
