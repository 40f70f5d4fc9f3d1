"""What offers and prices would win: data, sentences and tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.briefs.answers import Answer, Data
from cmo.briefs.choice_answers import HIGH, LOW, SHARE, summary, told
from cmo.briefs.voice import Voice
from cmo.measures import Language, Text, Unit
from cmo.value.choice import Floats
from cmo.value.share_simulator import Priced

PER = 1000  # people in the market, for whom profits are told


def shares_answer(
    names: Sequence[str], shares: Floats, *, base: str, warnings: Sequence[Text], language: Language
) -> Answer:
    """Share of preference of each offer.

    Args:
        names: The offers.
        shares: Draws, shape (draws, offers).
        base: Who was asked: a segment, or empty for all.
        warnings: What speaks against reading them as sales.
        language: Language of the answer.
    """
    rows = [{"offer": name, **summary(shares[:, at])} for at, name in enumerate(names)]
    lines = [_no_sales(language), *(one.in_(language) for one in warnings)]
    head = Text("offer|share of preference", "offre|part de préférence").in_(language)
    return Answer(
        data={
            "segment": base or None,
            "shares": rows,
            "warnings": [one.in_(language) for one in warnings],
        },
        lines=tuple(lines),
        head=tuple(head.split("|")),
        body=tuple((name, told(summary(shares[:, at]), SHARE, language)) for at, name in enumerate(names)),
    )


def _no_sales(language: Language) -> str:
    return Text(
        "Shares of preference: what people would choose among these offers if they knew and found them all. "
        "They are no sales.",
        "Parts de préférence : ce que les gens choisiraient parmi ces offres s'ils les connaissaient et les "
        "trouvaient toutes. Ce ne sont pas des ventes.",
    ).in_(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Our offer at several prices.

    Attributes:
        name: Our offer.
        today: The price in force.
        cost: Cost of one sale.
        follow: Share of our move that competitors follow.
        priced: Shares and profits.
        warnings: What speaks against it.
        currency: The company's.
    """

    name: str
    today: float
    cost: float
    follow: float
    priced: Priced
    warnings: tuple[Text, ...]
    currency: str


def price_answer(found: Offered, *, language: Language) -> Answer:
    """The price that earns most, what moving to it would bring, and how likely it is to lose."""
    voice, unit, priced = Voice(language), Unit(found.currency), found.priced
    gain, better = PER * priced.gain, float((priced.gain > 0).mean())
    low, high = np.quantile(priced.best_of_draw, [LOW, HIGH])
    rows = [
        {
            "price": float(price),
            "share": summary(priced.share[:, at]),
            "profit": summary(PER * priced.profit[:, at]),
            "beats_today": float((priced.profit[:, at] > priced.today).mean()),
        }
        for at, price in enumerate(priced.prices)
    ]
    at_edge = bool(priced.best in (priced.prices[0], priced.prices[-1]))
    edge = voice.say(
        "The best price is the last one tried: it may lie beyond; try more with --from and --to.",
        "Le meilleur prix est le dernier essayé : il peut se trouver au-delà ; essayez-en d'autres avec "
        "--from et --to.",
    )
    data: Data = {
        "offer": found.name,
        "today": found.today,
        "cost": found.cost,
        "follow": found.follow,
        "per_people": PER,
        "best": {"price": priced.best, "q05": float(low), "q95": float(high), "at_edge": at_edge},
        "gain": {**summary(gain), "probability_positive": better},
        "regret": PER * priced.regret,
        "profit_today": summary(PER * priced.today),
        "prices": rows,
        "warnings": [one.in_(language) for one in found.warnings],
    }
    if np.isclose(priced.best, found.today):
        said = voice.say(
            "Today's price of {today} is the one that earns most.",
            "Le prix actuel de {today} est celui qui rapporte le plus.",
            today=unit.write(found.today, language),
        )
    else:
        said = voice.say(
            "{best} would earn most instead of {today}: {gain} per {people} people in the market; the chance "
            "that it beats today's price is {better}.",
            "{best} rapporterait le plus, au lieu de {today} : {gain} pour {people} personnes du marché ; la "
            "probabilité de faire mieux que le prix actuel est de {better}.",
            best=unit.write(priced.best, language),
            today=unit.write(found.today, language),
            gain=told(summary(gain), unit, language),
            people=voice.count(PER),
            better=voice.found(better),
        )
    known = voice.say(
        "The best price lies between {low} and {high}; not knowing it better costs {regret} per {people} "
        "people.",
        "Le meilleur prix se situe entre {low} et {high} ; ne pas le connaître mieux coûte {regret} pour "
        "{people} personnes.",
        low=unit.write(float(low), language),
        high=unit.write(float(high), language),
        regret=unit.write(PER * priced.regret, language),
        people=voice.count(PER),
    )
    head = Text(
        "price|share|profit per thousand people|chance to beat today's",
        "prix|part|profit pour mille personnes|probabilité de faire mieux",
    ).in_(language)
    return Answer(
        data=data,
        lines=(
            said,
            *((edge,) if at_edge else (known,)),
            _no_sales(language),
            *(one.in_(language) for one in found.warnings),
        ),
        head=tuple(head.split("|")),
        body=tuple(
            (
                unit.write(float(price), language),
                told(summary(priced.share[:, at]), SHARE, language),
                told(summary(PER * priced.profit[:, at]), unit, language),
                voice.found(float((priced.profit[:, at] > priced.today).mean())),
            )
            for at, price in enumerate(priced.prices)
        ),
    )
