"""Names of groups of people who choose alike: what they look at more than the others do."""

import numpy as np

from cmo.measures import Text
from cmo.value.attributes import PRICE, Attribute, Design, importance
from cmo.value.choice import Floats


def class_names(design: Design, coefficients: Floats) -> tuple[Text, ...]:
    """A name for each class, said of its people; no two are alike.

    Args:
        design: What the coefficients mean.
        coefficients: Of each class, shape (classes, K).
    """
    shares = importance(design, coefficients)
    others = (shares.sum(axis=0) - shares) / max(len(shares) - 1, 1)
    names: list[Text] = []
    for worths, own, rest in zip(coefficients, shares, others, strict=True):
        order = np.argsort(-(own - rest))
        made = [_says(design.attributes[at], worths) for at in order]
        fresh = next((name for name in made if name not in names), None)
        names.append(fresh or Text(f"{made[0].en} ({len(names) + 1})", f"{made[0].fr} ({len(names) + 1})"))
    return tuple(names)


def _says(one: Attribute, worths: Floats) -> Text:
    each = one.worths(worths[None])[0]
    if one.levels:
        best = one.levels[int(each.argmax())]
        return Text(f"want {one.name} {best}", f"veulent {one.name} {best}")
    if one.name == PRICE:
        if worths[one.columns[0]] < 0:
            return Text("watch the price", "regardent le prix")
        return Text("do not mind a high price", "acceptent un prix élevé")
    more = worths[one.columns[0]] > 0
    return Text(
        f"want {'more' if more else 'less'} {one.name}",
        f"veulent {'plus' if more else 'moins'} de {one.name}",
    )
