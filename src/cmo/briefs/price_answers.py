"""What people say of prices and what sales say of them: data, sentences and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cmo.briefs.answers import Answer, Data
from cmo.briefs.choice_answers import HIGH, LOW, SHARE, summary, told
from cmo.briefs.voice import Voice
from cmo.measures import Doubt, Language, Text, Unit
from cmo.value.elasticity import BestPrice, Elasticity
from cmo.value.gabor_granger import Demand
from cmo.value.price_evidence import Meter

POINTS = {
    "lower": Text("too cheap below", "trop bas en dessous de"),
    "upper": Text("too expensive above", "trop élevé au-dessus de"),
    "optimal": Text("least resistance", "moindre résistance"),
    "indifference": Text("as cheap as expensive", "autant bon marché que cher"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What people say of prices.

    Attributes:
        meters: Van Westendorp for all (under an empty name) and by segment.
        demand: Gabor-Granger, or None where nobody was asked so.
        cost: Cost of one sale, or None.
        doubts: What speaks against it.
        currency: The company's.
    """

    meters: Mapping[str, Meter]
    demand: Demand | None
    cost: float | None
    doubts: Sequence[Doubt]
    currency: str


def stated_answer(found: Stated, *, language: Language) -> Answer:
    """The four points with intervals, who contradicts himself, and stated demand."""
    voice, unit = Voice(language), Unit(found.currency)
    lines: list[str] = []
    body: list[tuple[str, ...]] = []
    for name, meter in found.meters.items():
        body += [
            (
                name,
                point,
                told(summary(meter.drawn[:, at]), unit, language),
                _flat(meter, key, unit, language),
            )
            for at, (key, point) in enumerate((key, text.in_(language)) for key, text in POINTS.items())
        ]
    if "" in found.meters:
        lines += _meter_lines(found.meters[""], unit, voice)
    if found.demand is not None:
        lines += _demand_lines(found, found.demand, voice)
    head = Text("|point|price|where the curves lie flat", "|point|prix|où les courbes sont plates")
    data: Data = {
        "meters": [{"segment": name or None, **_meter_data(meter)} for name, meter in found.meters.items()],
        "demand": None if found.demand is None else _demand_data(found.demand, found.cost),
        "warnings": [doubt.says.in_(language) for doubt in found.doubts],
    }
    return Answer(
        data=data,
        lines=(*lines, *(doubt.says.in_(language) for doubt in found.doubts)),
        head=tuple(head.in_(language).split("|")) if body else (),
        body=tuple(body),
    )


def _meter_data(meter: Meter) -> Data:
    points: Data = {}
    for at, key in enumerate(POINTS):
        crossing, everybody = getattr(meter.kept, key), getattr(meter.everybody, key)
        points[key] = {
            **summary(meter.drawn[:, at]),
            "low": crossing.low,
            "high": crossing.high,
            "with_all": {"low": everybody.low, "high": everybody.high},
        }
    return {"respondents": meter.respondents, "inconsistent": meter.inconsistent, **points}


def _flat(meter: Meter, key: str, unit: Unit, language: Language) -> str:
    crossing = getattr(meter.kept, key)
    if crossing.high <= crossing.low:
        return ""
    low, high = unit.write(crossing.low, language), unit.write(crossing.high, language)
    return f"{low} {'à' if language == 'fr' else 'to'} {high}"


def _meter_lines(meter: Meter, unit: Unit, voice: Voice) -> list[str]:
    language = voice.language
    lower, upper = (told(summary(meter.drawn[:, at]), unit, language) for at in (0, 1))
    lines = [
        voice.say(
            "Most find prices from {lower} to {upper} neither too cheap nor too expensive.",
            "La plupart ne trouvent ni trop bas ni trop élevés les prix de {lower} à {upper}.",
            lower=lower,
            upper=upper,
        )
    ]
    if meter.inconsistent > 0:
        with_all = [unit.write(getattr(meter.everybody, key).price, language) for key in ("lower", "upper")]
        lines.append(
            voice.say(
                "{share} of {n} respondents give prices that do not rise and are left out; with them it "
                "would be {low} to {high}.",
                "{share} des {n} répondants donnent des prix qui ne croissent pas et sont écartés ; avec "
                "eux, ce serait de {low} à {high}.",
                share=voice.percent(meter.inconsistent),
                n=voice.count(meter.respondents),
                low=with_all[0],
                high=with_all[1],
            )
        )
    optimal = meter.kept.optimal
    if optimal.high > optimal.low:
        lines.append(
            voice.say(
                "Every price from {low} to {high} meets the least resistance: the survey names no single "
                "one.",
                "Tous les prix de {low} à {high} rencontrent la moindre résistance : l'enquête n'en désigne "
                "pas un seul.",
                low=unit.write(optimal.low, language),
                high=unit.write(optimal.high, language),
            )
        )
    return lines


def _earning(demand: Demand, cost: float) -> tuple[int, np.ndarray]:
    profit = demand.profit(cost)
    return int(profit.mean(axis=0).argmax()), demand.prices[profit.argmax(axis=1)]


def _demand_lines(found: Stated, demand: Demand, voice: Voice) -> list[str]:
    unit, cost = Unit(found.currency), found.cost or 0.0
    top, each = _earning(demand, cost)
    low, high = np.quantile(each, [LOW, HIGH])
    earns = Text("earns most", "rapporte le plus")
    if found.cost is None:
        earns = Text("brings the most revenue", "fait le plus de chiffre d'affaires")
    return [
        voice.say(
            "Asked price by price, {price} {earns} ({low} to {high}): {share} say they would buy.",
            "Prix par prix, c'est {price} qui {earns} (de {low} à {high}) : {share} disent qu'ils "
            "achèteraient.",
            price=unit.write(float(demand.prices[top]), voice.language),
            earns=earns.in_(voice.language),
            low=unit.write(float(low), voice.language),
            high=unit.write(float(high), voice.language),
            share=told(summary(demand.share[:, top]), SHARE, voice.language),
        ),
        *(
            [
                voice.say(
                    "{share} refuse a price and accept a higher one, and are left out.",
                    "{share} refusent un prix et en acceptent un plus élevé : ils sont écartés.",
                    share=voice.percent(demand.inconsistent),
                )
            ]
            if demand.inconsistent > 0
            else []
        ),
    ]


def _demand_data(demand: Demand, cost: float | None) -> Data:
    top, each = _earning(demand, cost or 0.0)
    low, high = np.quantile(each, [LOW, HIGH])
    return {
        "inconsistent": demand.inconsistent,
        "cost": cost,
        "best": {"price": float(demand.prices[top]), "q05": float(low), "q95": float(high)},
        "prices": [
            {
                "price": float(price),
                "known_of": int(demand.asked[at]),
                "share": summary(demand.share[:, at]),
                "profit": summary(demand.profit(cost or 0.0)[:, at]),
            }
            for at, price in enumerate(demand.prices)
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What sales say of prices.

    Attributes:
        found: Elasticity of each product that tells one.
        best: The price that earns most, or None where it cannot be told.
        silent: Why the others tell none.
        doubts: What speaks against it.
        currency: The company's.
    """

    found: Sequence[Elasticity]
    best: Sequence[BestPrice | None]
    silent: Mapping[str, Text]
    doubts: Sequence[Doubt]
    currency: str


def sold_answer(sold: Sold, *, language: Language) -> Answer:
    """How each product's demand answers to its price, and the price that earns most with its risk."""
    voice, unit, ratio = Voice(language), Unit(sold.currency), Unit("ratio")
    rows: list[Data] = []
    body: list[tuple[str, ...]] = []
    for one, best in zip(sold.found, sold.best, strict=True):
        row: Data = {
            "product": one.product,
            "elasticity": summary(one.draws),
            "usual_price": one.usual,
            "seen": [one.lowest, one.highest],
            "cost": one.cost,
            "best": None,
        }
        shown = "–"
        if best is not None:
            better = float((best.gain > 0).mean())
            row["best"] = {
                "price": best.price,
                "at_edge": best.at_edge,
                "gain_per_week": {**summary(best.gain), "probability_positive": better},
            }
            shown = voice.say(
                "{price}, {gain} a week, chance {better}",
                "{price}, {gain} par semaine, probabilité {better}",
                price=unit.write(best.price, language),
                gain=told(summary(best.gain), unit, language),
                better=voice.found(better),
            )
            if best.at_edge:
                shown += voice.say(" (last price seen)", " (dernier prix connu)")
        rows.append(row)
        body.append(
            (one.product, told(summary(one.draws), ratio, language), unit.write(one.usual, language), shown)
        )
    lines = [*(doubt.says.in_(language) for doubt in sold.doubts)]
    head = Text(
        "product|elasticity|usual price|price that earns most",
        "produit|élasticité|prix usuel|prix qui rapporte le plus",
    )
    return Answer(
        data={
            "products": rows,
            "not_told": {name: why.in_(language) for name, why in sold.silent.items()},
            "warnings": lines,
        },
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(body),
    )
