"""Stripe: payments; what was paid less what was paid back, in the currency of the company."""

from decimal import Decimal as Number

from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Refused, Row, Rows, Told, one_of
from cmo.warehouse.exports.headers import words_of
from cmo.warehouse.exports.shopify import person

_PAID = {
    "paid", "succeeded", "refunded", "partially refunded", "partial refund", "disputed", "paye", "payee",
    "reussi", "rembourse", "remboursement partiel", "partiellement rembourse", "reussie", "complete",
}  # fmt: skip


def _told(found: Found, rows: Rows) -> Told:
    del found, rows  # every row of a payment stands for itself

    def told(row: Row) -> Given:
        if row.text("payment") is None and row.says_total():
            raise LeftOut("total")
        mode = words_of(row.text("mode") or "live")
        if mode == "test":
            raise LeftOut("trial")
        status = row.text("status")
        if status is not None and words_of(status) not in _PAID:
            raise LeftOut("unpaid")
        if words_of(row.text("captured") or "true") in {"false", "faux", "no", "non"}:
            raise LeftOut("unpaid")
        return {
            "order_id": row.text("payment"),
            "ordered_at": row.instant("created", zone="+00:00"),
            "revenue": format(_net(row), "f"),
            "customer_id": person(row.text("email"), row.text("customer")),
            "product": row.text("description"),
        }

    return told


def _net(row: Row) -> Number:
    """What was paid less what was paid back; as converted by Stripe where that is the company's currency.

    Raises:
        Refused: The amount is missing, or in another currency.
    """
    ours = row.found.custom_currency
    paid, back = "amount", "refunded"
    currency = (row.raw("currency") or ours).upper()
    if currency != ours and (row.raw("converted_currency") or "").upper() == ours:
        paid, back = "converted", "converted_refunded"
    elif currency != ours:
        raise Refused(f"currency:{ours}", role="currency", value=currency)
    amount = row.amount(paid)
    if amount is None:
        raise Refused("missing", role=paid)
    return amount - (row.amount(back) or Number(0))


STRIPE = Export(
    name="stripe",
    family="stripe",
    says="Stripe export of payments",
    table="orders",
    roles={
        "payment": ("id", "payment id", "charge id", "identifiant"),
        "created": ("created utc", "created date utc", "created", "cree utc", "date de creation utc"),
        "amount": ("amount", "montant"),
        "refunded": ("amount refunded", "montant rembourse"),
        "currency": ("currency", "devise"),
        "converted": ("converted amount", "montant converti"),
        "converted_refunded": ("converted amount refunded", "montant rembourse converti"),
        "converted_currency": ("converted currency", "devise convertie", "devise de conversion"),
        "fee": ("fee", "frais", "fees"),
        "status": ("status", "statut", "etat"),
        "captured": ("captured", "capture", "capturee"),
        "mode": ("mode",),
        "description": ("description",),
        "customer": ("customer id", "id du client", "identifiant du client"),
        "email": ("customer email", "e mail du client", "adresse e mail du client"),
        "customer_description": ("customer description", "description du client"),
        "seller_message": ("seller message", "message du vendeur"),
        "descriptor": ("statement descriptor", "libelle de releve bancaire", "libelle du releve"),
        "card": ("card id", "id de la carte", "card last4", "card brand"),
        "intent": ("paymentintent id", "payment intent id", "paymentintent"),
        "invoice": ("invoice id", "invoice number"),
    },
    needs=(one_of("payment"), one_of("created"), one_of("amount")),
    telling=one_of(
        "refunded", "converted", "converted_refunded", "converted_currency", "seller_message", "descriptor",
        "card", "intent", "customer_description", "captured", "fee",
    ),
    n_telling=2,
    money=("amount", "refunded", "converted", "converted_refunded", "fee"),
    days=("created",),
    gives={
        "order_id": ("payment",),
        "ordered_at": ("created",),
        "revenue": ("amount",),
        "customer_id": ("email", "customer"),
        "product": ("description",),
    },
    told=_told,
)  # fmt: skip
