"""How value was measured, and why it sometimes was not, in sentences."""

from types import MappingProxyType

from cmo.measures import Doubt, Text

METHOD = MappingProxyType(
    {
        "nps": Text(
            "Answers of 9 and 10 minus answers of 0 to 6, in points, over the last 365 days. The interval "
            "says how far other respondents could have moved it (Dirichlet posterior of the three shares).",
            "Réponses 9 et 10 moins réponses 0 à 6, en points, sur les 365 derniers jours. L'intervalle dit "
            "de combien d'autres répondants auraient pu le déplacer (loi de Dirichlet a posteriori des trois "
            "parts).",
        ),
        "satisfaction": Text(
            "Share of marks of at least 80 % of the best mark, over the last 365 days. The interval says how "
            "far other respondents could have moved it (Jeffreys' Beta posterior).",
            "Part des notes d'au moins 80 % de la meilleure note, sur les 365 derniers jours. L'intervalle "
            "dit de combien d'autres répondants auraient pu la déplacer (loi Bêta a posteriori de Jeffreys).",
        ),
        "price_corridor": Text(
            "Van Westendorp: from where as many find it too cheap as not cheap, to where as many find it too "
            "expensive as not expensive, among respondents who do not contradict themselves. The interval "
            "resamples the respondents (Bayesian bootstrap); where curves lie flat, every price between is "
            "as good.",
            "Van Westendorp : de là où autant trouvent le prix trop bas que pas bon marché, jusque là où "
            "autant le trouvent trop cher que pas cher, parmi les répondants qui ne se contredisent pas. "
            "L'intervalle rééchantillonne les répondants (bootstrap bayésien) ; là où les courbes sont "
            "plates, tous les prix entre les deux se valent.",
        ),
        "optimal_price": Text(
            "Van Westendorp: the price that as many find too cheap as too expensive, that is the least "
            "resistance and not the highest profit. The interval resamples the respondents (Bayesian "
            "bootstrap).",
            "Van Westendorp : le prix qu'autant trouvent trop bas que trop élevé, c'est-à-dire la moindre "
            "résistance et non le profit le plus élevé. L'intervalle rééchantillonne les répondants "
            "(bootstrap bayésien).",
        ),
    }
)

REASON = MappingProxyType(
    {
        "no_feedback": Text("There is no feedback.", "Il n'y a pas d'avis."),
        "no_nps": Text(
            "Nobody was asked whether they would recommend the company.",
            "Personne n'a été interrogé sur son intention de recommander l'entreprise.",
        ),
        "no_rating": Text("The feedback gives no mark.", "Les avis ne donnent pas de note."),
        "no_price_survey": Text("There is no price survey.", "Il n'y a pas d'enquête de prix."),
        "few_respondents": Text(
            "Fewer than ten respondents of the price survey give four prices that rise.",
            "Moins de dix répondants de l'enquête de prix donnent quatre prix croissants.",
        ),
        "no_choices": Text(
            "There is no choice survey with attributes.", "Il n'y a pas d'enquête de choix avec attributs."
        ),
        "unidentified": Text(
            "The choices do not tell the attributes apart: one never differs within a task, two always go "
            "together, or one decides every choice.",
            "Les choix ne permettent pas de distinguer les attributs : l'un ne varie jamais dans une tâche, "
            "deux vont toujours ensemble, ou l'un décide de tous les choix.",
        ),
        "no_price": Text(
            "The choices do not show a price as a number.",
            "Les choix ne montrent pas de prix sous forme de nombre.",
        ),
        "few_tasks": Text(
            "Each person answered too few tasks to tell groups of people apart.",
            "Chaque personne a répondu à trop peu de tâches pour distinguer des groupes.",
        ),
        "no_quantities": Text(
            "The orders do not say how many units of which product were sold.",
            "Les commandes ne disent pas combien d'unités de quel produit ont été vendues.",
        ),
        "few_weeks": Text(
            "No product has half a year of weekly sales.",
            "Aucun produit n'a six mois de ventes hebdomadaires.",
        ),
        "price_stands_still": Text(
            "Prices have hardly moved, so sales cannot say how demand answers to them; test a price.",
            "Les prix n'ont presque pas bougé : les ventes ne disent pas comment la demande y répond ; "
            "testez un prix.",
        ),
        "one_class": Text(
            "The answers do not tell groups of people apart: one group explains them best.",
            "Les réponses ne distinguent pas de groupes : un seul les explique le mieux.",
        ),
        "price_does_not_deter": Text(
            "A higher price does not clearly deter in these choices, so nothing can be put in money.",
            "Un prix plus élevé ne décourage pas nettement dans ces choix, donc rien ne peut être converti "
            "en argent.",
        ),
    }
)


def inconsistent(share: float, *, corridor: tuple[float, float], currency: str) -> tuple[Doubt, ...]:
    """The doubt that goes with respondents who contradict themselves."""
    low, high = corridor
    says = Text(
        f"{share:.0%} of the respondents give prices that do not rise and are left out; with them the "
        f"corridor would be {low:.2f} to {high:.2f} {currency}.",
        f"{share:.0%} des répondants donnent des prix qui ne croissent pas et sont écartés ; avec eux le "
        f"corridor irait de {low:.2f} à {high:.2f} {currency}.",
    )
    return (Doubt(code="inconsistent_respondents", says=says),)


def one_product(name: str, *, n_products: int) -> tuple[Doubt, ...]:
    """The doubt that goes with a survey of several products."""
    says = Text(
        f"The survey asks about {n_products} products; this is {name}, the one most asked about.",
        f"L'enquête porte sur {n_products} produits ; il s'agit de {name}, le plus souvent demandé.",
    )
    return (Doubt(code="one_product", says=says),)


def small_base(answers: int) -> tuple[Doubt, ...]:
    """The doubt that goes with few answers."""
    says = Text(f"Only {answers} answers.", f"Seulement {answers} réponses.")
    return (Doubt(code="small_base", says=says),)


SCALE_ASSUMED = Doubt(
    code="scale_assumed",
    says=Text(
        "The best possible mark is not stated; it was taken from the highest mark given.",
        "La meilleure note possible n'est pas indiquée ; elle a été déduite de la plus haute note donnée.",
    ),
)
COMPLAINTS_ASIDE = Doubt(
    code="complaints_aside",
    says=Text(
        "Complaints are left out: only the discontent make one.",
        "Les réclamations sont écartées : seuls les mécontents en font.",
    ),
)
