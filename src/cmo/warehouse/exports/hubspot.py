"""HubSpot: contacts, and deals of which those that are won are orders."""

import re
from decimal import Decimal as Number

from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Refused, Row, Rows, Told, one_of
from cmo.warehouse.exports.headers import words_of
from cmo.warehouse.exports.mailing_lists import UNKNOWN_DAY
from cmo.warehouse.exports.shopify import full_name, person

_WON = re.compile(r"\b(closed ?won|won|gagnee?s?|signee?s?|remportee?s?|conclue?s?)\b")
_NOT = re.compile(r"\b(not|non|pas|lost|perdue?s?|open|ouverte?s?)\b")
_YES = {"true", "yes", "vrai", "oui", "1"}
_BUYERS = {"customer", "client", "evangelist", "ambassadeur"}


def _says_won(row: Row) -> bool | None:
    """Whether a deal is won; None where its row does not say it."""
    if (flag := row.text("is_won")) is not None:
        return words_of(flag) in _YES
    if (stage := row.text("stage")) is not None:
        words = words_of(stage)
        return _WON.search(words) is not None and _NOT.search(words) is None
    return None


def _check_deals(found: Found) -> None:
    if not found.has("stage", "is_won"):
        raise found.refuse(
            "it does not say which deals are won: add the column Deal Stage or Is Closed Won "
            "(Phase de la transaction), then export it again"
        )


def _told_deal(found: Found, rows: Rows) -> Told:
    if not any(_says_won(row) for row in rows()):
        stages = list(dict.fromkeys(row.text("stage") for row in rows()))
        shown = ", ".join(stage for stage in stages[:6] if stage)
        raise found.refuse(
            f"none of its stages ({shown or 'all blank'}) says that a deal is won: add the column "
            f"Is Closed Won (Est conclu gagné), then export it again"
        )

    def told(row: Row) -> Given:
        if row.text("deal_id", "deal") is None:
            raise LeftOut("total") if row.says_total() else Refused("missing", role="deal_id")
        if not _says_won(row):
            raise LeftOut("open")
        return {
            "order_id": row.text("deal_id", "deal"),
            "ordered_at": row.instant("closed") or row.instant("created"),
            "revenue": format(_amount(row), "f"),
            "customer_id": _first(row.text("contact_ids", "company_ids", "contact", "company")),
            "product": row.text("deal"),
            "sales_channel": row.text("pipeline"),
        }

    return told


def _amount(row: Row) -> Number:
    """The amount, in the company's currency where HubSpot tells it.

    Raises:
        Refused: There is none, or it is in another currency.
    """
    if (ours := row.amount("company_amount")) is not None:
        return ours
    row.in_company_currency()
    amount = row.amount("amount")
    if amount is None:
        raise Refused("missing", role="amount")
    return amount


def _first(many: str | None) -> str | None:
    """The first of several values, which HubSpot parts by semicolons."""
    return None if many is None else many.partition(";")[0].strip() or None


def _told_contact(found: Found, rows: Rows) -> Told:
    del rows

    def told(row: Row) -> Given:
        email, stage = _first(row.text("email")), words_of(row.text("stage") or "")
        if email is None and row.text("contact") is None and row.says_total():
            raise LeftOut("total")
        became = row.instant("became")
        if became is None and not found.has("became") and (not found.has("stage") or stage in _BUYERS):
            became = row.instant("created")
        left = words_of(row.text("unsubscribed") or "") in _YES
        return {
            "customer_id": row.text("contact") or person(email, None),
            "acquired_at": became,
            "acquisition_channel": row.text("source"),
            "email": email,
            "name": full_name(row),
            "country": row.text("country"),
            "language": row.text("language"),
            "unsubscribed_at": (row.instant("modified") or UNKNOWN_DAY) if left else None,
        }

    return told


def _check_companies(found: Found) -> None:
    raise found.refuse("cmo keeps persons and orders, not companies: export contacts and deals instead")


def _never(found: Found, rows: Rows) -> Told:
    del rows
    raise found.refuse("it cannot be taken")


_ID = (
    "record id",
    "id d enregistrement",
    "id de l enregistrement",
    "identifiant de l enregistrement",
    "object id",
)

HUBSPOT_CONTACTS = Export(
    name="hubspot_contacts",
    family="hubspot",
    says="HubSpot export of contacts",
    table="customers",
    roles={
        "contact": (*_ID, "contact id", "id du contact"),
        "first_name": ("first name", "prenom"),
        "last_name": ("last name", "nom", "nom de famille"),
        "email": ("email", "e mail", "adresse e mail"),
        "created": ("create date", "date de creation", "created date"),
        "became": ("became a customer date", "date de passage a client", "date devenu client"),
        "source": (
            "original source", "original traffic source", "source d origine", "source de trafic d origine",
            "source du trafic d origine",
        ),
        "stage": (
            "lifecycle stage", "phase du cycle de vie", "etape du cycle de vie",
            "phase de cycle de vie",
        ),
        "lead": ("lead status", "lifecycle stage lead status", "statut du lead", "statut du prospect"),
        "owner": ("contact owner", "proprietaire du contact"),
        "company": (
            "associated company", "associated company ids", "entreprise associee",
            "primary associated company",
        ),
        "country": ("country", "country region", "pays", "pays region"),
        "language": ("preferred language", "langue preferee"),
        "unsubscribed": (
            "unsubscribed from all email", "desinscrit de tous les e mails", "opted out of all email",
            "unsubscribed from all emails", "desabonne de tous les e mails",
        ),
        "modified": ("last modified date", "date de derniere modification", "last activity date"),
    },
    needs=(one_of("contact", "email"), one_of("created", "stage", "lead", "owner", "source", "email")),
    telling=one_of("contact", "stage", "lead", "owner", "source", "company", "unsubscribed"),
    n_telling=2,
    days=("created", "became", "modified"),
    gives={
        "customer_id": ("contact", "email"),
        "acquired_at": ("created", "became"),
        "acquisition_channel": ("source",),
        "email": ("email",),
        "name": ("first_name", "last_name"),
        "country": ("country",),
        "language": ("language",),
        "unsubscribed_at": ("unsubscribed",),
    },
    told=_told_contact,
)  # fmt: skip

HUBSPOT_DEALS = Export(
    name="hubspot_deals",
    family="hubspot",
    says="HubSpot export of deals",
    table="orders",
    roles={
        "deal_id": (*_ID, "deal id", "id de la transaction"),
        "deal": ("deal name", "nom de la transaction", "nom de l affaire", "transaction"),
        "stage": ("deal stage", "phase de la transaction", "etape de la transaction", "phase de l affaire"),
        "is_won": ("is closed won", "est conclu gagne", "est fermee gagnee", "est ferme gagne"),
        "pipeline": ("pipeline",),
        "amount": ("amount", "montant", "montant de la transaction"),
        "company_amount": ("amount in company currency", "montant dans la devise de l entreprise"),
        "currency": ("currency", "devise", "deal currency code"),
        "closed": ("close date", "date de fermeture", "date de cloture", "closed date"),
        "created": ("create date", "date de creation"),
        "owner": ("deal owner", "proprietaire de la transaction"),
        "contact_ids": ("associated contact ids", "id des contacts associes", "ids de contacts associes"),
        "contact": ("associated contacts", "associated contact", "contact associe", "contacts associes"),
        "company_ids": ("associated company ids", "id des entreprises associees"),
        "company": ("associated company", "entreprise associee", "associated companies"),
    },
    needs=(one_of("deal"), one_of("amount", "company_amount"), one_of("closed", "created")),
    telling=one_of("deal"),
    money=("amount", "company_amount"),
    days=("closed", "created"),
    gives={
        "order_id": ("deal_id", "deal"),
        "ordered_at": ("closed", "created"),
        "revenue": ("company_amount", "amount"),
        "customer_id": ("contact_ids", "company_ids", "contact", "company"),
        "product": ("deal",),
        "sales_channel": ("pipeline",),
    },
    told=_told_deal,
    check=_check_deals,
)  # fmt: skip

HUBSPOT_COMPANIES = Export(
    name="hubspot_companies",
    family="hubspot",
    says="HubSpot export of companies",
    table="customers",
    roles={
        "company": ("company name", "nom de l entreprise"),
        "owner": ("company owner", "proprietaire de l entreprise"),
        "site": ("website url", "company domain name", "url du site web", "domaine de l entreprise"),
        "id": _ID,
    },
    needs=(one_of("company"), one_of("owner", "site")),
    telling=one_of("owner", "id", "site"),
    n_telling=2,
    gives={"customer_id": ()},
    told=_never,
    check=_check_companies,
)
