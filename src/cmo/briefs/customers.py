"""Customers in a brief: who comes back, and on how few the revenue rests."""

from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.curves import Step, concentration_chart, retention_chart
from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.customer_segments import (
    frontier_illustration,
    map_illustration,
    moved,
    triangle_illustration,
)
from cmo.briefs.derived import only, share_of_customers
from cmo.briefs.document import Block, Chart, Column, Illustration, Paragraph, Section, Table
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.measures import Estimate, Figure, Text

RETENTION, CONCENTRATION = "customers.retention", "customers.concentration"
_MONTH, _MONTHS_ = Text("month", "mois"), Text("months", "mois")


def customers(facts: Facts, voice: Voice) -> Section | None:
    """Who buys again and how concentrated revenue is; none where nothing is known of it."""
    blocks: list[Block] = []
    blocks += [Paragraph(text=said) for said in (repeat(facts, voice), moved(facts, voice)) if said]
    drawn = (
        retention_illustration(facts, voice),
        triangle_illustration(facts, voice),
        concentration_illustration(facts, voice),
        map_illustration(facts, voice),
        frontier_illustration(facts, voice),
    )
    blocks += [one for one in drawn if one is not None]
    if not blocks:
        return None
    return Section(name="customers", title=voice.say("Customers", "Les clients"), blocks=tuple(blocks))


def repeat(facts: Facts, voice: Voice) -> str:
    """How many customers there are and how many buy again, in sentences; empty where neither is known."""
    parts = []
    active = only(facts, "customers.active")
    if active is not None:
        parts.append(
            voice.say(
                "{n} customers bought over the last twelve months.",
                "{n} clients ont acheté au cours des douze derniers mois.",
                n=voice.value(active),
            )
        )
    again = only(facts, "customers.repeat_rate")
    if again is not None:
        low, high = voice.ends(again)
        parts.append(
            voice.say(
                "{share} of new customers order again within a year, with nine chances in ten that the "
                "share lies between {low} and {high}.",
                "{share} des nouveaux clients repassent commande dans l’année, avec neuf chances sur dix "
                "que ce soit entre {low} et {high}.",
                share=voice.value(again),
                low=low,
                high=high,
            )
        )
    return " ".join(parts)


def retention_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """The share of customers who order again, by months since their first order."""
    estimate = facts.estimate(RETENTION)
    ages = [] if estimate is None else _ages(estimate)
    if estimate is None or not ages:
        return None
    steps = [_step(float(age), figure, voice=voice) for age, figure in ages]
    name = voice.say("Customers who order again", "Clients qui repassent commande")
    across = voice.say("Months since the first order", "Mois depuis la première commande")
    axis = axis_of(
        estimate.unit, name=name, values=[end for step in steps for end in (step.low, step.high)], voice=voice
    )
    wide, narrow = (
        retention_chart(steps, across=across, axis=axis, voice=voice, width=width) for width in (WIDE, NARROW)
    )
    return Illustration(
        name="retention",
        sentence=_kept(ages, voice=voice),
        description=voice.say(
            "Curve of the share of customers who order again, by months since their first order, with a "
            "strip that holds the true share nine times in ten.",
            "Courbe de la part des clients qui repassent commande, selon le nombre de mois depuis leur "
            "première commande, avec une bande qui contient la vraie part neuf fois sur dix.",
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=name,
            columns=(
                Column(label=across),
                Column(label=voice.say("Share", "Part"), numeric=True),
                Column(
                    label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
                ),
            ),
            rows=tuple(
                (voice.count(age), voice.value(figure), voice.interval(figure) or "–") for age, figure in ages
            ),
        ),
    )


def _ages(estimate: Estimate) -> list[tuple[int, Figure]]:
    known = [(int(subject), estimate.figure(subject)) for subject in estimate.subjects if subject.isdecimal()]
    return sorted(known, key=lambda pair: pair[0])


def _kept(ages: list[tuple[int, Figure]], *, voice: Voice) -> str:
    (first_age, first), (last_age, last) = ages[0], ages[-1]
    named = {
        "first": voice.value(first),
        "first_age": _months(first_age, voice=voice),
        "last": voice.value(last),
        "last_age": _months(last_age, voice=voice),
    }
    return voice.say(
        "{first} of customers order again {first_age} after their first order; {last} do {last_age} after "
        "it.",
        "{first} des clients repassent commande {first_age} après la première ; {last} le font {last_age} "
        "après.",
        **named,
    )


def _months(n: int, *, voice: Voice) -> str:
    return f"{voice.count(n)} {voice.choose(n, _MONTH, _MONTHS_)}"


def concentration_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """The share of revenue that the best customers bring."""
    estimate = facts.estimate(CONCENTRATION)
    tops = [] if estimate is None else _tops(estimate)
    if estimate is None or not tops:
        return None
    steps = [_step(share, figure, voice=voice) for share, figure in tops]
    name = voice.say("Share of revenue", "Part du chiffre d’affaires")
    across = voice.say("Share of customers, from the best down", "Part des clients, en partant des meilleurs")
    axis = axis_of(estimate.unit, name=name, values=[0.0, 1.0], voice=voice)
    wide, narrow = (
        concentration_chart(steps, across=across, axis=axis, voice=voice, width=width)
        for width in (WIDE, NARROW)
    )
    return Illustration(
        name="concentration",
        sentence=_hangs(tops, voice=voice),
        description=voice.say(
            "Curve of the share of revenue brought by the best customers, above the straight line that "
            "customers who all bought alike would draw.",
            "Courbe de la part du chiffre d’affaires apportée par les meilleurs clients, au-dessus de la "
            "droite que traceraient des clients achetant tous autant.",
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=voice.say("Revenue of the best customers", "Chiffre d’affaires des meilleurs clients"),
            columns=(
                Column(label=voice.say("Best customers", "Meilleurs clients")),
                Column(label=name, numeric=True),
                Column(
                    label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
                ),
            ),
            rows=tuple(
                (_top(share, estimate, voice=voice), voice.value(figure), voice.interval(figure) or "–")
                for share, figure in tops
            ),
        ),
    )


def _tops(estimate: Estimate) -> list[tuple[float, Figure]]:
    known = [
        (share, estimate.figure(subject))
        for subject in estimate.subjects
        if (share := share_of_customers(subject)) is not None
    ]
    return sorted(known, key=lambda pair: pair[0])


def _top(share: float, estimate: Estimate, *, voice: Voice) -> str:
    return estimate.unit.write(share, voice.language) if round(100 * share, 6) % 1 else voice.percent(share)


def _hangs(tops: list[tuple[float, Figure]], *, voice: Voice) -> str:
    share, figure = min(tops, key=lambda pair: abs(pair[0] - 0.1))
    return voice.say(
        "The best {top} of customers bring {share} of revenue.",
        "Les {top} de meilleurs clients apportent {share} du chiffre d’affaires.",
        top=voice.percent(share) if share >= 0.01 else figure.unit.write(share, voice.language),
        share=voice.figure(figure),
    )


def _step(x: float, figure: Figure, *, voice: Voice) -> Step:
    return Step(x=x, low=figure.low, value=figure.value, high=figure.high, written=voice.value(figure))
