"""What sets customers apart, as data, lines and a table."""

from dataclasses import asdict

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.customers.evidence_traits import Kind, Ratio, Traits
from cmo.measures import Language, Text, Unit

RATIO = Unit("orders/customer")
TELLING = 1.0  # log-likelihood by parameter below which a trait is noise


def traits_answer(found: Traits, *, as_of: str, language: Language) -> Answer:
    """Kinds of customers, each over the commonest.

    Args:
        found: What the trait sets apart.
        as_of: Day of the data.
        language: Language of the answer.
    """
    voice = Voice(language)
    lines = [
        voice.say(
            "{by}: how often customers of each kind buy and how readily they leave, over the commonest "
            "kind, {first}; {model} with covariates. It is what goes with a trait, not what it does.",
            "{by} : fréquence d'achat des clients de chaque type et facilité à partir, rapportées au type "
            "le plus courant, {first} ; {model} avec covariables. C'est ce qui va avec une "
            "caractéristique, non ce qu'elle fait.",
            by=found.by,
            first=found.kinds[0].name,
            model=found.model,
        )
    ]
    if found.newer:
        lines.append(
            voice.say(
                "Customers who were there before the orders begin are left out.",
                "Les clients présents avant le début des commandes sont laissés de côté.",
            )
        )
    if found.gain < TELLING:
        lines.append(
            voice.say(
                "The trait tells next to nothing: differences this large come by chance.",
                "La caractéristique ne dit presque rien : le hasard donne d'aussi grandes différences.",
            )
        )
    head = Text("kind|customers|orders|from|to|leaving|from|to", "type|clients|commandes|de|à|départs|de|à")
    return Answer(
        data={"as_of": as_of, **asdict(found)},
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(_line(kind, voice=voice) for kind in found.kinds),
    )


def _line(kind: Kind, *, voice: Voice) -> tuple[str, ...]:
    told = (_told(ratio, voice.language) for ratio in (kind.orders, kind.leaving))
    return kind.name, voice.count(round(kind.customers)), *(cell for three in told for cell in three)


def _told(ratio: Ratio | None, language: Language) -> tuple[str, str, str]:
    if ratio is None:
        return "=", "", ""
    value, low, high = (RATIO.write(at, language) for at in (ratio.value, ratio.low, ratio.high))
    return f"× {value}", low, high
