"""How the brand was measured, and why it sometimes was not, in sentences."""

from types import MappingProxyType

from cmo.measures import Doubt, Text

_SAMPLE = Text(
    "The interval says how far other respondents could have moved it (Jeffreys' Beta posterior).",
    "L'intervalle dit de combien d'autres répondants auraient pu la déplacer (loi Bêta a posteriori de "
    "Jeffreys).",
)
_MONTHS = Text(
    "Exact as reported; the interval says how far it swings from month to month (Bayesian bootstrap over "
    "months).",
    "Exacte telle que rapportée ; l'intervalle dit de combien elle varie d'un mois à l'autre (bootstrap "
    "bayésien sur les mois).",
)


def _with(en: str, fr: str, after: Text) -> Text:
    return Text(f"{en} {after.en}", f"{fr} {after.fr}")


METHOD = MappingProxyType(
    {
        "awareness": _with(
            "Share of the persons asked in the last wave who know the brand.",
            "Part des personnes interrogées à la dernière vague qui connaissent la marque.",
            _SAMPLE,
        ),
        "consideration": _with(
            "Share of the persons asked in the last wave who would consider the brand.",
            "Part des personnes interrogées à la dernière vague qui envisageraient la marque.",
            _SAMPLE,
        ),
        "conversion": _with(
            "Share who buy among those who know the brand, in the last wave with both questions.",
            "Part de ceux qui achètent parmi ceux qui connaissent la marque, à la dernière vague qui pose "
            "les deux questions.",
            _SAMPLE,
        ),
        "image": _with(
            "Share of the persons asked about the company's brand in the last wave who associate it with the "
            "attribute.",
            "Part des personnes interrogées sur la marque de l'entreprise à la dernière vague qui lui "
            "associent l'attribut.",
            _SAMPLE,
        ),
        "share_of_search": _with(
            "Share of the searches for all brands of the table over the last twelve months.",
            "Part des recherches de toutes les marques de la table sur les douze derniers mois.",
            _MONTHS,
        ),
        "share_of_voice": _with(
            "Share of all brands' advertising spend (of their mentions where no spend is known) over the "
            "last twelve months.",
            "Part des dépenses publicitaires de toutes les marques (de leurs mentions si aucune dépense "
            "n'est connue) sur les douze derniers mois.",
            _MONTHS,
        ),
    }
)

REASON = MappingProxyType(
    {
        "no_survey": Text("There is no brand survey.", "Il n'y a pas d'enquête de marque."),
        "no_awareness": Text(
            "The brand survey does not ask for awareness.", "L'enquête de marque ne mesure pas la notoriété."
        ),
        "no_consideration": Text(
            "The brand survey does not ask for consideration.",
            "L'enquête de marque ne mesure pas la considération.",
        ),
        "no_purchase": Text(
            "No wave of the brand survey asks for both awareness and purchase.",
            "Aucune vague de l'enquête ne mesure à la fois la notoriété et l'achat.",
        ),
        "no_image": Text(
            "The brand survey has no image question about a brand that bears the company's name.",
            "L'enquête n'a pas de question d'image sur une marque qui porte le nom de l'entreprise.",
        ),
        "no_market": Text("There are no figures of the market.", "Il n'y a pas de chiffres du marché."),
        "no_share_of_search": Text(
            "The market's figures need the metric `search` for two brands over two months.",
            "Il faut, dans les chiffres du marché, la mesure « search » de deux marques sur deux mois.",
        ),
        "no_share_of_voice": Text(
            "The market's figures need the metric `spend` or `mentions` for two brands over two months.",
            "Il faut, dans les chiffres du marché, la mesure « spend » ou « mentions » de deux marques sur "
            "deux mois.",
        ),
    }
)


def small_base(asked: int) -> tuple[Doubt, ...]:
    """The doubt that goes with few respondents."""
    says = Text(
        f"Only {asked} persons were asked about one of the subjects.",
        f"Seules {asked} personnes ont été interrogées sur l'un des sujets.",
    )
    return (Doubt(code="small_base", says=says),)


MENTIONS_FOR_SPEND = Doubt(
    code="mentions_for_spend",
    says=Text(
        "No advertising spend is known; mentions stand for it.",
        "Aucune dépense publicitaire n'est connue ; les mentions en tiennent lieu.",
    ),
)
