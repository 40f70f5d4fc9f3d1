"""How companies call the columns of each table, in English and French."""

from collections.abc import Mapping
from types import MappingProxyType

_DATE = (
    "date",
    "day",
    "jour",
    "week",
    "semaine",
    "date semaine",
    "date week",
    "week start",
    "date jour",
    "month",
    "mois",
)
_REGION = ("region", "geo", "location", "country", "pays", "state", "departement", "market", "zone")
_CUSTOMER = (
    "customer id", "customer", "client id", "id client", "client", "user id", "userid", "household id",
    "household key", "member id", "numero client", "n client", "no client", "code client", "account id",
    "customer number", "customer no", "master id", "email", "e mail",
)  # fmt: skip
_PRODUCT_ID = (
    "product id", "sku", "stock code", "stockcode", "item id", "reference", "ref", "code produit",
    "ref produit",
    "code article", "reference produit", "id produit", "upc", "ean",
)  # fmt: skip
_CHANNEL = (
    "channel", "canal", "platform", "plateforme", "media", "support", "levier", "source", "marketing channel",
    "canal marketing", "regie", "network",
)  # fmt: skip

COLUMN_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "orders": {
            "order_id": (
                "order id", "order number", "order no", "order", "invoice", "invoice no", "invoice number",
                "invoice id", "basket id", "transaction id", "receipt id", "numero de commande", "n commande",
                "no commande", "commande", "id commande", "facture", "numero de facture", "n facture",
                "n de facture", "n de commande", "numero commande", "ref commande", "ticket",
            ),
            "ordered_at": (
                "order date", "ordered at", "invoice date", "invoicedate", "transaction date", "order time",
                "transaction timestamp", "purchase date", "purchased at", "created at", "date de commande",
                "date commande", "date de facture", "date facture", "date d achat", "date achat", "timestamp",
                "date de vente", "date vente", *_DATE,
            ),
            "revenue": (
                "revenue", "net revenue", "net amount", "amount", "total", "sales", "sales value",
                "line total",
                "subtotal", "turnover", "net sales", "montant", "montant ht", "montant ttc", "montant net",
                "total ht", "total ttc", "chiffre d affaires", "ca", "ca ht", "ca ttc", "prix total",
                "total ligne", "montant total", "total amount", "ventes", "value",
            ),
            "customer_id": _CUSTOMER,
            "margin": ("margin", "gross margin", "marge", "marge brute"),
            "quantity": ("quantity", "qty", "units", "quantite", "qte", "nombre d articles", "cds"),
            "product_id": _PRODUCT_ID,
            "product": (
                "product", "product name", "item", "item name", "description", "produit", "article",
                "libelle",
                "designation", "nom du produit", "nom produit",
            ),
            "category": (
                "category", "product category", "categorie", "famille", "gamme", "rayon", "department",
            ),
            "sales_channel": (
                "sales channel", "canal de vente", "canal vente", "store", "magasin", "boutique",
                "channel", "canal",
            ),
            "region": _REGION,
            "discount": ("discount", "discount amount", "remise", "montant remise", "reduction"),
        },
        "customers": {
            "customer_id": _CUSTOMER,
            "acquired_at": (
                "acquired at", "first order date", "signup date", "signup at", "registered at", "created at",
                "customer since", "date d inscription", "date inscription", "client depuis",
                "date de creation",
            ),
            "acquisition_channel": (
                "acquisition channel", "acquisition source", "canal d acquisition", "origine",
            ),
            "email": ("email", "e mail", "email address", "adresse e mail", "courriel", "mail"),
            "name": ("name", "full name", "customer name", "nom", "nom complet", "nom du client"),
            "country": ("country", "country code", "pays"),
            "language": ("language", "langue", "locale"),
            "email_consent_at": ("email consent at", "opt in date", "consent date", "date de consentement"),
            "unsubscribed_at": ("unsubscribed at", "opt out date", "date de desinscription"),
        },
        "media": {
            "date": _DATE,
            "channel": _CHANNEL,
            "spend": (
                "spend", "cost", "amount spent", "media cost", "depense", "depenses", "cout",
                "investissement",
                "budget", "montant depense", "cout media", "ad spend", "montant", "amount",
            ),
            "region": _REGION,
            "campaign": ("campaign", "campaign name", "campagne", "nom de la campagne", "utm campaign"),
            "impressions": ("impressions", "impr", "affichages"),
            "clicks": ("clicks", "clics", "link clicks"),
            "reach": ("reach", "portee", "couverture"),
            "frequency": ("frequency", "repetition", "frequence"),
            "conversions": ("conversions", "purchases", "achats", "results", "resultats"),
            "conversion_value": ("conversion value", "conversions value", "valeur de conversion"),
        },
        "outcomes": {
            "date": _DATE,
            "value": (
                "value", "revenue", "sales", "turnover", "valeur", "ventes", "chiffre d affaires", "ca", "y",
                "total sales", "total revenue", "orders", "commandes",
            ),
            "kpi": ("kpi", "indicateur", "metric"),
            "region": _REGION,
            "population": ("population", "habitants", "inhabitants"),
            "value_per_unit": ("value per unit", "valeur unitaire"),
        },
        "context": {
            "date": _DATE,
            "name": ("name", "variable", "factor", "nom", "facteur"),
            "value": ("value", "valeur"),
            "region": _REGION,
        },
        "touchpoints": {
            "person_id": (
                "person id", "visitor id", "cookie id", "cookie", "user id", "client id", *_CUSTOMER,
            ),
            "at": ("at", "timestamp", "time", "event time", "visited at", "horodatage", "heure", *_DATE),
            "channel": _CHANNEL,
            "campaign": ("campaign", "campagne", "utm campaign"),
            "converted": ("converted", "conversion", "converti", "is conversion"),
            "value": ("value", "conversion value", "valeur", "montant"),
        },
        "feedback": {
            "feedback_id": (
                "feedback id", "review id", "response id", "answer id", "id", "id avis", "id reponse",
            ),
            "at": (
                "at", "submitted at", "review date", "created at", "date de l avis", "date avis",
                "timestamp", *_DATE,
            ),
            "text": (
                "text", "review", "comment", "verbatim", "avis", "commentaire", "texte", "review text",
                "content",
            ),
            "rating": ("rating", "stars", "note", "etoiles", "score"),
            "nps": ("nps", "nps score", "recommendation", "recommandation", "score nps"),
            "source": ("source", "origine"),
            "language": ("language", "langue"),
            "customer_id": _CUSTOMER[:-2],
            "product_id": _PRODUCT_ID,
            "brand": ("brand", "marque"),
        },
        "brand_survey": {
            "date": _DATE,
            "brand": ("brand", "marque"),
            "question": ("question", "attribute", "attribut"),
            "respondents": ("respondents", "base", "n", "repondants", "sample"),
            "positive": ("positive", "yes", "oui", "positifs", "count"),
            "segment": ("segment",),
        },
        "market": {
            "date": _DATE,
            "brand": ("brand", "marque"),
            "metric": ("metric", "indicateur", "mesure"),
            "value": ("value", "valeur"),
            "sector": ("sector", "secteur", "category", "categorie"),
        },
        "signals": {
            "date": _DATE,
            "topic": ("topic", "term", "keyword", "query", "sujet", "theme", "terme", "mot cle", "requete"),
            "volume": ("volume", "count", "mentions", "searches", "recherches", "nombre", "search volume"),
            "source": ("source",),
        },
        "events": {
            "date": ("start", "start date", "date de debut", "debut", *_DATE),
            "name": ("name", "event", "evenement", "nom", "title", "titre"),
            "end": ("end", "end date", "fin", "date de fin"),
            "kind": ("kind", "type", "nature"),
            "region": _REGION,
        },
        "content": {
            "content_id": ("content id", "post id", "permalink", "url", "id"),
            "published_at": (
                "published at", "publish time", "post date", "date de publication", "publie le", *_DATE,
            ),
            "channel": _CHANNEL,
            "format": ("format", "post type", "type", "type de publication"),
            "title": ("title", "titre"),
            "topic": ("topic", "theme", "sujet"),
            "impressions": ("impressions", "views", "vues", "reach"),
            "clicks": ("clicks", "clics"),
            "engagements": ("engagements", "interactions", "likes"),
            "cost": ("cost", "cout"),
        },
    }
)  # fmt: skip
"""Canonical table and column to the names they go by, the likeliest first, in one way of writing."""

FILE_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "orders": (
            "order",
            "commande",
            "vente",
            "sale",
            "transaction",
            "invoice",
            "facture",
            "ticket",
            "purchase",
        ),
        "customers": ("customer", "client", "contact", "crm", "user"),
        "media": ("media", "spend", "depense", "ads", "campaign", "campagne", "budget"),
        "outcomes": ("outcome", "resultat", "kpi", "revenue", "ca"),
        "context": ("context", "weather", "meteo", "price index"),
        "touchpoints": ("touch", "visit", "session", "parcours", "journey"),
        "feedback": ("feedback", "review", "avis", "nps", "survey", "enquete"),
        "signals": ("signal", "trend", "tendance", "term"),
        "events": ("event", "evenement", "calendar", "calendrier"),
        "content": ("content", "post", "contenu", "publication"),
        "market": ("market", "marche", "panel"),
        "brand_survey": ("brand", "marque"),
    }
)
"""Words in a file's name that speak for a table."""
