"""How the market was measured, and why it sometimes was not, in sentences."""

from types import MappingProxyType

from cmo.measures import Text

_NOISE = Text(
    "Exact as reported; the interval carries the noise of monthly figures, read off their own irregularity. "
    "An error that the source makes every month alike cannot be seen.",
    "Exact tel que rapporté ; l'intervalle porte le bruit des chiffres mensuels, lu dans leur propre "
    "irrégularité. Une erreur que la source fait chaque mois de la même façon ne se voit pas.",
)


def _reported(en: str, fr: str) -> Text:
    return Text(f"{en} {_NOISE.en}", f"{fr} {_NOISE.fr}")


METHOD = MappingProxyType(
    {
        "size": _reported(
            "Sales of all brands of the company's sector over the last twelve complete months.",
            "Ventes de toutes les marques du secteur de l'entreprise sur les douze derniers mois complets.",
        ),
        "share": _reported(
            "Sales of each brand over those of all brands of the sector, last twelve complete months.",
            "Ventes de chaque marque rapportées à celles de toutes les marques du secteur, douze derniers "
            "mois complets.",
        ),
        "growth": _reported(
            "Sales of the last twelve complete months over those of the twelve before, minus 1.",
            "Ventes des douze derniers mois complets rapportées à celles des douze précédents, moins 1.",
        ),
        "price_index": _reported(
            "Mean price of each brand over the market's mean, weighted by sales, last twelve complete "
            "months.",
            "Prix moyen de chaque marque rapporté à la moyenne du marché, pondérée par les ventes, douze "
            "derniers mois complets.",
        ),
        "trend": Text(
            "Probability that the topic's mean volume 6 to 17 months from now is at least 1.5 times that of "
            "the last three months (season taken out): the mean of three logistic models of growth over "
            "several spans, slopes, acceleration, bursts, changes of level, age and size of the topic. Their "
            "coefficients were learned on how 145 terms of job advertisements fared over thirteen years; how "
            "often the company's own topics came to rise since moves the odds of all. The interval is that "
            "of the coefficients and of this move.",
            "Probabilité que le volume moyen du sujet, dans 6 à 17 mois, atteigne au moins 1,5 fois celui "
            "des trois derniers mois (saison ôtée) : la moyenne de trois modèles logistiques de la "
            "croissance sur plusieurs durées, des pentes, de l'accélération, des emballements, des "
            "changements de niveau, de l'âge et de la taille du sujet. Leurs coefficients ont été appris sur "
            "le sort de 145 termes d'offres d'emploi en treize ans ; la fréquence à laquelle les sujets de "
            "l'entreprise ont monté depuis déplace les chances de tous. L'intervalle est celui des "
            "coefficients et de ce déplacement.",
        ),
        "first_mover": Text(
            "Results per money or impression of channels, formats and topics in the weeks after their first "
            "use, over those later, what everything else did in the same weeks taken out; the extra fades "
            "by halves, and launches are drawn towards each other as far as they are alike. Platforms' own "
            "counts are taken as they are, so this says what went together, not what caused it.",
            "Résultats par euro ou par impression des canaux, formats et sujets dans les semaines qui "
            "suivent leur premier usage, rapportés aux suivants, ce que tout le reste a fait les mêmes "
            "semaines étant ôté ; le surplus s'estompe de moitié en moitié, et les lancements sont "
            "rapprochés dans la mesure où ils se ressemblent. Les comptes des plateformes sont pris tels "
            "quels : cela dit ce qui allait ensemble, non ce qui en était la cause.",
        ),
    }
)

REASON = MappingProxyType(
    {
        "no_market": Text(
            "There are no sales of brands in the market's figures.",
            "Les chiffres du marché ne contiennent pas de ventes de marques.",
        ),
        "short": Text(
            "The market's sales cover fewer than three complete months.",
            "Les ventes du marché couvrent moins de trois mois complets.",
        ),
        "no_growth": Text(
            "Growth over a year needs 24 complete months of the market's sales.",
            "Une croissance sur un an demande 24 mois complets de ventes du marché.",
        ),
        "no_price": Text(
            "The market's figures give no price for at least two brands with sales.",
            "Les chiffres du marché ne donnent pas le prix d'au moins deux marques avec des ventes.",
        ),
        "no_signals": Text(
            "There are no signals: no topic's volume over time.",
            "Il n'y a pas de signaux : aucun volume de sujet dans le temps.",
        ),
        "no_launch": Text(
            "No channel, format or topic was used for the first time while the books were kept, with "
            "thirteen weeks before and after.",
            "Aucun canal, format ou sujet n'a été utilisé pour la première fois pendant la période couverte, "
            "avec treize semaines avant et après.",
        ),
        "short_signals": Text(
            "No topic has been followed for 15 complete months with at least three mentions in the last "
            "three.",
            "Aucun sujet n'est suivi depuis 15 mois complets avec au moins trois mentions dans les trois "
            "derniers.",
        ),
    }
)
