"""How choices were modelled, and why so, in sentences."""

from collections.abc import Sequence
from types import MappingProxyType

from cmo.measures import Doubt, Text, listing
from cmo.value.choice_model import Chosen
from cmo.value.foretelling import Model

NAME = MappingProxyType(
    {
        Model.LOGIT: Text("multinomial logit", "logit multinomial"),
        Model.NESTED: Text("nested logit", "logit emboîté"),
        Model.LATENT: Text("latent classes", "classes latentes"),
        Model.MIXED: Text("mixed logit", "logit mixte"),
        Model.HIERARCHICAL: Text("hierarchical Bayes", "bayésien hiérarchique"),
    }
)

LEFT_OUT = MappingProxyType(
    {
        "few_tasks": Text(
            "each person answered too few tasks", "chaque personne a répondu à trop peu de tâches"
        ),
        "too_large": Text("there are too many answers", "il y a trop de réponses"),
        "unidentified": Text("the choices do not tell it", "les choix ne permettent pas de l'estimer"),
    }
)


def why(chosen: Chosen) -> Text:
    """Why this model and no other."""
    name = NAME[chosen.model]
    if not chosen.candidates:
        return Text(f"The {name.en} is used, as asked for.", f"Modèle demandé : {name.fr}.")
    if len(chosen.candidates) == 1:
        return Text(
            f"The {name.en} is used: it is the only model that these answers allow.",
            f"Modèle retenu : {name.fr}, le seul que ces réponses permettent.",
        )
    best = NAME[chosen.candidates[0].model]
    if best is name:
        return Text(
            f"The {name.en} is used: it foretold {chosen.n_held} choices that it had not seen better than "
            "the others, and no simpler model came close.",
            f"Modèle retenu : {name.fr}. Il a mieux prévu que les autres {chosen.n_held} choix qu'il "
            "n'avait pas vus, et aucun modèle plus simple ne l'approche.",
        )
    return Text(
        f"The {name.en} is used: of {chosen.n_held} choices that no model had seen, the {best.en} foretold "
        "most, but the difference may be luck and this model is simpler.",
        f"Modèle retenu : {name.fr}. Sur {chosen.n_held} choix qu'aucun modèle n'avait vus, le modèle "
        f"« {best.fr} » a le mieux prévu, mais l'écart peut tenir au hasard et celui-ci est plus simple.",
    )


def model_says(chosen: Chosen) -> Text:
    """How importance and worth in money were measured."""
    reason = why(chosen)
    return Text(
        f"{reason.en} Importance is the range of utility of an attribute as a share of all ranges; worth in "
        "money is the utility of a level over the least liked one, divided by that of one unit of money; "
        "both of the typical person. The interval says how far other people could have moved it.",
        f"{reason.fr} L'importance est l'écart d'utilité d'un attribut, en part de tous les écarts ; la "
        "valeur en argent est l'utilité d'un niveau au-delà du moins aimé, divisée par celle d'une unité de "
        "monnaie ; les deux pour la personne typique. L'intervalle dit de combien d'autres personnes "
        "auraient pu les déplacer.",
    )


def by_segment(name: str) -> Text:
    """How what is said by segment was measured."""
    if name == "segment_share":
        return Text(
            "Groups of people who choose alike (latent classes, their number by BIC); the interval says how "
            "far other people could have moved their shares.",
            "Groupes de personnes qui choisissent de même (classes latentes, leur nombre par le BIC) ; "
            "l'intervalle dit de combien d'autres personnes auraient pu déplacer leurs parts.",
        )
    return Text(
        "A multinomial logit of each segment's own choices; the interval allows a person's answers to hang "
        "together.",
        "Un logit multinomial des choix propres à chaque segment ; l'intervalle admet que les réponses "
        "d'une même personne se ressemblent.",
    )


def segment_doubts(missing: Sequence[str]) -> tuple[Doubt, ...]:
    """The doubt that goes with segments of which nothing is said."""
    named = [name for name in missing if name]
    if not named:
        return ()
    names = listing(named)
    says = Text(
        f"Too few people of {names.en} answered for a figure of their own.",
        f"Trop peu de personnes de {names.fr} ont répondu pour un chiffre propre.",
    )
    return (Doubt(code="small_segments", says=says),)


def nest_doubt(attribute: str, apart: tuple[float, float, float]) -> tuple[Doubt, ...]:
    """The doubt that goes with nests that no one who takes what is best for him could show.

    Args:
        attribute: What makes the nests.
        apart: Lower end, middle and upper end of a dissimilarity.
    """
    low, middle, high = apart
    if middle <= 1:
        return ()
    if low > 1:
        says = Text(
            f"Offers that share their {attribute} compete less with one another than with the rest "
            f"({middle:.2f}, {low:.2f} to {high:.2f}, above one): these nests do not describe how people "
            "choose; take others.",
            f"Les offres qui partagent « {attribute} » se concurrencent moins entre elles qu'avec le reste "
            f"({middle:.2f}, de {low:.2f} à {high:.2f}, au-dessus de un) : ces groupes ne décrivent pas la "
            "façon de choisir ; prenez-en d'autres.",
        )
        return (Doubt(code="nests_contradicted", says=says),)
    says = Text(
        f"Whether offers that share their {attribute} compete harder with one another cannot be told "
        f"({middle:.2f}, {low:.2f} to {high:.2f}; below one they would).",
        f"On ne peut dire si les offres qui partagent « {attribute} » se concurrencent davantage entre elles "
        f"({middle:.2f}, de {low:.2f} à {high:.2f} ; en dessous de un, ce serait le cas).",
    )
    return (Doubt(code="nests_undecided", says=says),)
