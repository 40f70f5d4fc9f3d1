"""The beliefs of Maison Lumen. Which hold is for the world to say; about half do not, by construction."""

from cmo.simulation.beliefs import Claim, Statement


def _belief(
    belief_id: str, fr: str, en: str, *, owner: str, confidence: float, claim: Claim | None
) -> Statement:
    return Statement(belief_id=belief_id, fr=fr, en=en, owner=owner, confidence=confidence, claim=claim)


_MEDIA = (
    _belief(
        "tv-best",
        "La télé est notre canal le plus rentable",
        "TV is our most profitable channel",
        owner="head-of-media",
        confidence=0.9,
        claim={"measure": "media.roi", "of": "tv", "is": "highest"},
    ),
    _belief(
        "radio-beats-tv",
        "Un euro de radio rapporte plus qu'un euro de télé",
        "A euro of radio brings more than a euro of TV",
        owner="data-analyst",
        confidence=0.6,
        claim={"measure": "media.roi", "of": "radio", "above": {"of": "tv"}},
    ),
    _belief(
        "search-machine",
        "Le search est l'un de nos deux canaux les plus rentables, les plateformes le montrent",
        "Search is one of our two most profitable channels, the platforms show it",
        owner="ecommerce-manager",
        confidence=0.85,
        claim={"measure": "media.roi", "of": "search", "top": 2},
    ),
    _belief(
        "affiliation-pays",
        "L'affiliation rapporte au moins trois euros par euro dépensé",
        "Affiliation brings at least three euros per euro spent",
        owner="ecommerce-manager",
        confidence=0.8,
        claim={"measure": "media.roi", "of": "affiliation", "at_least": 3},
    ),
    _belief(
        "social-over-display",
        "Les réseaux sociaux rapportent plus que le display",
        "Social brings more than display",
        owner="head-of-media",
        confidence=0.65,
        claim={"measure": "media.roi", "of": "social", "above": {"of": "display"}},
    ),
    _belief(
        "display-last",
        "Le display est notre canal le moins rentable",
        "Display is our least profitable channel",
        owner="data-analyst",
        confidence=0.55,
        claim={"measure": "media.roi", "of": "display", "is": "lowest"},
    ),
)

_CUSTOMERS = (
    _belief(
        "loyal",
        "Six clientes sur dix reviennent dans l'année",
        "Six customers in ten come back within a year",
        owner="crm-manager",
        confidence=0.8,
        claim={"measure": "customers.repeat_rate", "at_least": 0.6},
    ),
    _belief(
        "top-20",
        "Les 20 % meilleures clientes font au moins 80 % des ventes",
        "The best 20% of customers make at least 80% of sales",
        owner="general-manager",
        confidence=0.75,
        claim={"measure": "customers.concentration", "of": "top 20%", "at_least": 0.8},
    ),
    _belief(
        "social-customers-worth-more",
        "Les clientes venues des réseaux sociaux sont celles qui valent le plus",
        "Customers who come from social are worth the most",
        owner="crm-manager",
        confidence=0.7,
        claim={"measure": "customers.clv", "of": "social", "is": "highest"},
    ),
    _belief(
        "affiliation-customers",
        "Les clientes de l'affiliation sont celles qui valent le moins",
        "Customers from affiliation are worth the least",
        owner="data-analyst",
        confidence=0.6,
        claim={"measure": "customers.clv", "of": "affiliation", "is": "lowest"},
    ),
    _belief(
        "email-lift",
        "Une relance par e-mail fait commander au moins 5 % de plus",
        "A reminder by e-mail brings at least 5% more orders",
        owner="crm-manager",
        confidence=0.7,
        claim={"measure": "experiments.lift", "of": "email-reminder", "at_least": 0.05},
    ),
    _belief(
        "gold-banner",
        "La bannière dorée vend au moins 20 % de plus",
        "The gold banner sells at least 20% more",
        owner="brand-manager",
        confidence=0.7,
        claim={"measure": "experiments.lift", "of": "banner-colour", "at_least": 0.2},
    ),
    _belief(
        "men",
        "Les hommes n'achètent pas de cosmétiques pour eux",
        "Men do not buy cosmetics for themselves",
        owner="general-manager",
        confidence=0.6,
        claim=None,
    ),
)

_VALUE = (
    _belief(
        "price-is-everything",
        "Le prix est ce qui décide du choix avant tout",
        "Price decides the choice before anything else",
        owner="ecommerce-manager",
        confidence=0.8,
        claim={"measure": "value.importance", "of": "price", "is": "highest"},
    ),
    _belief(
        "ingredients-first",
        "Les ingrédients comptent plus que tout le reste",
        "Ingredients count more than anything else",
        owner="brand-manager",
        confidence=0.6,
        claim={"measure": "value.importance", "of": "ingredients", "is": "highest"},
    ),
    _belief(
        "nps",
        "Notre NPS dépasse 50",
        "Our NPS is above 50",
        owner="general-manager",
        confidence=0.75,
        claim={"measure": "value.nps", "at_least": 50},
    ),
    _belief(
        "delivery-hurts",
        "La livraison est ce dont les clientes sont le moins contentes",
        "Delivery is what customers are least content with",
        owner="crm-manager",
        confidence=0.6,
        claim={"measure": "value.satisfaction", "of": "delivery", "is": "lowest"},
    ),
)

_MARKET = (
    _belief(
        "brand-known",
        "Six Françaises sur dix connaissent la marque",
        "Six people in ten know the brand",
        owner="brand-manager",
        confidence=0.8,
        claim={"measure": "brand.awareness", "of": "Maison Lumen", "at_least": 0.6},
    ),
    _belief(
        "second-brand",
        "Nous sommes l'une des deux premières marques du marché",
        "We are one of the two leading brands of the market",
        owner="general-manager",
        confidence=0.6,
        claim={"measure": "market.share", "of": "Maison Lumen", "top": 2},
    ),
    _belief(
        "growth",
        "Nos ventes progressent",
        "Our sales are rising",
        owner="general-manager",
        confidence=0.85,
        claim={"measure": "sales.revenue", "rising": True},
    ),
    _belief(
        "solid-trend",
        "La cosmétique solide est la tendance qui monte",
        "Solid cosmetics are the trend on the rise",
        owner="brand-manager",
        confidence=0.5,
        claim={"measure": "market.trend", "of": "cosmétique solide", "is": "highest"},
    ),
    _belief(
        "paraben-trend",
        "Le « sans paraben » monte encore",
        "“Paraben-free” is still rising",
        owner="brand-manager",
        confidence=0.7,
        claim={"measure": "market.trend", "of": "sans paraben", "at_least": 0.5},
    ),
)

_SELLING = (
    _belief(
        "shops-first",
        "Nos boutiques font au moins 40 % des ventes",
        "Our shops make at least 40% of sales",
        owner="general-manager",
        confidence=0.7,
        claim={"measure": "distribution.revenue_share", "of": "boutique", "at_least": 0.4},
    ),
    _belief(
        "site-half",
        "Le site fait plus de la moitié des ventes",
        "The site makes more than half of sales",
        owner="ecommerce-manager",
        confidence=0.7,
        claim={"measure": "distribution.revenue_share", "of": "site", "at_least": 0.5},
    ),
    _belief(
        "marketplace-margin",
        "La marketplace est le canal de vente qui marge le moins",
        "The marketplace is the sales channel with the lowest margin",
        owner="data-analyst",
        confidence=0.7,
        claim={"measure": "distribution.margin", "of": "marketplace", "is": "lowest"},
    ),
    _belief(
        "video-first",
        "La vidéo est le format qui engage le plus",
        "Video is the most engaging format",
        owner="brand-manager",
        confidence=0.85,
        claim={"measure": "content.engagement", "of": "video", "is": "highest"},
    ),
)

STATEMENTS = (*_MEDIA, *_CUSTOMERS, *_VALUE, *_MARKET, *_SELLING)
