"""One fact base, four readings: what each reader is told first, and in which order the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cmo.briefs import advice, beliefs, customers, figures, limits, sales
from cmo.briefs.decisions import asked_of_the_board
from cmo.briefs.derived import FORECAST, REVENUE, growth, only, overconfidence
from cmo.briefs.document import Audience, Block, Brief, Section
from cmo.briefs.facts import Facts
from cmo.briefs.perceived import perceived_value
from cmo.briefs.suffered import suffered
from cmo.briefs.voice import Voice
from cmo.briefs.wording import output_words
from cmo.measures import Language, Text
from cmo.strategy.verdict import Stance

Part = Callable[[Facts, Voice], Section | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a brief is put together for one audience.

    Attributes:
        title: Its name.
        headline: The finding in one short sentence.
        answer: The sentences of the first paragraph; empty ones are left out.
        opening: What stands before the first heading.
        parts: The sections in order; those with nothing to say are left out.
    """

    title: Text
    headline: Callable[[Facts, Voice], str]
    answer: Sequence[Callable[[Facts, Voice], str]]
    opening: Callable[[Facts, Voice], Sequence[Block | None]]
    parts: Sequence[Part]


def compose(facts: Facts, *, audience: Audience, language: Language) -> Brief:
    """The brief for one audience in one language."""
    voice, reading = Voice(language), READINGS[audience]
    name = voice.read(reading.title)
    company, day = facts.company.name, voice.day(facts.reviewed_on)
    return Brief(
        audience=audience,
        language=language,
        title=voice.say(
            "{company}: {name}, {day}", "{company} : {name}, {day}", company=company, name=name, day=day
        ),
        eyebrow=f"{company} · {name[:1].upper()}{name[1:]} · {day}",
        headline=reading.headline(facts, voice),
        answer=" ".join(part for write in reading.answer if (part := write(facts, voice))),
        opening=tuple(block for block in reading.opening(facts, voice) if block is not None),
        sections=tuple(section for part in reading.parts if (section := part(facts, voice)) is not None),
        colophon=limits.colophon(facts, voice),
        words=output_words(voice),
    )


def _on_beliefs(facts: Facts, voice: Voice) -> str:
    total = len(facts.verdicts)
    if total < 2:
        return _on_one_belief(facts, voice)
    fallen, held = len(facts.standing(Stance.REFUTED)), len(facts.standing(Stance.SUPPORTED))
    named = {"n": voice.count(fallen or held), "total": voice.count(total)}
    if fallen:
        return voice.say(
            "The field contradicts {n} of our {total} beliefs",
            "Le terrain dément {n} de nos {total} convictions",
            **named,
        )
    if held:
        return voice.say(
            "No belief fell: the field bears out {n} of our {total}",
            "Aucune conviction ne tombe : le terrain en confirme {n} sur {total}",
            **named,
        )
    return voice.say(
        "The data settle none of our {total} beliefs yet",
        "Les données ne tranchent encore aucune de nos {total} convictions",
        total=named["total"],
    )


def _on_one_belief(facts: Facts, voice: Voice) -> str:
    if not facts.verdicts:
        return voice.say("No belief to confront yet", "Aucune conviction à confronter pour l’instant")
    match facts.verdicts[0].stance:
        case Stance.REFUTED:
            return voice.say(
                "The field contradicts our only belief", "Le terrain dément notre unique conviction"
            )
        case Stance.SUPPORTED:
            return voice.say(
                "The field bears out our only belief", "Le terrain confirme notre unique conviction"
            )
        case Stance.OPEN | Stance.UNMEASURABLE:
            return voice.say(
                "The data do not settle our only belief yet",
                "Les données ne tranchent pas encore notre unique conviction",
            )


def _on_sales(facts: Facts, voice: Voice) -> str:
    revenue = facts.estimate(REVENUE)
    change = growth(revenue) if revenue is not None else None
    if change is None:
        return _on_beliefs(facts, voice)
    named = {"change": change.unit.write(abs(change.value), voice.language)}
    if change.low > 0:
        return voice.say(
            "Sales are {change} up on a year ago", "Les ventes gagnent {change} en un an", **named
        )
    if change.high < 0:
        return voice.say(
            "Sales are {change} down on a year ago", "Les ventes perdent {change} en un an", **named
        )
    return voice.say("Sales are level with a year ago", "Les ventes sont stables sur un an")


def _on_customers(facts: Facts, voice: Voice) -> str:
    again = only(facts, "customers.repeat_rate")
    if again is None:
        return _on_beliefs(facts, voice)
    return voice.say(
        "{share} of new customers order again within a year",
        "{share} des nouveaux clients repassent commande dans l’année",
        share=voice.value(again),
    )


def _on_confidence(facts: Facts, voice: Voice) -> str:
    gap = overconfidence(facts)
    if gap is None or abs(gap) < 0.005:
        return ""
    if gap > 0:
        return voice.say(
            "On average, we were {points} more confident than the field allows.",
            "En moyenne, nous étions trop sûrs de nous, de {points}.",
            points=voice.points(gap),
        )
    return voice.say(
        "On average, we were {points} less confident than the field allows.",
        "En moyenne, nous n’étions pas assez sûrs de nous, de {points}.",
        points=voice.points(gap),
    )


def _verdict_chart(facts: Facts, voice: Voice) -> Sequence[Block | None]:
    return (beliefs.verdicts_illustration(facts, voice),)


def _board_opening(facts: Facts, voice: Voice) -> Sequence[Block | None]:
    measures = (REVENUE, FORECAST, "customers.active", "customers.repeat_rate")
    return figures.tiles(facts, measures, voice=voice), beliefs.verdicts_illustration(facts, voice)


def _sales_opening(facts: Facts, voice: Voice) -> Sequence[Block | None]:
    measures = (REVENUE, FORECAST, "customers.average_order_value", "customers.active")
    return figures.tiles(facts, measures, voice=voice), sales.sales_illustration(facts, voice)


def _product_opening(facts: Facts, voice: Voice) -> Sequence[Block | None]:
    measures = ("customers.repeat_rate", "customers.churn", "value.nps", "customers.active")
    return figures.tiles(facts, measures, voice=voice), customers.retention_illustration(facts, voice)


def _for_sellers(facts: Facts, voice: Voice) -> Section | None:
    return figures.breakdowns(facts, ("sales", "distribution", "media"), voice=voice)


def _for_builders(facts: Facts, voice: Voice) -> Section | None:
    return figures.breakdowns(facts, ("value", "customers", "experiments", "brand", "market"), voice=voice)


READINGS: Final = {
    Audience.BOARD: Reading(
        title=Text("brief for the board", "note au conseil"),
        headline=_on_beliefs,
        answer=(beliefs.counts, beliefs.worst, figures.trend, figures.outlook),
        opening=_board_opening,
        parts=(
            asked_of_the_board,
            advice.to_decide,
            beliefs.changes,
            beliefs.fell,
            beliefs.holds,
            beliefs.still_open,
            beliefs.unmeasurable,
            figures.goals,
            figures.key_figures,
            sales.sales,
            customers.customers,
            figures.believed,
            limits.data,
            limits.method,
        ),
    ),
    Audience.SALES: Reading(
        title=Text("brief for sales", "note aux commerciaux"),
        headline=_on_sales,
        answer=(figures.trend, figures.outlook, customers.repeat),
        opening=_sales_opening,
        parts=(
            advice.to_say,
            figures.goals,
            customers.customers,
            perceived_value,
            _for_sellers,
            beliefs.changes,
            beliefs.fell,
            beliefs.holds,
            limits.data,
            limits.method,
        ),
    ),
    Audience.PRODUCT: Reading(
        title=Text("brief for the product team", "note à l’équipe produit"),
        headline=_on_customers,
        answer=(customers.repeat, beliefs.counts),
        opening=_product_opening,
        parts=(
            advice.to_find_out,
            suffered,
            perceived_value,
            _for_builders,
            beliefs.changes,
            beliefs.fell,
            beliefs.still_open,
            beliefs.unmeasurable,
            limits.data,
            limits.method,
        ),
    ),
    Audience.TEAM: Reading(
        title=Text("brief for the marketing team", "note à l’équipe marketing"),
        headline=_on_beliefs,
        answer=(beliefs.counts, _on_confidence, beliefs.worst),
        opening=_verdict_chart,
        parts=(
            advice.to_learn,
            beliefs.changes,
            beliefs.fell,
            beliefs.holds,
            beliefs.still_open,
            beliefs.unmeasurable,
            figures.goals,
            figures.key_figures,
            limits.data,
            limits.method,
        ),
    ),
}
