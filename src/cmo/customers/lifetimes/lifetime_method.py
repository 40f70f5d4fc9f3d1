"""How lifetime value was estimated, and the doubts that go with it, in sentences."""

from types import MappingProxyType

import numpy as np

from cmo.customers.lifetimes.lifetime import Lifetimes
from cmo.customers.lifetimes.modelling import Base
from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.bgbb import BG_BB
from cmo.measures import Doubt, Text

MUCH_UNNAMED = 0.02  # of revenue
_REASONS = MappingProxyType(
    {
        "no_media": Text(
            "There is no media spend in the data, so what a new customer costs cannot be said.",
            "Les données ne contiennent aucune dépense média : on ne peut pas dire ce que coûte un "
            "nouveau client.",
        ),
        "no_spend": Text(
            "There is no spend or no new customer in the last 365 days.",
            "Il n'y a aucune dépense ou aucun nouveau client dans les 365 derniers jours.",
        ),
        "nobody_back": Text(
            "No customer has come back yet, so nothing is at stake.",
            "Aucun client n'est encore revenu : rien n'est en jeu.",
        ),
        "nothing_before": Text(
            "The orders do not reach far enough beyond a year ago to tell the segments of that day.",
            "Les commandes ne remontent pas assez loin au-delà d'un an pour dire les segments de ce jour-là.",
        ),
        "no_value": Text(
            "The value of a new customer could not be estimated, so it cannot be held against its cost.",
            "La valeur d'un nouveau client n'a pas pu être estimée : on ne peut pas la rapporter à son coût.",
        ),
    }
)
_COST = Text(
    "Media spend of the last 365 days divided by the customers who were new in them: an average cost, not "
    "what one more customer would cost.",
    "Dépense média des 365 derniers jours divisée par les clients nouveaux de ces jours : un coût moyen, pas "
    "celui d'un client de plus.",
)


_OWN = MappingProxyType(
    {
        "alive": Text(
            "Sum over customers of the chance that each will order again some day.",
            "Somme, sur les clients, de la probabilité que chacun recommande un jour.",
        ),
        "at_stake": Text(
            "What customers would be expected to bring were they all still there, beyond what is expected of "
            "them as it is.",
            "Ce que les clients apporteraient en plus de ce qu'on attend d'eux s'ils étaient tous encore là.",
        ),
        "silence": Text(
            "Silence at which the chance of being a customer still falls to one half, for customers of the "
            "largest group with its usual gaps between orders.",
            "Silence au bout de laquelle la probabilité d'être encore client tombe à une sur deux, pour les "
            "clients du plus grand groupe, à leurs intervalles habituels entre commandes.",
        ),
        "migration": Text(
            "Customers of a year ago, by their segment then and now; today's model tells both days.",
            "Clients d'il y a un an, selon leur segment d'alors et d'aujourd'hui ; le même modèle juge les "
            "deux dates.",
        ),
    }
)


def reason_of(why: str) -> Text:
    """Why a measure is not answered."""
    return _REASONS[why]


def method_of(measure: str, found: Lifetimes | None, *, money: str) -> Text:
    """How a measure was estimated.

    Args:
        measure: Name without the area.
        found: The valued base; None for a mere cost.
        money: `margin` or `revenue`.
    """
    if measure == "cac" or found is None:
        return _COST
    tested = found.tested
    mine = tested.scores[tested.chosen.name]
    error = sum(score.median_error for score in mine) / len(mine)
    carried = sum(score.error for score in tested.carried) / len(tested.carried)
    expected = (
        Text(
            "Expected margin of the next twelve months, discounted",
            "Marge attendue des douze prochains mois, actualisée",
        )
        if money == "margin"
        else Text(
            "Expected revenue of the next twelve months, discounted",
            "Chiffre d'affaires attendu des douze prochains mois, actualisé",
        )
    )
    time = (
        Text("on seasonal business time", "en temps saisonnier")
        if tested.chosen.seasonal
        else Text("on calendar time", "en temps calendaire")
    )
    young, year, old = tested.corrected.factor.tolist()
    name = tested.chosen.model.name
    if name == BG_BB.name:
        time = Text("on the set days of sale", "sur les jours de vente fixés")
    value = Text(
        f"{expected.en} at 10 % a year: {name} {time.en} and Gamma-Gamma, partially pooled over channels and "
        f"cohorts. At {len(mine)} past dates a customer's orders were missed by {error:.2f} on average "
        f"({carried:.2f} had past rates been carried forward); the correction factor learned there is "
        f"{tested.correction:.2f}: {young:.2f} for customers known for less than half a year, {year:.2f} up "
        f"to a year, {old:.2f} beyond.",
        f"{expected.fr} à 10 % par an : {name} {time.fr} et Gamma-Gamma, mis en commun en partie par "
        "canal et "
        f"par cohorte. À {len(mine)} dates passées, l'erreur moyenne sur les commandes d'un client était de "
        f"{error:.2f} ({carried:.2f} en prolongeant les rythmes passés) ; le facteur de correction appris "
        f"est de {tested.correction:.2f} : {young:.2f} pour les clients connus depuis moins de six mois, "
        f"{year:.2f} jusqu'à un an, {old:.2f} au-delà.",
    )
    if measure in _OWN:
        own = _OWN[measure]
        return Text(f"{own.en} {value.en}", f"{own.fr} {value.fr}")
    if measure != "clv_to_cac":
        return value
    return Text(
        f"First purchase and first year of a new customer, per unit of media spend for each. {value.en} "
        f"{_COST.en}",
        f"Premier achat et première année d'un nouveau client, par unité de dépense média. {value.fr} "
        f"{_COST.fr}",
    )


def doubts_of(found: Lifetimes, base: Base, *, unnamed: float = 0.0) -> tuple[Doubt, ...]:
    """What should be known before a value is trusted.

    Args:
        found: The valued base.
        base: The customers.
        unnamed: Share of revenue that names no customer.
    """
    tested, out = found.tested, []
    if unnamed > MUCH_UNNAMED:
        out.append(
            Doubt(
                code="orders_without_a_name",
                says=Text(
                    f"{100 * unnamed:.0f} % of revenue names no customer; what customers buy without a name "
                    "is not in their value.",
                    f"{100 * unnamed:.0f} % du chiffre d'affaires ne nomme aucun client ; ce que les clients "
                    "achètent sans nom n'est pas dans leur valeur.",
                ),
            )
        )
    if np.abs(tested.corrected.factor - 1.0).max() > 0.02:
        share = 100 * (1 / tested.correction - 1)
        out.append(
            Doubt(
                code="forecast_corrected",
                says=Text(
                    f"At past dates the model expected {share:+.0f} % against what came; the value is "
                    "corrected "
                    f"by a factor of {tested.correction:.2f}.",
                    f"Aux dates passées, le modèle attendait {share:+.0f} % par rapport à la réalité ; la "
                    "valeur "
                    f"est corrigée d'un facteur {tested.correction:.2f}.",
                ),
            )
        )
    if not tested.beats_carry_forward:
        out.append(
            Doubt(
                code="no_better_than_carry_forward",
                says=Text(
                    "At some past date the model did not beat simply carrying past rates forward.",
                    "À certaines dates passées, le modèle n'a pas fait mieux que de prolonger les "
                    "rythmes passés.",
                ),
            )
        )
    if tested.chosen.model == BG_NBD:
        out.append(
            Doubt(
                code="one_time_buyers_certain",
                says=Text(
                    "BG/NBD, which foretold most steadily here, takes everybody who bought once for still a "
                    "customer: nobody can leave before a second purchase.",
                    "BG/NBD, qui a prévu ici le plus régulièrement, tient tous les acheteurs uniques pour "
                    "encore clients : personne ne peut partir avant un deuxième achat.",
                ),
            )
        )
    if not base.clock.told_apart:
        out.append(
            Doubt(
                code="season_or_trend",
                says=Text(
                    "With less than two years of orders, season and trend cannot be told apart.",
                    "Avec moins de deux ans de commandes, saison et tendance ne peuvent pas être "
                    "distinguées.",
                ),
            )
        )
    if base.there_before:
        out.append(
            Doubt(
                code="customers_before_the_log",
                says=Text(
                    "Many customers were there before the orders begin; they are modelled as a cohort of "
                    "their own.",
                    "Beaucoup de clients étaient là avant le début des commandes ; ils forment une "
                    "cohorte à part.",
                ),
            )
        )
    if found.accounts:
        out.append(
            Doubt(
                code="accounts_apart",
                says=Text(
                    f"{found.accounts:.0f} customers buy like businesses; they are valued but kept out of "
                    "the fit.",
                    f"{found.accounts:.0f} clients achètent comme des entreprises ; ils sont valorisés "
                    "mais tenus "
                    "hors de l'estimation.",
                ),
            )
        )
    return tuple(out)
