"""Next best actions by segment, as data and as the lines and table of a terminal."""

from collections.abc import Sequence

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.customers.response.actions import NOTHING, Action
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.measures import Language, Text, Unit

_ENDS = (0.05, 0.95)


def actions_answer(
    actions: Sequence[Action],
    *,
    customers: Sequence[int],
    cost: float,
    budget: float,
    currency: str,
    language: Language,
) -> Answer:
    """What to do with each segment.

    Args:
        actions: One for each segment.
        customers: Customers of each segment that may be contacted.
        cost: What a contact costs.
        budget: Money for contacts.
        currency: The company's.
        language: Language of the answer.
    """
    voice, unit = Voice(language), Unit(currency)
    profit = np.sum([one.profit for one in actions], axis=0)
    n = sum(one.customers for one in actions)
    low, high = np.quantile(profit, _ENDS)
    if n:
        said = voice.say(
            "Contact {n} customers for {cost}: expected profit {profit} over doing nothing, in nine chances "
            "out of ten between {low} and {high}.",
            "Contacter {n} clients pour {cost} : profit attendu {profit} par rapport à ne rien faire, neuf "
            "chances sur dix entre {low} et {high}.",
            n=voice.count(n),
            cost=unit.write(n * cost, language),
            profit=unit.write(float(profit.mean()), language),
            low=unit.write(float(low), language),
            high=unit.write(float(high), language),
        )
    else:
        said = voice.say(
            "Do nothing: no contact that was tested earns more than it costs.",
            "Ne rien faire : aucun contact testé ne rapporte plus qu'il ne coûte.",
        )
    rows = [
        {
            "segment": SEGMENTS[one.segment].name,
            "action": one.arm,
            "customers": one.customers,
            "may_be_contacted": customers[one.segment],
            "profit": {
                "mean": float(one.profit.mean()),
                "q05": float(np.quantile(one.profit, _ENDS[0])),
                "q95": float(np.quantile(one.profit, _ENDS[1])),
            },
            "probability_positive": one.probability,
        }
        for one in actions
    ]
    nothing = voice.say("nothing", "rien")
    head = Text(
        "segment|action|customers|profit|from|to|chance", "segment|action|clients|profit|de|à|probabilité"
    )
    return Answer(
        data={"cost": cost, "budget": budget, "spent": n * cost, "actions": rows},
        lines=(said,),
        head=tuple(head.in_(language).split("|")),
        body=tuple(
            (
                SEGMENTS[one.segment].label.in_(language),
                nothing if one.arm == NOTHING else one.arm,
                voice.count(one.customers),
                unit.write(float(one.profit.mean()), language),
                *(unit.write(float(np.quantile(one.profit, end)), language) for end in _ENDS),
                Unit("share").write(one.probability, language),
            )
            for one in actions
        ),
    )
