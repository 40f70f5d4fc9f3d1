"""What customers write about each aspect, content or not, in French and English."""

PHRASES: dict[str, dict[str, dict[bool, tuple[str, ...]]]] = {
    "efficacy": {
        "fr": {
            True: (
                "la peau est vraiment plus douce après une semaine",
                "très efficace, je vois la différence",
                "le produit tient ses promesses",
                "le résultat est visible et rapide",
            ),
            False: (
                "aucun effet visible après un mois",
                "produit inefficace, je suis déçue du résultat",
                "ne tient pas ses promesses",
                "aucun résultat sur ma peau",
            ),
        },
        "en": {
            True: (
                "my skin is really softer after a week",
                "very effective, I can see the difference",
                "the product keeps its promises",
            ),
            False: (
                "no visible effect after a month",
                "the product does not work, disappointing result",
                "it does not keep its promises",
            ),
        },
    },
    "texture": {
        "fr": {
            True: (
                "texture agréable et légère",
                "j'adore la texture, elle pénètre vite",
                "texture fondante, parfaite",
            ),
            False: (
                "texture trop grasse",
                "la texture colle et pénètre mal",
                "texture désagréable, trop épaisse",
            ),
        },
        "en": {
            True: ("pleasant, light texture", "I love the texture, it sinks in fast"),
            False: ("greasy texture", "the texture is sticky and far too thick"),
        },
    },
    "scent": {
        "fr": {
            True: (
                "le parfum est délicieux",
                "odeur douce et naturelle, un plaisir",
                "j'aime beaucoup son odeur",
            ),
            False: ("l'odeur est trop forte", "parfum écœurant", "odeur chimique désagréable"),
        },
        "en": {
            True: ("the scent is delicious", "a soft, natural smell, lovely"),
            False: ("the smell is far too strong", "unpleasant chemical scent"),
        },
    },
    "price": {
        "fr": {
            True: ("bon rapport qualité-prix", "prix correct pour cette qualité", "le prix est justifié"),
            False: (
                "beaucoup trop cher",
                "le prix a encore augmenté, c'est excessif",
                "prix trop élevé pour ce que c'est",
            ),
        },
        "en": {
            True: ("good value for money", "a fair price for this quality"),
            False: ("much too expensive", "the price went up again, it is excessive"),
        },
    },
    "delivery": {
        "fr": {
            True: (
                "livraison rapide",
                "colis reçu en deux jours, parfait",
                "livraison soignée et ponctuelle",
            ),
            False: (
                "livraison en retard de dix jours",
                "colis perdu, livraison catastrophique",
                "toujours pas livré, c'est trop long",
                "le colis est arrivé abîmé",
            ),
        },
        "en": {
            True: ("fast delivery", "the parcel came in two days, perfect"),
            False: (
                "delivery was ten days late",
                "the parcel was lost, terrible delivery",
                "the parcel arrived damaged",
            ),
        },
    },
    "packaging": {
        "fr": {
            True: ("emballage magnifique", "joli flacon, bien conçu", "la recharge est une très bonne idée"),
            False: (
                "emballage inutile, trop de plastique",
                "la pompe du flacon est cassée",
                "flacon peu pratique",
            ),
        },
        "en": {
            True: ("beautiful packaging", "a pretty bottle, well designed"),
            False: ("useless packaging, too much plastic", "the pump of the bottle is broken"),
        },
    },
    "service": {
        "fr": {
            True: (
                "conseillère très aimable",
                "service client à l'écoute et efficace",
                "réponse rapide et gentille",
            ),
            False: ("service client injoignable", "aucune réponse à mes messages", "conseillère désagréable"),
        },
        "en": {
            True: ("a very kind adviser", "customer service listens and helps"),
            False: ("customer service cannot be reached", "no answer to my messages"),
        },
    },
}

OPENINGS = {
    "fr": {
        5: ("Parfait !", "Je recommande.", "Ravie de mon achat.", ""),
        4: ("Très bien.", "Contente dans l'ensemble.", ""),
        3: ("Mitigée.", "Moyen.", "Correct sans plus."),
        2: ("Déçue.", "Pas terrible.", ""),
        1: ("À éviter.", "Très déçue.", "Je ne recommande pas."),
    },
    "en": {
        5: ("Perfect!", "I recommend it.", "Delighted.", ""),
        4: ("Very good.", "Happy overall.", ""),
        3: ("Mixed feelings.", "Average.", "Fine, nothing more."),
        2: ("Disappointed.", "Not great.", ""),
        1: ("Avoid.", "Very disappointed.", "I do not recommend it."),
    },
}

LINKS = {"fr": ("et", "mais"), "en": ("and", "but")}
