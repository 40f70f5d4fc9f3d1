"""The strategy map and the scores of the holders of beliefs, as answers."""

from collections.abc import Sequence
from typing import Final

from cmo.briefs.answers import STANCES, Answer, Data
from cmo.briefs.decisions import amount
from cmo.measures import LANGUAGES, Language, Text, chances, listing
from cmo.strategy.holders import Myth, Score
from cmo.strategy.map import Aim, Assumption, Colour, Staked, StrategyMap
from cmo.strategy.portfolio import Stage

STAGES: Final = {
    Stage.PROSPECT: Text("prospect", "à l'étude"),
    Stage.PILOT: Text("not settled", "pas tranché"),
    Stage.SCALE: Text("scale", "à développer"),
    Stage.HARVEST: Text("harvest", "à exploiter"),
    Stage.STOP: Text("loses money", "perd de l'argent"),
}
COLOURS: Final = {
    Colour.GREEN: Text("holds", "tient"),
    Colour.AMBER: Text("open", "ouvert"),
    Colour.RED: Text("rests on a fallen belief", "repose sur une conviction tombée"),
}
_CHOICES: Final = {
    "where": Text("Where we play", "Où nous jouons"),
    "how": Text("How we win", "Comment nous gagnons"),
    "refuse": Text("What we refuse", "Ce que nous refusons"),
}


def map_answer(found: StrategyMap, *, currency: str, language: Language) -> Answer:
    """Goals, choices, bets and their beliefs; then where it does not hold together."""
    lines: list[str] = []
    for aim in found.aims:
        lines += _aim(aim, currency, language)
    for choice in found.choices:
        kind = _CHOICES[choice.kind]
        lines.append(Text(f"{kind.en}: {choice.says.en}", f"{kind.fr} : {choice.says.fr}").in_(language))
    for bet in found.bets:
        lines += _bet(bet, currency, language)
    if found.channels:
        told = [(name, STAGES[stage]) for name, stage in found.channels.items()]
        en, fr = (listing([f"{name} ({word.in_(to)})" for name, word in told]) for to in LANGUAGES)
        lines.append(Text(f"Channels: {en.en}.", f"Canaux : {fr.fr}.").in_(language))
    lines += [f"! {gap.in_(language)}" for gap in found.gaps]
    data: Data = {
        "goals": [_aim_data(one, language) for one in found.aims],
        "choices": [
            {"id": one.id, "says": one.says.in_(language), "kind": one.kind, "goals": list(one.goals)}
            for one in found.choices
        ],
        "bets": [_bet_data(one, language) for one in found.bets],
        "channels": {name: stage.value for name, stage in found.channels.items()},
        "gaps": [gap.in_(language) for gap in found.gaps],
    }
    return Answer(data=data, lines=tuple(lines))


def holders_answer(
    scores: Sequence[Score], myth: Myth | None, *, currency: str, language: Language
) -> Answer:
    """How well each holder's confidence met the field, and the myth that fell hardest."""
    lines = []
    for one in scores:
        who = one.holder or Text("The whole team", "Toute l'équipe").in_(language)
        brier = f"{one.brier:.2f}" if language == "en" else f"{one.brier:.2f}".replace(".", ",")
        told = Text(
            f"{who}: {one.n} settled, Brier score {brier}. {one.says.en}",
            f"{who} : {one.n} tranchée{'s' if one.n > 1 else ''}, score de Brier {brier}. {one.says.fr}",
        )
        lines.append(told.in_(language))
    if not scores:
        lines = [
            Text(
                "No belief with a stated confidence has been settled yet.",
                "Aucune conviction à la confiance déclarée n'a encore été tranchée.",
            ).in_(language)
        ]
    if myth is not None:
        lines += ["", _myth(myth, currency).in_(language)]
    data: Data = {
        "scores": [
            {
                "holder": one.holder,
                "settled": one.n,
                "brier": one.brier,
                "lean": one.lean,
                "says": one.says.in_(language),
            }
            for one in scores
        ],
        "myth": None
        if myth is None
        else {
            "belief": myth.verdict.belief,
            "says": myth.verdict.says.in_(language),
            "confidence": myth.confidence,
            "probability": myth.verdict.probability,
            "money": myth.money,
            "why": myth.verdict.why.in_(language),
        },
    }
    return Answer(data=data, lines=tuple(lines))


def _myth(myth: Myth, currency: str) -> Text:
    said = f"{100 * myth.confidence:.0f}"
    money = (
        Text.same("")
        if myth.money is None
        else Text(
            f" {amount(myth.money, currency, 'en')} rest on it.",
            f" {amount(myth.money, currency, 'fr')} reposent dessus.",
        )
    )
    verdict = myth.verdict
    return Text(
        f"Myth of the month: “{verdict.says.en}”, held at {said}%. {verdict.why.en}{money.en}",
        f"Idée reçue du mois : « {verdict.says.fr} », crue à {said} %. {verdict.why.fr}{money.fr}",
    )


def _aim(aim: Aim, currency: str, language: Language) -> list[str]:
    says = aim.objective.says.in_(language)
    odds = None if aim.outlook.probability is None else chances(aim.outlook.probability)
    told = Text("cannot be said yet", "encore impossible à dire") if odds is None else odds
    money = amount(aim.money, currency, language)
    head = Text(
        f"Goal: {says}, by {aim.objective.by}: {told.en}; {money} staked on it.",
        f"Objectif : {says}, au {aim.objective.by} : {told.fr} ; {money} misés dessus.",
    )
    return [head.in_(language), f"    {aim.outlook.why.in_(language)}"]


def _bet(one: Staked, currency: str, language: Language) -> list[str]:
    money, colour = amount(one.money, currency, language), COLOURS[one.colour]
    expects = ""
    if one.bet.expects is not None:
        low, high = (amount(value, currency, language) for value in one.bet.expects)
        expects = Text(f", {low} to {high} expected", f", {low} à {high} attendus").in_(language)
    head = Text(
        f"Bet: {one.bet.says.en} ({money}, {one.hours:g} h a week{expects}): {colour.en}.",
        f"Pari : {one.bet.says.fr} ({money}, {one.hours:g} h par semaine{expects}) : {colour.fr}.",
    )
    lines = [head.in_(language)]
    lines += [f"    {_assumption(belief).in_(language)}" for belief in one.assumptions]
    if one.corrective is not None:
        told = Text(f"    → {one.corrective.en}", f"    → {one.corrective.fr}")
        lines.append(told.in_(language))
    return lines


def _assumption(one: Assumption) -> Text:
    stance = STANCES[one.stance]
    odds = "" if one.probability is None else f", {100 * one.probability:.0f}%"
    return Text(f"{one.says.en}: {stance.en}{odds}", f"{one.says.fr} : {stance.fr}{odds.replace('%', ' %')}")


def _aim_data(aim: Aim, language: Language) -> Data:
    one = aim.objective
    return {
        "id": one.id,
        "says": one.says.in_(language),
        "measure": one.measure,
        "target": one.at_least if one.at_least is not None else one.at_most,
        "by": one.by.isoformat(),
        "probability": aim.outlook.probability,
        "why": aim.outlook.why.in_(language),
        "money": aim.money,
    }


def _bet_data(one: Staked, language: Language) -> Data:
    return {
        "id": one.bet.id,
        "says": one.bet.says.in_(language),
        "goal": one.bet.goal,
        "choice": one.bet.choice,
        "owner": one.bet.owner,
        "money": one.money,
        "hours_per_week": one.hours,
        "expects": None if one.bet.expects is None else list(one.bet.expects),
        "colour": one.colour.value,
        "corrective": None if one.corrective is None else one.corrective.in_(language),
        "assumptions": [
            {
                "belief": belief.belief,
                "says": belief.says.in_(language),
                "verdict": belief.stance.value,
                "probability": belief.probability,
                "cost_if_wrong": belief.cost,
            }
            for belief in one.assumptions
        ],
    }
