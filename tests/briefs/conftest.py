"""A made-up company whose review is rich enough to fill every part of a brief."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType

import numpy as np
import pytest

from cmo.briefs.facts import Company, Concern, Facts, Goal, Reading
from cmo.measures import (
    DRAWS,
    Claim,
    Doubt,
    Estimate,
    Figure,
    Grade,
    History,
    Language,
    Text,
    Unanswered,
    Unit,
    Window,
    months,
)
from cmo.strategy.verdict import Stance, Stand, Verdict

SPAN = Window(start=date(2023, 11, 1), end=date(2026, 10, 31))
HOSTILE = "#evil(1) ] = x <script>alert(1)</script> $y$ *b* _c_ `d` | \\ & \"q\" 'r' @ref"

COUNTED = Text("count, with a Bayesian bootstrap", "comptage, avec un bootstrap bayésien")
_BELIEFS: tuple[tuple[str, str, str, str | None, float | None, str | None, float | None], ...] = (
    (
        "tv-best",
        "TV is our most profitable channel",
        "La télé est notre canal le plus rentable",
        "head-of-media",
        0.9,
        "media.roi",
        0.03,
    ),
    (
        "return",
        "Most customers come back within a year",
        "La plupart des clients reviennent dans l'année",
        "Claire Morel",
        0.8,
        "customers.repeat_rate",
        0.001,
    ),
    (
        "vip",
        "The best tenth of our customers bring less than half of the revenue",
        "Le meilleur dixième de nos clients apporte moins de la moitié du chiffre d'affaires",
        None,
        0.6,
        "customers.concentration",
        0.08,
    ),
    (
        "growth",
        "Sales are falling : is it a trend ?",
        "Les ventes baissent : est-ce une tendance ?",
        "Yann Le Goff",
        None,
        "sales.revenue",
        0.04,
    ),
    (
        "search",
        "Search pays for itself",
        "Le référencement payant se rembourse",
        "head-of-media",
        0.7,
        "media.roi",
        0.97,
    ),
    (
        "north",
        "The north sells more than the south",
        "Le nord vend plus que le sud",
        "Ana Silva",
        0.5,
        "sales.revenue",
        0.999,
    ),
    (
        "basket",
        "An average order is worth more than 60 €",
        "Un panier moyen dépasse 60 €",
        "Claire Morel",
        0.95,
        "customers.average_order_value",
        0.93,
    ),
    (
        "web",
        "The web shop grows faster than the stores",
        "La boutique en ligne croît plus vite que les magasins",
        None,
        None,
        "distribution.growth",
        0.91,
    ),
    (
        "social",
        "Social media bring at least two euros for each euro spent",
        "Les réseaux sociaux rapportent au moins deux euros par euro dépensé",
        "Ana Silva",
        0.85,
        "media.roi",
        0.55,
    ),
    (
        "radio",
        "Radio works better than display",
        "La radio marche mieux que l'affichage en ligne",
        "head-of-media",
        0.4,
        "media.roi",
        0.31,
    ),
    (
        "loyal",
        "Customers who stay three months stay a year",
        "Les clients qui restent trois mois restent un an",
        "Claire Morel",
        0.75,
        "customers.retention",
        0.72,
    ),
    (
        "million",
        "We will pass five million in the coming year",
        "Nous dépasserons cinq millions l'an prochain",
        "Yann Le Goff",
        0.65,
        "sales.forecast",
        0.48,
    ),
    (
        "nps",
        (
            "Our customers recommend us to their friends and family far more readily than those of our "
            "competitors do, and they say so on social media to anyone who cares to listen"
        ),
        (
            "Nos clients nous recommandent à leurs proches bien plus volontiers que ceux de nos concurrents, "
            "et ils le disent sur les réseaux sociaux à qui veut les entendre"
        ),
        "Claire Morel",
        0.8,
        "value.nps",
        None,
    ),
    (
        "price",
        "A price cut of ten per cent would cost us nothing",
        "Baisser les prix de dix pour cent ne nous coûterait rien",
        "Yann Le Goff",
        0.3,
        "value.optimal_price",
        None,
    ),
    (
        "aware",
        "Everybody in town knows our brand",
        "Toute la ville connaît notre marque",
        None,
        0.9,
        "brand.awareness",
        None,
    ),
    ("soul", "Our brand has a soul", "Notre marque a une âme", "Ana Silva", 0.99, None, None),
)


def verdict(
    belief: str,
    en: str,
    fr: str,
    owner: str | None = None,
    stated: float | None = None,
    measure: str | None = None,
    probability: float | None = None,
) -> Verdict:
    stance = Stance.at(probability)
    why = {
        Stance.SUPPORTED: Text(
            "the interval lies wholly on the right side", "l'intervalle est tout entier du bon côté"
        ),
        Stance.REFUTED: Text("nearly all draws say otherwise", "presque tout dit le contraire"),
        Stance.OPEN: Text("the interval straddles the threshold", "l'intervalle chevauche le seuil"),
        Stance.UNMEASURABLE: Text(
            "there is no data on this yet", "il n'y a pas encore de données à ce sujet"
        ),
    }[stance]
    return Verdict(
        belief=belief,
        says=Text(en, fr),
        owner=owner,
        stated=stated,
        measure=measure,
        claim=Claim.parse({"measure": measure, "at_least": 1}) if measure else None,
        probability=probability,
        stance=stance,
        why=why,
        grade=None if probability is None else Grade.C,
        as_of=None if probability is None else SPAN.end,
        previous=None,
    )


def facts(language: Language = "en", *, hostile: bool = False) -> Facts:
    rng = np.random.default_rng(7)
    verdicts = tuple(verdict(*row) for row in _BELIEFS)
    name = "Maison Lumen"
    if hostile:
        name = HOSTILE
        verdicts = (verdict("evil", HOSTILE, HOSTILE, HOSTILE, 0.9, "media.roi", 0.02), *verdicts)
    return Facts(
        company=Company(name=name, language=language),
        reviewed_on=date(2026, 11, 1),
        span=SPAN,
        previous_on=date(2026, 8, 1),
        verdicts=verdicts,
        before=MappingProxyType(
            {
                "tv-best": Stand(probability=0.42, stance=Stance.OPEN),
                "search": Stand(probability=0.86, stance=Stance.OPEN),
                "nps": Stand(probability=None, stance=Stance.UNMEASURABLE),
                "web": Stand(probability=None, stance=Stance.UNMEASURABLE),
                "radio": Stand(probability=0.35, stance=Stance.OPEN),
            }
        ),
        people=MappingProxyType({"head-of-media": "Nadia Benali"}),
        stakes=MappingProxyType({"tv-best": _money(500_000), "radio": _money(80_000)}),
        estimates=_estimates(rng),
        unanswered=(
            Unanswered(
                measure="value.nps",
                reason=Text("there is no table of feedback", "il n'y a pas de table des avis"),
                unlock=("feedback",),
            ),
            Unanswered(
                measure="brand.awareness",
                reason=Text("there is no brand survey", "il n'y a pas d'enquête de marque"),
                unlock=("brand_survey",),
            ),
            Unanswered(
                measure="value.optimal_price",
                reason=Text("there is no price survey", "il n'y a pas d'enquête de prix"),
                unlock=("price_survey",),
            ),
        ),
        goals=(
            Goal(
                says=Text("5 M€ of revenue in 2027", "5 M€ de chiffre d'affaires en 2027"),
                measure="sales.revenue",
                target=5_000_000,
                unit=Unit("EUR"),
                by=date(2027, 12, 31),
                probability=0.38,
                why=Text(
                    "the forecast stops two months short of it", "la prévision s'arrête deux mois avant"
                ),
            ),
            Goal(
                says=Text("Half of the customers come back", "La moitié des clients reviennent"),
                measure="customers.repeat_rate",
                target=0.5,
                unit=Unit("share"),
                by=date(2027, 1, 1),
                probability=None,
                why=Text(
                    "no forecast of this measure exists", "il n'existe pas de prévision de cette mesure"
                ),
            ),
        ),
        readings=(
            Reading(table="orders", n_read=1_067_371, n_refused=214),
            Reading(table="media", n_read=4_380, n_refused=0),
        ),
        concerns=(
            Concern(
                table="orders",
                says=Text("22 % of the lines name no customer", "22 % des lignes ne nomment aucun client"),
            ),
            Concern(
                table="media",
                says=Text(
                    "two weeks are missing in March 2025 : a gap ?",
                    "deux semaines manquent en mars 2025 : un trou ?",
                ),
            ),
        ),
        news=(Text("54 210 order lines came in", "54 210 lignes de commande sont arrivées"),),
    )


def _money(value: float) -> Figure:
    return Figure(
        value=value,
        low=value,
        high=value,
        level=0.9,
        unit=Unit("EUR"),
        as_of=SPAN.end,
        grade=Grade.D,
        source="plan",
    )


def estimate(
    measure: str,
    draws: np.ndarray,
    *,
    subjects: tuple[str, ...] = ("total",),
    by: str = "total",
    unit: str = "EUR",
    window: Window | None = None,
    grade: Grade = Grade.D,
    tables: tuple[str, ...] = ("orders",),
    doubts: tuple[Doubt, ...] = (),
    history: History | None = None,
    method: Text = COUNTED,
) -> Estimate:
    return Estimate.of_draws(
        measure,
        draws,
        subjects=subjects,
        by=by,
        window=window or SPAN,
        as_of=SPAN.end,
        unit=unit,
        method=method,
        grade=grade,
        tables=tables,
        doubts=doubts,
        history=history,
    )


def _around(rng: np.random.Generator, values: list[float], spread: float) -> np.ndarray:
    return np.array(values) * (1 + spread * rng.standard_normal((DRAWS, len(values))))


def _estimates(rng: np.random.Generator) -> tuple[Estimate, ...]:
    periods = months(SPAN)
    t = np.arange(len(periods) + 12)
    level = 330_000 * (1 + 0.006 * t) * (1 + 0.28 * np.sin((t - 4) / 12 * 2 * np.pi))
    monthly = level[: len(periods)] * (1 + 0.03 * rng.standard_normal(len(periods)))
    past = monthly * (1 + 0.006 * rng.standard_normal((DRAWS, 1, len(periods))))
    history = History.of_draws(past, periods=periods, cycle=12)
    coming = months(Window(start=date(2026, 11, 1), end=date(2027, 10, 31)))
    drift = 1 + 0.05 * rng.standard_normal((DRAWS, 1)) + 0.06 * rng.standard_normal((DRAWS, 12))
    ahead = level[len(periods) :] * drift
    season = Doubt(
        code="short", says=Text("only three seasons were seen", "trois saisons seulement ont été observées")
    )
    model = Text("marketing-mix model calibrated by tests", "modèle de marketing mix calibré par des tests")
    channels = ("search", "social", "tv", "radio", "display", "affiliation")
    return (
        estimate("sales.revenue", past.sum(axis=2), history=history),
        estimate(
            "sales.revenue",
            _around(rng, [5.1e6, 4.4e6, 2.9e6, 1.2e6], 0.01),
            subjects=("Nord", "Sud", "Île-de-France", "other"),
            by="region",
        ),
        estimate(
            "sales.forecast",
            np.column_stack([ahead.sum(axis=1), ahead]),
            subjects=("next_12_months", *(f"{month.start:%Y-%m}" for month in coming)),
            by="month",
            window=Window(start=coming[0].start, end=coming[-1].end),
            grade=Grade.C,
            doubts=(season,),
            method=Text("median of four forecasters", "médiane de quatre prévisionnistes"),
        ),
        estimate("customers.active", _around(rng, [41_812], 0.004), unit="count"),
        estimate("customers.repeat_rate", _around(rng, [0.347], 0.02), unit="share"),
        estimate("customers.churn", _around(rng, [0.581], 0.02), unit="share"),
        estimate("customers.average_order_value", _around(rng, [63.42], 0.02)),
        estimate(
            "customers.retention",
            _around(rng, [0.31 * 0.9**k + 0.02 for k in range(12)], 0.04),
            subjects=tuple(str(k + 1) for k in range(12)),
            by="age",
            unit="share",
        ),
        estimate(
            "customers.concentration",
            _around(rng, [0.19, 0.41, 0.55, 0.71, 0.92], 0.01),
            subjects=("1%", "5%", "10%", "20%", "50%"),
            by="top",
            unit="share",
        ),
        estimate(
            "media.roi",
            _around(rng, [2.4, 1.9, 1.1, 0.9, 1.2, 0.6], 0.15),
            subjects=channels,
            by="channel",
            unit="EUR/EUR",
            grade=Grade.C,
            tables=("media", "outcomes"),
            doubts=(season,),
            method=model,
        ),
        estimate(
            "distribution.growth",
            np.array([0.12, -0.03]) + 0.02 * rng.standard_normal((DRAWS, 2)),
            subjects=("web", "magasins"),
            by="sales_channel",
            unit="share",
        ),
    )


@pytest.fixture(scope="session")
def made_up() -> Callable[..., Facts]:
    """The facts of a made-up company: `made_up()`, `made_up("fr", hostile=True)`."""
    return facts


@pytest.fixture(scope="session")
def held() -> Callable[..., Verdict]:
    """A verdict: `held("id", "in English", "en français", "owner", stated, "measure", probability)`."""
    return verdict


@pytest.fixture(scope="session")
def measured() -> Callable[..., Estimate]:
    """An estimate: `measured("customers.active", draws, unit="count")`."""
    return estimate


@pytest.fixture(scope="session")
def hostile_words() -> str:
    """Words that every mark-up language would like to read as its own."""
    return HOSTILE
