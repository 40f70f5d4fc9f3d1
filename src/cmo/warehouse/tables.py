"""The canonical tables: what the house calls the things that happen to a company.

Only the tables a company has are given. Money is in the company's currency; an instant is in the company's
time zone, without an offset; every number is finite. Columns that are not listed here are kept as attributes.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cmo.measures import Text


class Kind(StrEnum):
    """What a column holds, and so how it is read, kept and queried."""

    TEXT = "text"  # string
    NUMBER = "number"  # float64
    DAY = "day"  # date
    INSTANT = "instant"  # timestamp without offset, local to the company
    FLAG = "flag"  # boolean


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a canonical table.

    Attributes:
        name: Canonical name.
        kind: What it holds.
        required: Whether a source must give it and a row without it is refused.
        minimum: Smallest value allowed, or None.
        maximum: Largest value allowed, or None.
        at_most: Name of the column of the same row it may not exceed, or None.
        says: Its meaning in one line.
    """

    name: str
    kind: Kind
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    at_most: str | None = None
    says: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalTable:
    """A canonical table.

    Attributes:
        name: Canonical name.
        says: What one row is.
        columns: Its known columns, in the order of the contract.
        time: The column a window cuts by, or None where a window does not apply.
        until: The column where a row that lasts ends, or None.
        key: The natural key: a row of a later file replaces the rows of earlier files that agree in it.
            Columns a source does not have count as equal. Empty where a row has no identity.
    """

    name: str
    says: Text
    columns: tuple[Column, ...]
    time: str | None = None
    until: str | None = None
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The known column of that name, or None for an attribute."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns a source must give."""
        return tuple(column.name for column in self.columns if column.required)


def _column(name: str, kind: Kind, en: str, fr: str, **rules: bool | float | str) -> Column:
    return Column(name=name, kind=kind, says=Text(en=en, fr=fr), **rules)  # type: ignore[arg-type] # mypy cannot see through the rules' names


def _text(name: str, en: str, fr: str, *, required: bool = False) -> Column:
    return _column(name, Kind.TEXT, en, fr, required=required)


def _number(name: str, en: str, fr: str, **rules: bool | float | str) -> Column:
    return _column(name, Kind.NUMBER, en, fr, **rules)


def _count(name: str, en: str, fr: str, **rules: bool | float | str) -> Column:
    return _column(name, Kind.NUMBER, en, fr, minimum=0.0, **rules)


def _day(name: str, en: str, fr: str, *, required: bool = False) -> Column:
    return _column(name, Kind.DAY, en, fr, required=required)


def _instant(name: str, en: str, fr: str, *, required: bool = False) -> Column:
    return _column(name, Kind.INSTANT, en, fr, required=required)


def _flag(name: str, en: str, fr: str, *, required: bool = False) -> Column:
    return _column(name, Kind.FLAG, en, fr, required=required)


_TABLES = (
    CanonicalTable(
        name="orders",
        says=Text(en="an order line", fr="une ligne de commande"),
        time="ordered_at",
        columns=(
            _text("order_id", "order number", "numéro de commande", required=True),
            _instant("ordered_at", "when it was ordered", "date de la commande", required=True),
            _number("revenue", "net, negative for a refund", "net, négatif si remboursé", required=True),
            _text("customer_id", "who bought", "qui a acheté"),
            _number("margin", "what is left after the cost of goods", "reste après coût d'achat"),
            _number("quantity", "units, negative for a return", "unités, négatives pour un retour"),
            _text("product_id", "product reference", "référence du produit"),
            _text("product", "name of the product", "nom du produit"),
            _text("category", "category of the product", "catégorie du produit"),
            _text("sales_channel", "where it was sold", "canal de vente"),
            _text("region", "where the buyer is", "région de l'acheteur"),
            _number("discount", "amount taken off the price", "remise accordée"),
        ),
    ),
    CanonicalTable(
        name="customers",
        says=Text(en="a person", fr="une personne"),
        key=("customer_id",),
        columns=(
            _text("customer_id", "who", "qui", required=True),
            _instant("acquired_at", "when the person became a customer", "date d'acquisition"),
            _text("acquisition_channel", "channel that brought the person", "canal d'acquisition"),
            _text("email", "e-mail address", "adresse électronique"),
            _text("name", "name", "nom"),
            _text("country", "country", "pays"),
            _text("language", "language", "langue"),
            _instant("email_consent_at", "when e-mails were agreed to", "date du consentement aux e-mails"),
            _instant("unsubscribed_at", "when e-mails were refused", "date de désinscription"),
        ),
    ),
    CanonicalTable(
        name="media",
        says=Text(
            en="a channel's activity on a day or week", fr="l'activité d'un canal un jour ou une semaine"
        ),
        time="date",
        key=("date", "channel", "region", "campaign"),
        columns=(
            _day("date", "first day of the period", "premier jour de la période", required=True),
            _text("channel", "marketing channel", "canal marketing", required=True),
            _number("spend", "money spent", "dépense", required=True),
            _text("region", "region reached", "région touchée"),
            _text("campaign", "campaign", "campagne"),
            _count("impressions", "times shown", "impressions"),
            _count("clicks", "clicks", "clics"),
            _count("reach", "persons reached", "personnes touchées"),
            _count("frequency", "times a person was reached", "répétition par personne"),
            _count("conversions", "as the platform claims", "déclarées par la plateforme"),
            _number("conversion_value", "value claimed by the platform", "valeur déclarée par la plateforme"),
        ),
    ),
    CanonicalTable(
        name="outcomes",
        says=Text(en="a figure to be explained", fr="une grandeur à expliquer"),
        time="date",
        key=("date", "kpi", "region"),
        columns=(
            _day("date", "first day of the period", "premier jour de la période", required=True),
            _number("value", "its value", "sa valeur", required=True),
            _text("kpi", "what is counted, or revenue", "ce qui est compté, ou le chiffre d'affaires"),
            _text("region", "region", "région"),
            _count("population", "inhabitants of the region", "habitants de la région"),
            _number("value_per_unit", "money a unit is worth", "valeur d'une unité"),
        ),
    ),
    CanonicalTable(
        name="context",
        says=Text(en="anything else that moves the outcome", fr="ce qui d'autre fait bouger le résultat"),
        time="date",
        key=("date", "name", "region"),
        columns=(
            _day("date", "first day of the period", "premier jour de la période", required=True),
            _text("name", "what it is", "ce que c'est", required=True),
            _number("value", "its value", "sa valeur", required=True),
            _text("region", "region", "région"),
        ),
    ),
    CanonicalTable(
        name="touchpoints",
        says=Text(en="a contact of a person with a channel", fr="un contact d'une personne avec un canal"),
        time="at",
        columns=(
            _text("person_id", "who", "qui", required=True),
            _instant("at", "when", "quand", required=True),
            _text("channel", "marketing channel", "canal marketing", required=True),
            _text("campaign", "campaign", "campagne"),
            _flag(
                "converted",
                "whether the person bought at this contact",
                "si la personne a acheté à ce contact",
            ),
            _number("value", "money the conversion brought", "montant de la conversion"),
        ),
    ),
    CanonicalTable(
        name="feedback",
        says=Text(en="a review, an answer, a complaint", fr="un avis, une réponse, une réclamation"),
        time="at",
        key=("feedback_id",),
        columns=(
            _text("feedback_id", "its reference", "sa référence", required=True),
            _instant("at", "when", "quand", required=True),
            _text("text", "what was said", "ce qui a été dit"),
            _number("rating", "the mark given", "la note donnée", at_most="rating_max"),
            _number("rating_max", "the best mark there is", "la meilleure note possible", minimum=1.0),
            _number(
                "nps",
                "likelihood to recommend, 0 to 10",
                "intention de recommander, de 0 à 10",
                minimum=0.0,
                maximum=10.0,
            ),
            _text("source", "where it was given", "où il a été donné"),
            _text("language", "language", "langue"),
            _text("customer_id", "who", "qui"),
            _text("product_id", "about which product", "sur quel produit"),
            _text("brand", "about which brand", "sur quelle marque"),
        ),
    ),
    CanonicalTable(
        name="price_survey",
        says=Text(en="a respondent of a price survey", fr="un répondant à une enquête de prix"),
        key=("respondent_id", "product"),
        columns=(
            _text("respondent_id", "who", "qui", required=True),
            _count(
                "too_cheap",
                "price at which quality is doubted",
                "prix où l'on doute de la qualité",
                required=True,
            ),
            _count("cheap", "price that is a bargain", "prix bon marché", required=True),
            _count(
                "expensive", "price that begins to be dear", "prix qui commence à être cher", required=True
            ),
            _count(
                "too_expensive",
                "price at which one does not buy",
                "prix trop cher pour acheter",
                required=True,
            ),
            _text("product", "product", "produit"),
            _text("segment", "segment of the respondent", "segment du répondant"),
        ),
    ),
    CanonicalTable(
        name="choices",
        says=Text(en="an alternative in a choice task", fr="une alternative d'une tâche de choix"),
        key=("respondent_id", "task_id", "alternative"),
        columns=(
            _text("respondent_id", "who", "qui", required=True),
            _text("task_id", "which task", "quelle tâche", required=True),
            _text("alternative", "which alternative", "quelle alternative", required=True),
            _flag("chosen", "whether it was chosen", "si elle a été choisie", required=True),
            _text("segment", "segment of the respondent", "segment du répondant"),
        ),
    ),
    CanonicalTable(
        name="brand_survey",
        says=Text(
            en="a brand's count in a survey wave", fr="le décompte d'une marque dans une vague d'enquête"
        ),
        time="date",
        key=("date", "brand", "question", "segment"),
        columns=(
            _day("date", "day of the wave", "jour de la vague", required=True),
            _text("brand", "brand", "marque", required=True),
            _text(
                "question",
                "awareness, consideration, an image …",
                "notoriété, considération, une image…",
                required=True,
            ),
            _count("respondents", "persons asked", "personnes interrogées", required=True),
            _count(
                "positive",
                "persons who said yes",
                "personnes qui ont dit oui",
                required=True,
                at_most="respondents",
            ),
            _text("segment", "segment of the respondents", "segment des répondants"),
        ),
    ),
    CanonicalTable(
        name="market",
        says=Text(en="a figure of the market", fr="un chiffre du marché"),
        time="date",
        key=("date", "brand", "metric", "sector"),
        columns=(
            _day("date", "first day of the period", "premier jour de la période", required=True),
            _text("brand", "brand", "marque", required=True),
            _text(
                "metric",
                "sales, price, distribution, search …",
                "ventes, prix, distribution, recherches…",
                required=True,
            ),
            _number("value", "its value", "sa valeur", required=True),
            _text("sector", "part of the market", "partie du marché"),
        ),
    ),
    CanonicalTable(
        name="signals",
        says=Text(en="a topic's volume", fr="le volume d'un sujet"),
        time="date",
        key=("date", "topic", "source"),
        columns=(
            _day("date", "first day of the period", "premier jour de la période", required=True),
            _text("topic", "topic", "sujet", required=True),
            _count("volume", "mentions or searches", "mentions ou recherches", required=True),
            _text("source", "where it was counted", "où il a été compté"),
            _count("total", "all that was counted there", "tout ce qui y a été compté"),
        ),
    ),
    CanonicalTable(
        name="experiment_units",
        says=Text(en="a unit of a randomised test", fr="une unité d'un test aléatoire"),
        key=("experiment", "unit_id"),
        columns=(
            _text("experiment", "which test", "quel test", required=True),
            _text("unit_id", "which unit", "quelle unité", required=True),
            _text("variant", "what it was given", "ce qu'elle a reçu", required=True),
            _instant("assigned_at", "when it was assigned", "date d'affectation"),
        ),
    ),
    CanonicalTable(
        name="events",
        says=Text(en="something that happened", fr="quelque chose qui s'est passé"),
        time="date",
        until="end",
        key=("date", "name", "region"),
        columns=(
            _day("date", "day it began", "jour du début", required=True),
            _text("name", "what it was", "ce que c'était", required=True),
            _day("end", "last day", "dernier jour"),
            _text(
                "kind",
                "launch, strike, price change, outage …",
                "lancement, grève, changement de prix, panne…",
            ),
            _text("region", "where", "où"),
        ),
    ),
    CanonicalTable(
        name="content",
        says=Text(en="a published piece", fr="une publication"),
        time="published_at",
        key=("content_id", "channel"),
        columns=(
            _text("content_id", "its reference", "sa référence", required=True),
            _instant("published_at", "when it was published", "date de publication", required=True),
            _text("channel", "where it was published", "où elle a été publiée", required=True),
            _text("format", "article, video, post …", "article, vidéo, post…", required=True),
            _text("title", "title", "titre"),
            _text("topic", "topic", "sujet"),
            _count("impressions", "times shown", "impressions"),
            _count("clicks", "clicks", "clics"),
            _count("engagements", "likes, comments, shares", "réactions, commentaires, partages"),
            _count("conversions", "conversions", "conversions"),
            _number("cost", "money it cost", "coût"),
        ),
    ),
)

TABLES = MappingProxyType({table.name: table for table in _TABLES})
"""The canonical tables by name."""
