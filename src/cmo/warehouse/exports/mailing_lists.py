"""Mailing lists: who may be written to. Consent is taken only where the export proves it; refusals always."""

import re
from collections.abc import Mapping

from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Row, Rows, Told, one_of
from cmo.warehouse.exports.headers import words_of
from cmo.warehouse.exports.shopify import full_name, person

UNKNOWN_DAY = "1970-01-01"
"""When somebody refused e-mails whose export does not say when: no refusal is lost for want of a date."""

_YES = {"true", "yes", "oui", "vrai", "1"}
_GONE = {
    "unsubscribed", "desinscrit", "desinscrite", "desabonne", "desabonnee", "cancelled", "canceled",
    "complained", "bounced", "cleaned", "blacklisted", "blocked", "unsubscribe", "rejete", "bloque",
}  # fmt: skip


def _person(row: Row) -> dict[str, str | None]:
    email = row.text("email")
    if email is None and row.says_total():
        raise LeftOut("total")
    return {
        "customer_id": person(email, row.text("id")),
        "email": email,
        "name": full_name(row),
        "country": row.text("country"),
        "language": row.text("language"),
    }


def _latest(row: Row, *roles: str) -> str:
    return next((at for role in roles if (at := row.instant(role)) is not None), UNKNOWN_DAY)


def status_of_file(found: Found) -> str | None:
    """What a Mailchimp file says of all in it: subscribed, unsubscribed, cleaned …; None where nothing."""
    if found.has("left", "left_why"):
        return "unsubscribed"
    if found.has("cleaned"):
        return "cleaned"
    words = words_of(found.file)
    if re.search(r"non ?subscribed|non ?abonne|transactional", words):
        return "nonsubscribed"
    if re.search(r"unsubscribed|desabonne|desinscrit", words):
        return "unsubscribed"
    if re.search(r"cleaned|nettoye|bounced", words):
        return "cleaned"
    return "subscribed" if re.search(r"\bsubscribed|\babonnes?\b", words) else None


def _told_mailchimp(found: Found, rows: Rows) -> Told:
    del rows
    of_file = status_of_file(found)

    def told(row: Row) -> Given:
        status = words_of(row.text("status") or "") or of_file
        gone = status in _GONE or row.raw("left") is not None
        agreed = row.instant("confirmed") or row.instant("opted_in")
        return {
            **_person(row),
            "email_consent_at": agreed if status in {"subscribed", "unsubscribed"} else None,
            "unsubscribed_at": _latest(row, "left", "cleaned", "changed") if gone else None,
        }

    return told


def _told_brevo(found: Found, rows: Rows) -> Told:
    del found, rows

    def told(row: Row) -> Given:
        gone = words_of(row.text("blacklisted") or "") in _YES
        confirmed = words_of(row.text("confirmed") or "") in _YES
        return {
            **_person(row),
            "email_consent_at": row.instant("added") if confirmed else None,
            "unsubscribed_at": _latest(row, "changed", "added") if gone else None,
        }

    return told


def _told_list(found: Found, rows: Rows) -> Told:
    del found, rows

    def told(row: Row) -> Given:
        gone = words_of(row.text("status") or "") in _GONE or row.raw("left") is not None
        return {**_person(row), "unsubscribed_at": _latest(row, "left", "changed") if gone else None}

    return told


_EMAIL = ("email", "email address", "e mail", "adresse e mail", "courriel", "adresse email", "mail")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "email": _EMAIL,
    "first_name": ("first name", "firstname", "prenom", "fname"),
    "last_name": ("last name", "lastname", "nom", "nom de famille", "surname", "lname"),
    "country": ("country", "pays", "cc"),
    "language": ("language", "langue"),
    "id": ("contact id", "id du contact"),
}
_GIVES: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("email", "id"),
    "email": ("email",),
    "name": ("first_name", "last_name"),
    "country": ("country",),
    "language": ("language",),
}

MAILCHIMP = Export(
    name="mailchimp",
    family="mailchimp",
    says="Mailchimp export of an audience",
    table="customers",
    roles={
        **_NAMES,
        "opted_in": ("optin time", "heure d inscription", "date d inscription"),
        "confirmed": ("confirm time", "heure de confirmation", "date de confirmation"),
        "changed": ("last changed", "derniere modification"),
        "left": ("unsub time", "heure de desinscription", "date de desabonnement"),
        "left_why": ("unsub reason", "unsub campaign title", "unsub reason other"),
        "cleaned": ("clean time", "clean campaign title", "cleaned time"),
        "status": ("status", "statut"),
        "rating": ("member rating", "note du membre"),
        "leid": ("leid",),
        "euid": ("euid",),
        "ip": ("optin ip", "confirm ip"),
        "offset": ("gmtoff", "dstoff"),
    },
    needs=(one_of("email"),),
    telling=one_of(
        "opted_in", "confirmed", "changed", "left", "left_why", "cleaned", "rating", "leid", "euid", "ip",
        "offset",
    ),
    n_telling=2,
    days=("opted_in", "confirmed", "changed", "left", "cleaned"),
    gives={
        **_GIVES,
        "email_consent_at": ("opted_in", "confirmed"),
        "unsubscribed_at": (),
    },
    told=_told_mailchimp,
)  # fmt: skip

BREVO = Export(
    name="brevo",
    family="brevo",
    says="Brevo export of contacts",
    table="customers",
    roles={
        **_NAMES,
        "blacklisted": ("email blacklisted", "blacklist email", "email blocklisted", "e mail blackliste"),
        "sms_blacklisted": ("sms blacklisted", "sms blocklisted", "whatsapp blacklisted"),
        "added": ("added time", "date d ajout", "created at", "date added"),
        "changed": ("modified time", "date de modification", "modified at", "last changed"),
        "confirmed": ("double opt in", "double optin", "opt in"),
        "sms": ("sms",),
    },
    needs=(one_of("email"),),
    telling=one_of("blacklisted", "sms_blacklisted", "added", "changed", "confirmed"),
    n_telling=2,
    days=("added", "changed"),
    order="day_first",
    gives={
        **_GIVES,
        "email_consent_at": ("confirmed",),
        "unsubscribed_at": ("blacklisted",),
    },
    told=_told_brevo,
)


def _list(name: str, says: str, *, since: tuple[str, ...], telling: frozenset[str], share: float) -> Export:
    """A list of subscribers, whose status says who is one no more."""
    return Export(
        name=name,
        family=name,
        says=says,
        table="customers",
        roles={
            **_NAMES,
            "since": since,
            "status": ("status", "statut"),
            "left": ("unsubscribed at", "date unsubscribed", "unsubscribe date", "date de desinscription"),
            "changed": ("updated at", "date updated", "last updated"),
            "tags": ("tags", "etiquettes"),
            "ip": ("ip", "ip address", "adresse ip"),
            "phone": ("phone", "phone number", "telephone", "numero de telephone"),
        },
        needs=(one_of("email"), one_of("since")),
        telling=telling,
        n_telling=2,
        never=one_of("id", "customer id", "user id", "client id", "order id"),
        share=share,
        days=("left", "changed"),
        gives={**_GIVES, "unsubscribed_at": ("status", "left")},
        told=_told_list,
    )


ACTIVECAMPAIGN = _list(
    "activecampaign",
    "ActiveCampaign export of contacts",
    since=("date created", "date de creation"),
    telling=one_of("tags", "ip", "status", "phone"),
    share=0.6,
)
KIT = _list(
    "kit",
    "Kit export of subscribers",
    since=("created at", "subscribed at"),
    telling=one_of("first_name", "status", "tags"),
    share=0.75,
)
SYSTEME_IO = _list(
    "systeme_io",
    "systeme.io export of contacts",
    since=("date registered", "date d inscription", "registration date"),
    telling=one_of("tags", "phone", "last_name"),
    share=0.6,
)
