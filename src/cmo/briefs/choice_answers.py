"""What a choice survey says, and what offers and prices would win: data, sentences and tables."""

from dataclasses import dataclass

import numpy as np

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.measures import Doubt, Language, Text, Unit
from cmo.value.attributes import importance, willingness_to_pay
from cmo.value.choice import Floats
from cmo.value.choice_evidence import Survey, in_money
from cmo.value.choice_method import LEFT_OUT, why
from cmo.value.choice_model import Chosen
from cmo.value.method import REASON
from cmo.value.taste_names import class_names
from cmo.value.wtp import Worth

SHARE = Unit("share")
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A choice survey with its model.

    Attributes:
        survey: The survey.
        chosen: Its model.
        segments: Draws of the typical person of each segment, shape (draws, K).
        worths: Intervals of each level's worth by three methods; empty where the model is not the logit.
        doubts: What speaks against it.
        currency: The company's.
    """

    survey: Survey
    chosen: Chosen
    segments: dict[str, Floats]
    worths: dict[str, Worth]
    doubts: tuple[Doubt, ...]
    currency: str


def summary(draws: Floats) -> dict[str, float]:
    """Mean, median and 90 % interval of draws, shape (draws,)."""
    low, middle, high = np.quantile(draws, [LOW, MIDDLE, HIGH])
    return {"mean": float(draws.mean()), "median": float(middle), "q05": float(low), "q95": float(high)}


def told(found: dict[str, float], unit: Unit, language: Language) -> str:
    """`17.45 (15.26 to 20.12)`."""
    middle, low, high = (
        unit.write(found[name], language, beside=found["median"]) for name in ("median", "q05", "q95")
    )
    return f"{middle} ({low} {'à' if language == 'fr' else 'to'} {high})"


def analysis_answer(found: Analysis, *, language: Language) -> Answer:
    """The model with its reasons, importance, worth in money, segments and groups of people."""
    survey, chosen, voice = found.survey, found.chosen, Voice(language)
    typical = _typical(found, chosen.typical, language)
    segments = [
        {
            "segment": name,
            "respondents": (survey.segments or ()).count(name),
            **_typical(found, drawn, language),
        }
        for name, drawn in found.segments.items()
    ]
    data: Data = {
        "model": chosen.model.value,
        "why": why(chosen).in_(language),
        "respondents": len(survey.persons),
        "tasks": int(survey.choices.sizes.size),
        "tasks_left_out": survey.left_out,
        "price_deters": chosen.deters,
        "models": [
            {
                "model": one.model.value,
                "score": one.score,
                "behind": one.behind,
                "error": one.error,
                "hits": one.hits,
            }
            for one in chosen.candidates
        ],
        "not_tried": {
            model.value: LEFT_OUT[reason].in_(language) for model, reason in chosen.left_out.items()
        },
        **typical,
        "segments": segments,
        "groups": _groups(found, language),
        "warnings": [doubt.says.in_(language) for doubt in found.doubts],
    }
    lines = [
        voice.say(
            "{people} people answered {tasks} tasks.",
            "{people} personnes ont répondu à {tasks} tâches.",
            people=voice.count(len(survey.persons)),
            tasks=voice.count(int(survey.choices.sizes.size)),
        ),
        voice.read(why(chosen)),
        _deciding(found, language),
        *_money_lines(found, language),
        *_segment_lines(found, language),
        *_group_lines(found, language),
        *(voice.read(doubt.says) for doubt in found.doubts),
    ]
    head, body = _levels_table(found, language)
    return Answer(data=data, lines=tuple(line for line in lines if line), head=head, body=body)


def _typical(found: Analysis, drawn: Floats, language: Language) -> Data:
    """Importance and worth in money of the typical person."""
    made = found.survey.design
    shares = importance(made, drawn)
    data: Data = {
        "importance": [
            {"attribute": one.name, **summary(shares[:, at])} for at, one in enumerate(made.attributes)
        ]
    }
    money = in_money(made, drawn, price=found.survey.price)
    if isinstance(money, str):
        return data | {"wtp": [], "wtp_why_not": REASON[money].in_(language)}
    levels, worths = money
    return data | {
        "wtp": [
            {"level": level, **summary(worths[:, at]), **_methods(found, level, drawn)}
            for at, level in enumerate(levels)
        ]
    }


def _methods(found: Analysis, level: str, drawn: Floats) -> Data:
    if drawn is not found.chosen.typical or level not in found.worths:
        return {}
    one = found.worths[level]
    ends = [float(end) if np.isfinite(end) else None for end in one.fieller]
    return {"delta": list(one.delta), "krinsky_robb": list(one.draws), "fieller": ends}


def _groups(found: Analysis, language: Language) -> list[Data]:
    classes = found.chosen.classes
    if classes is None:
        return []
    made = found.survey.design
    names = class_names(made, classes.coefficients)
    shares = importance(made, classes.coefficients)
    return [
        {
            "name": names[at].in_(language) if classes.shares.size > 1 else "",
            "share": float(classes.shares[at]),
            "importance": {one.name: float(shares[at, i]) for i, one in enumerate(made.attributes)},
            "wtp": _worths_of(found, classes.coefficients[at]),
        }
        for at in range(classes.shares.size)
    ]


def _worths_of(found: Analysis, worths: Floats) -> dict[str, float]:
    price = found.survey.price
    if price is None or worths[price] >= 0:
        return {}
    levels, money = willingness_to_pay(found.survey.design, worths[None])
    return {level: float(money[0, at]) for at, level in enumerate(levels)}


def _deciding(found: Analysis, language: Language) -> str:
    made = found.survey.design
    shares = importance(made, found.chosen.typical)
    order = np.argsort(-np.median(shares, axis=0))
    parts = [
        f"{made.attributes[at].name} {told(summary(shares[:, at]), SHARE, language)}" for at in order.tolist()
    ]
    return Voice(language).say(
        "What decides, most first: {parts}.", "Ce qui décide, d'abord : {parts}.", parts=", ".join(parts)
    )


def _money_lines(found: Analysis, language: Language) -> list[str]:
    money = in_money(found.survey.design, found.chosen.typical, price=found.survey.price)
    if isinstance(money, str):
        return [REASON[money].in_(language)]
    levels, worths = money
    if not levels:
        return []
    top = int(np.median(worths, axis=0).argmax())
    line = Voice(language).say(
        "Worth most in money: {level}, {worth}.",
        "Ce qui vaut le plus : {level}, {worth}.",
        level=levels[top],
        worth=told(summary(worths[:, top]), Unit(found.currency), language),
    )
    unbounded = [level for level, one in found.worths.items() if not one.bounded]
    if not unbounded:
        return [line]
    return [
        line,
        Voice(language).say(
            "The price hardly deters, so the worth of {levels} has no bound by Fieller's method.",
            "Le prix décourage à peine : selon Fieller, la valeur de {levels} n'est pas bornée.",
            levels=", ".join(unbounded),
        ),
    ]


def _segment_lines(found: Analysis, language: Language) -> list[str]:
    lines = []
    for name, drawn in found.segments.items():
        money = in_money(found.survey.design, drawn, price=found.survey.price)
        if isinstance(money, str) or not money[0]:
            continue
        levels, worths = money
        top = int(np.median(worths, axis=0).argmax())
        lines.append(
            f"{name}: {levels[top]} {told(summary(worths[:, top]), Unit(found.currency), language)}"
            if language == "en"
            else f"{name} : {levels[top]} {told(summary(worths[:, top]), Unit(found.currency), language)}"
        )
    return lines


def _group_lines(found: Analysis, language: Language) -> list[str]:
    classes = found.chosen.classes
    if classes is None:
        return []
    if classes.shares.size == 1:
        return [REASON["one_class"].in_(language)]
    names = class_names(found.survey.design, classes.coefficients)
    parts = [
        f"{SHARE.write(float(share), language)} {name.in_(language)}"
        for name, share in zip(names, classes.shares, strict=True)
    ]
    return [
        Voice(language).say(
            "Groups of people who choose alike: {parts}.",
            "Groupes de personnes qui choisissent de même : {parts}.",
            parts="; ".join(parts),
        )
    ]


def _levels_table(found: Analysis, language: Language) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Worth of each level in money, for all and for each segment."""
    money = in_money(found.survey.design, found.chosen.typical, price=found.survey.price)
    unit = Unit(found.currency)
    first = Text("level, over the least liked|all", "niveau, au-delà du moins aimé|tous").in_(language)
    if isinstance(money, str):
        return (), ()
    columns = [dict(zip(money[0], money[1].T, strict=True))]
    names: list[str] = []
    for name, drawn in found.segments.items():
        own = in_money(found.survey.design, drawn, price=found.survey.price)
        if not isinstance(own, str):
            names.append(name)
            columns.append(dict(zip(own[0], own[1].T, strict=True)))
    levels = list(dict.fromkeys(level for column in columns for level in column))
    body = tuple(
        (
            level,
            *(told(summary(column[level]), unit, language) if level in column else "–" for column in columns),
        )
        for level in levels
    )
    return (*first.split("|"), *names), body
