"""Links that say where a visit comes from: making them by rule, and finding those that break one."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from cmo.measures import Problem, Text
from cmo.warehouse.channels import Group, default_group
from cmo.workspace import nearest

REQUIRED: Final = ("utm_source", "utm_medium", "utm_campaign")
OPTIONAL: Final = (
    "utm_content",
    "utm_term",
    "utm_id",
    "utm_source_platform",
    "utm_creative_format",
    "utm_marketing_tactic",
)
MEDIUMS: Final = (
    "cpc", "ppc", "paid_social", "paid_video", "paid_search", "display", "email", "sms", "affiliate",
    "referral", "social", "audio", "video", "organic", "push", "retargeting",
)  # fmt: skip
"""Values of utm_medium that GA4 sorts into a channel."""

LONGEST: Final = 100
_ALLOWED: Final = re.compile(r"[a-z0-9][a-z0-9._~-]*")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
URL: Final = re.compile(r"https?://[^\s\"'<>,;|)\]]+")
"""A link in a text."""


class Level(StrEnum):
    """How much a remark weighs: the visit is counted wrongly, or the reports get harder to read."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A rule that a link breaks.

    Attributes:
        rule: Its name.
        level: How much it weighs.
        parameter: The parameter at fault, or None for the link.
        says: What is wrong and what to do.
    """

    rule: str
    level: Level
    parameter: str | None
    says: Text


_RULES: Final[Mapping[str, tuple[Level, Text]]] = MappingProxyType(
    {
        "missing": (
            Level.ERROR,
            Text("{p} is missing; add it", "{p} manque ; l'ajouter"),
        ),
        "empty": (Level.ERROR, Text("{p} is empty; give it a value", "{p} est vide ; lui donner une valeur")),
        "twice": (
            Level.ERROR,
            Text("{p} stands there twice; keep one", "{p} figure deux fois ; n'en garder qu'un"),
        ),
        "name": (
            Level.ERROR,
            Text(
                "{p} is not a parameter that is read; write {v}", "{p} n'est pas un paramètre lu ; écrire {v}"
            ),
        ),
        "case": (
            Level.ERROR,
            Text(
                "{p}={v} has capitals, which count apart; write small letters",
                "{p}={v} a des majuscules, comptées à part ; écrire en minuscules",
            ),
        ),
        "space": (
            Level.ERROR,
            Text("{p}={v} has a space; write - or _", "{p}={v} contient une espace ; écrire - ou _"),
        ),
        "sign": (
            Level.WARNING,
            Text(
                "{p}={v} has signs beside a-z, 0-9 and . _ ~ -; leave them out",
                "{p}={v} a des signes autres que a-z, 0-9 et . _ ~ - ; les retirer",
            ),
        ),
        "medium": (
            Level.ERROR,
            Text(
                "{p}={v} is not sorted into a channel by GA4; use one of " + ", ".join(MEDIUMS),
                "{p}={v} n'est rangé dans aucun canal par GA4 ; prendre l'un de " + ", ".join(MEDIUMS),
            ),
        ),
        "person": (
            Level.ERROR,
            Text(
                "{p} holds an e-mail address, which no analytics tool may be sent; take it out",
                "{p} contient une adresse électronique, interdite dans un outil de mesure ; la retirer",
            ),
        ),
        "long": (
            Level.WARNING,
            Text(
                f"{{p}} has more than {LONGEST} signs; shorten it",
                f"{{p}} dépasse {LONGEST} signes ; l'abréger",
            ),
        ),
        "fragment": (
            Level.ERROR,
            Text(
                "the parameters stand after #, where they are not read; put them before it",
                "les paramètres sont après #, où ils ne sont pas lus ; les mettre avant",
            ),
        ),
        "internal": (
            Level.ERROR,
            Text(
                "the link stays on {v}: it would end the visit and begin another; take the parameters out",
                "le lien reste sur {v} : il couperait la visite en deux ; retirer les paramètres",
            ),
        ),
        "link": (
            Level.ERROR,
            Text(
                "this is no link; http:// or https:// was expected",
                "ce n'est pas un lien ; http:// ou https:// attendu",
            ),
        ),
    }
)


def build_link(url: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """A link with its parameters, each value written by the rules.

    Args:
        url: Where the link leads; parameters it has are kept, UTM ones replaced.
        values: Parameter, with or without utm_, to value; blank ones are left out.

    Returns:
        The link, and the values that had to be written in another way.

    Raises:
        Problem: The address is no link, a compulsory value is missing, or the medium is unknown.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise Problem(f"{url[:200]}: this is no link; an address beginning with https:// was expected")
    given = {f"utm_{name.removeprefix('utm_')}": value for name, value in values.items() if value.strip()}
    for name in REQUIRED:
        if name not in given:
            raise Problem(f"{name} is missing; a link needs source, medium and campaign")
    clean = {name: tidy(value) for name, value in given.items()}
    for name, value in clean.items():
        if not value:
            raise Problem(f"{name}: nothing is left of {given[name]!r}; use letters and digits")
        if _ADDRESS.search(given[name]):
            raise Problem(f"{name} holds an e-mail address; no person may be named in a link")
    medium = clean["utm_medium"].replace("-", "_")
    clean["utm_medium"] = medium
    if medium not in MEDIUMS:
        known = ", ".join(MEDIUMS)
        raise Problem(f"utm_medium: {medium} is not one of {known}.{nearest(medium, MEDIUMS)}")
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in clean
    ]
    query = urlencode([*kept, *clean.items()], quote_via=quote)
    told = {name: value for name, value in clean.items() if value != given[name]}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment)), told


def tidy(value: str) -> str:
    """A value as the rules want it: small letters without accents, - for spaces."""
    plain = unicodedata.normalize("NFKD", value.strip().casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"[\s+/|'’]+", "-", plain)
    return re.sub(r"[^a-z0-9._~-]", "", plain).strip("-._~")


def lint_link(url: str, *, site: str | None = None) -> tuple[Remark, ...]:
    """The rules that a link breaks.

    Args:
        url: The link.
        site: The company's own domain; links that stay on it must not have parameters.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return (_remark("link"),)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    utm = [(name, value) for name, value in pairs if name.casefold().startswith("utm")]
    remarks: list[Remark] = []
    if "utm_" in parts.fragment:
        remarks.append(_remark("fragment"))
    host = (parts.hostname or "").removeprefix("www.")
    own = None if site is None else site.casefold().removeprefix("www.")
    if own is not None and (host == own or host.endswith(f".{own}")):
        return (*remarks, _remark("internal", value=own)) if utm else tuple(remarks)
    remarks += _of_names(utm)
    for name, value in utm:
        remarks += _of_value(name.casefold(), value)
    return tuple(remarks)


def group_of(url: str) -> Group:
    """GA4's default channel group of visits by a link."""
    given = {name.casefold(): value for name, value in parse_qsl(urlsplit(url).query)}
    return default_group(*(given.get(name, "") for name in REQUIRED))


def _of_names(utm: Sequence[tuple[str, str]]) -> list[Remark]:
    names = [name.casefold() for name, _ in utm]
    remarks = [_remark("missing", name) for name in REQUIRED if name not in names]
    remarks += [_remark("twice", name) for name in dict.fromkeys(names) if names.count(name) > 1]
    for name, _ in utm:
        if name not in (*REQUIRED, *OPTIONAL):
            known = next(
                (one for one in (*REQUIRED, *OPTIONAL) if tidy(one) == tidy(name)), ", ".join(REQUIRED)
            )
            remarks.append(_remark("name", name, value=known))
    return remarks


def _of_value(name: str, value: str) -> list[Remark]:
    if not value.strip():
        return [_remark("empty", name)]
    if _ADDRESS.search(value):
        return [_remark("person", name)]
    rules = {
        "case": value != value.lower(),
        "space": any(sign.isspace() for sign in value),
        "long": len(value) > LONGEST,
        "medium": name == "utm_medium" and value.casefold().strip() not in MEDIUMS,
    }
    rules["sign"] = not rules["space"] and not _ALLOWED.fullmatch(value.lower())
    return [_remark(rule, name, value=value) for rule, broken in rules.items() if broken]


def _remark(rule: str, parameter: str | None = None, *, value: str = "") -> Remark:
    level, says = _RULES[rule]
    en, fr = (text.replace("{p}", parameter or "").replace("{v}", value[:60]) for text in (says.en, says.fr))
    return Remark(rule=rule, level=level, parameter=parameter, says=Text(en, fr))
