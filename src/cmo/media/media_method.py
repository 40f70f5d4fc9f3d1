"""How each `media` measure was estimated, and why one could not be: sentences."""

from collections.abc import Mapping
from types import MappingProxyType

from cmo.measures import Text

_MIX = Text(
    "Bayesian marketing mix: carry-over and saturation; trend, season, controls and demand integrated out.",
    "Marketing mix bayésien avec rémanence et saturation ; tendance, saison, contrôles et demande intégrés.",
)

METHOD: Mapping[str, Text] = MappingProxyType(
    {
        **dict.fromkeys(("roi", "mroi", "contribution", "share", "half_life", "saturation"), _MIX),
        "response": Text(
            "The same marketing mix, asked what each amount would bring over the plan's period.",
            "Le même marketing mix, interrogé sur ce que chaque montant rapporterait sur la période du plan.",
        ),
        "incremental_cac": Text(
            "The same marketing mix, of new customers instead of revenue.",
            "Le même marketing mix, sur les nouveaux clients au lieu du chiffre d'affaires.",
        ),
        "attributed": Text(
            "Removal effect in a Markov chain over the contacts of each journey.",
            "Effet de retrait dans une chaîne de Markov sur les contacts de chaque parcours.",
        ),
    }
)

_REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "no_table": Text(
            "There is no such table yet: give it in cmo.yaml.",
            "Cette table manque encore : donnez-la dans cmo.yaml.",
        ),
        "no_revenue": Text(
            "The outcomes hold no revenue by day or week.",
            "Les résultats ne contiennent pas de chiffre d'affaires par jour ou par semaine.",
        ),
        "too_short": Text(
            "Media and outcomes share less than a year of weeks: season and media cannot be told apart.",
            "Médias et résultats partagent moins d'un an : saison et médias ne se distinguent pas.",
        ),
        "not_converged": Text(
            "The model's independent chains do not agree, so its figures are withheld.",
            "Les chaînes indépendantes du modèle ne s'accordent pas : ses chiffres sont retenus.",
        ),
        "no_margin": Text(
            "The margin of a sale is not known: give value_per_unit in outcomes, or margin in orders.",
            "La marge d'une vente est inconnue : donnez value_per_unit dans outcomes ou margin dans orders.",
        ),
        "no_customers": Text(
            "The outcomes hold no new customers by week (kpi new_customers).",
            "Les résultats ne contiennent pas de nouveaux clients par semaine (kpi new_customers).",
        ),
        "no_conversion": Text(
            "No contact is marked as converted.",
            "Aucun contact n'est marqué comme converti.",
        ),
        "not_causal": Text(
            "Attribution says who was there, not what would have been sold without.",
            "L'attribution dit qui était là, pas ce qui se serait vendu sans.",
        ),
    }
)


def reason_of(why: str) -> Text:
    """The sentence for a reason."""
    return _REASONS[why]
