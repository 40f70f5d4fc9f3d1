"""What an opinion speaks of: its clauses, and the aspects they name, in French and in English."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from cmo.measures import Text
from cmo.value.lexicon import plain
from cmo.value.redaction import personal

ASPECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delivery": ("livr", "colis", "expedi", "transporteur", "deliver", "parcel", "shipp", "courier"),
        "price": (
            *("prix", "rapport qualite", "cher ", "chere", "chers ", "tarif", "onereu"),
            *("price", "expensive", "pricey", "cheap", "value for"),
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
            *("efficac", "inefficac", "effet", "resultat", "promesse", "peau est", "hydrat", "fonctionne"),
            *("marche bien", "marche pas", "effective", "ineffective", "effect", "works", "not work"),
            *("result", "promise", "skin is"),
        ),
        "quality": ("qualite", "solide", "fragile", "defectueu", "quality", "sturdy", "defective", "broke"),
        "website": ("site", "application", "paiement", "website", "checkout", "payment"),
        "choice": ("choix", "gamme", "rupture", "stock", "range of", "selection", "out of stock"),
    }
)
"""Aspect → beginnings of words that name it, without accents; the first aspect that matches is taken."""

LABELS: Mapping[str, Text] = MappingProxyType(
    {
        "delivery": Text("delivery", "livraison"),
        "price": Text("price", "prix"),
        "packaging": Text("packaging", "emballage"),
        "service": Text.same("service"),
        "scent": Text("scent", "parfum"),
        "texture": Text.same("texture"),
        "efficacy": Text("efficacy", "efficacité"),
        "quality": Text("quality", "qualité"),
        "website": Text("website", "site"),
        "choice": Text("choice", "choix"),
    }
)
"""Aspect → its name for people."""

_NAMES = tuple(ASPECTS)
_NAMED = re.compile(
    "|".join(
        rf"(?P<{name}>[ '\-](?:{'|'.join(re.escape(seed) for seed in seeds)}))"
        for name, seeds in ASPECTS.items()
    )
)
_BREAK = re.compile(
    r"[.;:!?…\n]+|\s(?:mais|par contre|cependant|toutefois|pourtant|but|however|although)\s", re.IGNORECASE
)
_AND = re.compile(r"\s(?:et|and)\s", re.IGNORECASE)
_DEGREES = frozenset(
    (
        *("assez", "bien", "plutot", "si", "tres", "trop", "vraiment"),
        *("quite", "really", "so", "too", "very"),
    )
)


def clauses(text: str) -> list[str]:
    """The parts of an opinion that may each speak of something else, in order, none empty.

    An "and" parts only where what follows names another aspect and is more than an adjective. Each clause is
    a part of the text as it stands.
    """
    found: list[str] = []
    start = 0
    whole = personal(text)  # the dot of an address is no full stop: cut there, it could not be masked
    breaks = (
        match.span()
        for match in _BREAK.finditer(text)
        if not any(begins <= match.start() and match.end() <= ends for begins, ends in whole)
    )
    for end, after in (*breaks, (len(text), len(text))):
        found += _joined(text[start:end])
        start = after
    return found


def aspect_of(clause: str) -> str | None:
    """The aspect that a clause names, or None; of several, the first in the order of `ASPECTS`."""
    named = {match.lastgroup for match in _NAMED.finditer(f" {plain(clause)} ")}
    return next((name for name in _NAMES if name in named), None)


def _joined(part: str) -> list[str]:
    """A part without breaks, cut at each "and" that leads to something else."""
    cuts = [0]
    for match in _AND.finditer(part):
        following = _AND.split(part[match.end() :], maxsplit=1)[0]
        core = [word for word in plain(following).split() if word not in _DEGREES]
        if len(core) > 1 and aspect_of(following) not in {None, aspect_of(part[cuts[-1] : match.start()])}:
            cuts += [match.start(), match.end()]
    cuts.append(len(part))
    pieces = (part[start:end].strip() for start, end in zip(cuts[::2], cuts[1::2], strict=True))
    return [piece for piece in pieces if piece]
