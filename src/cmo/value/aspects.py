"""What an opinion speaks of: its clauses, and the aspects they name, in French and in English."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

ASPECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delivery": ("livr", "colis", "expedi", "transporteur", "deliver", "parcel", "shipp", "courier"),
        "price": (
            "prix",
            "rapport qualite",
            "cher",
            "tarif",
            "onereu",
            "price",
            "expensive",
            "pricey",
            "cheap",
            "value for",
        ),
        "packaging": (
            *("emballage", "flacon", "packaging", "carton", "pompe", "bouchon", "recharge", "conditionne"),
            *("bottle", "wrapping", "refill", "jar ", "pump", "lid "),
        ),
        "service": (
            *("service client", "conseill", "sav ", "vendeu", "accueil", "reponse", "messages"),
            *("customer service", "adviser", "advisor", "staff", "support", "answer"),
        ),
        "scent": ("odeur", "parfum", "senteur", "smell", "scent", "fragrance"),
        "texture": ("texture", "penetre", "colle ", "collant", "gras", "greasy", "sticky", "sinks in"),
        "efficacy": (
            *("efficac", "resultat", "promesse", "peau est", "hydrat", "fonctionne", "marche bien"),
            *("effective", "works", "result", "promise", "skin is"),
        ),
        "quality": ("qualite", "solide", "fragile", "defectueu", "quality", "sturdy", "defective", "broke"),
        "website": ("site", "application", "paiement", "website", "checkout", "payment"),
        "choice": ("choix", "gamme", "rupture", "stock", "range of", "selection", "out of stock"),
    }
)
"""Aspect → beginnings of words that name it, without accents; the first aspect that matches is taken."""

_BREAK = re.compile(
    r"[.;:!?…\n]+|\s(?:mais|par contre|cependant|toutefois|et|but|however|although|and)\s", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text in lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def clauses(text: str) -> list[str]:
    """The parts of an opinion that may each speak of something else, in order, none empty."""
    return [part.strip() for part in _BREAK.split(text) if part.strip()]


def aspect_of(clause: str) -> str | None:
    """The aspect that a clause names, or None; of several, the first in the order of `ASPECTS`."""
    words = f" {plain(clause)} "
    return next(
        (
            name
            for name, seeds in ASPECTS.items()
            if any(f" {seed}" in words or f"'{seed}" in words for seed in seeds)
        ),
        None,
    )
