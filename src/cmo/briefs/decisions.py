"""Decisions, tests worth running and challenges as answers, and the decisions asked of the board."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from cmo.briefs.answers import Answer, Data
from cmo.briefs.document import Bullets, Paragraph, Section
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.measures import Language, Text, Unit, chances
from cmo.strategy.challenge import Challenge, Severity
from cmo.strategy.decisions.decision import Alignment, Kind, Range, Reversibility, Withheld
from cmo.strategy.decisions.life import OPEN, UNDER_WAY, Standing, State
from cmo.strategy.forecast import Calibration

KINDS: Final = {
    Kind.BUDGET: Text("budget", "budget"),
    Kind.TEST: Text("test", "test"),
    Kind.CUSTOMER: Text("customers", "clients"),
    Kind.PRICE: Text("price", "prix"),
    Kind.PRODUCT: Text("product", "produit"),
    Kind.DISTRIBUTION: Text("distribution", "distribution"),
    Kind.CHANNEL: Text("new channel", "nouveau canal"),
    Kind.MESSAGE: Text("message", "message"),
    Kind.STOP: Text("stop", "arrêt"),
}
STATES: Final = {
    State.PROPOSED: Text("proposed", "proposée"),
    State.CHALLENGED: Text("challenged", "contestée"),
    State.REJECTED: Text("rejected", "rejetée"),
    State.APPROVED: Text("approved", "approuvée"),
    State.EXECUTED: Text("executed", "exécutée"),
    State.REVIEWED: Text("reviewed", "revue"),
}
ALIGNMENTS: Final = {
    Alignment.COHERENT: Text("goes with the strategy", "cohérente avec la stratégie"),
    Alignment.CORRECTIVE: Text("puts the strategy right", "corrige la stratégie"),
}
REVERSIBLE: Final = {
    Reversibility.EASY: Text("easy to undo", "facile à défaire"),
    Reversibility.COSTLY: Text("costly to undo", "coûteuse à défaire"),
    Reversibility.FINAL: Text("cannot be undone", "sans retour"),
}
SEVERITIES: Final = {
    Severity.HIGH: Text("high", "forte"),
    Severity.MEDIUM: Text("medium", "moyenne"),
    Severity.LOW: Text("low", "faible"),
}
_ASKED: Final = 3


def amount(value: float, currency: str, language: Language) -> str:
    """Money without cents."""
    return Unit(currency).write(value, language, beside=1000.0)


def roughly(total: float) -> float:
    """A sum of expectations with two figures that count: more would look surer than it is."""
    return float(f"{total:.2g}")


def spread(told: Range, currency: str, language: Language) -> str:
    """`€2,200 (-€5,500 to €14,500)`, as one says it."""
    said = told.rounded()
    mean, low, high = (amount(value, currency, language) for value in (said.mean, said.q05, said.q95))
    return f"{mean} ({low} {'to' if language == 'en' else 'à'} {high})"


def decisions_answer(
    standing: Sequence[Standing],
    withheld: Sequence[Withheld],
    *,
    calibration: Calibration,
    currency: str,
    today: date,
    language: Language,
) -> Answer:
    """All decisions, best first, with what could not be decided and why."""
    total = roughly(sum(one.packet.adds.mean for one in standing if one.state in OPEN))
    lines: list[str] = []
    for place, one in enumerate(standing, start=1):
        lines += [*_lines(one, place=place, currency=currency, today=today, language=language), ""]
    if not standing:
        lines += [
            Text("No decision is asked for now.", "Aucune décision n'est demandée pour l'instant.").in_(
                language
            )
        ]
    else:
        counted = amount(total, currency, language)
        lines += [
            Text(
                f"Together they should bring {counted}, no money counted twice.",
                f"Ensemble, elles devraient rapporter {counted}, sans rien compter deux fois.",
            ).in_(language)
        ]
    if withheld:
        lines += ["", Text("Not decided:", "Non décidé :").in_(language)]
        lines += [_undecided(one).in_(language) for one in withheld]
    data: Data = {
        "decisions": [decision_data(one, language) for one in standing],
        "expected_total": total,
        "withheld": [{"kind": one.kind.value, "why": one.why.in_(language)} for one in withheld],
        "calibration": calibration_data(calibration),
    }
    return Answer(data=data, lines=tuple(lines))


def decision_answer(one: Standing, *, currency: str, today: date, language: Language) -> Answer:
    """Everything that is remembered of one decision."""
    packet = one.packet
    lines = [*_lines(one, place=None, currency=currency, today=today, language=language)]
    lines += [
        f"    {_move(move.source, move.target, move.money, currency, language)}" for move in packet.moves
    ]
    lines += [f"    {packet.stop_rule.in_(language)}"]
    for step in one.steps:
        brought = "" if step.brought is None else f" · {amount(step.brought, currency, language)}"
        words = f" · {step.words}" if step.words else ""
        became = STATES[step.state].in_(language)
        lines.append(f"    {step.taken_at:%Y-%m-%d} {became}, {step.taken_by}{words}{brought}")
    return Answer(data=decision_data(one, language), lines=tuple(lines))


def decision_data(one: Standing, language: Language) -> Data:
    """A decision as JSON shows it."""
    return {
        "number": one.number,
        **one.packet.in_(language),
        "status": one.state.value,
        "proposed_by": one.proposed_by,
        "proposed_at": one.proposed_at.isoformat(),
        "brought": one.brought,
        "steps": [
            {
                "state": step.state.value,
                "by": step.taken_by,
                "at": step.taken_at.isoformat(),
                "words": step.words,
                "brought": step.brought,
            }
            for step in one.steps
        ],
    }


def calibration_answer(told: Calibration, *, currency: str, language: Language) -> Answer:
    """How well cmo's own forecasts, decisions and verdicts kept their promise."""
    return Answer(
        data={"calibration": calibration_data(told)},
        lines=tuple(one.in_(language) for one in calibration_sentences(told, currency=currency)),
    )


def calibration_data(told: Calibration) -> Data:
    """The calibration as JSON shows it."""
    return {
        "forecasts": told.n_forecasts,
        "forecasts_inside": told.inside,
        "decisions": told.n_decisions,
        "decisions_inside": told.decisions_inside,
        "promised": told.promised,
        "brought": told.brought,
        "verdicts": told.n_verdicts,
        "brier": told.brier,
    }


def calibration_sentences(told: Calibration, *, currency: str) -> tuple[Text, ...]:
    """One sentence for each kind of word that cmo gives."""
    if told.inside is None:
        forecasts = Text(
            "No forecast of cmo has come due yet.", "Aucune prévision de cmo n'est encore échue."
        )
    else:
        kept = round(told.inside * told.n_forecasts)
        forecasts = Text(
            f"Of {told.n_forecasts} forecasts that came due, {kept} were right (nine in ten should be).",
            f"Sur {told.n_forecasts} prévisions échues, {kept} étaient justes (neuf sur dix devraient "
            f"l'être).",
        )
    if told.decisions_inside is None:
        decisions = Text(
            "No decision has been looked back on yet.", "Aucune décision n'a encore été revue après coup."
        )
    else:
        en, fr = (
            [amount(value, currency, to) for value in (told.promised, told.brought)] for to in _LANGUAGES
        )
        decisions = Text(
            f"Decisions looked back on: {told.n_decisions}; {en[0]} was expected of them, they brought "
            f"{en[1]}.",
            f"Décisions revues : {told.n_decisions} ; on en attendait {fr[0]}, elles ont rapporté {fr[1]}.",
        )
    if told.brier is None:
        verdicts = Text(
            "No verdict has been settled by later evidence yet.",
            "Aucun verdict n'a encore été tranché par des preuves ultérieures.",
        )
    else:
        score = f"{told.brier:.2f}"
        verdicts = Text(
            f"Verdicts settled since: {told.n_verdicts}; Brier score {score} (zero is perfect, a quarter is "
            f"a "
            "coin toss).",
            f"Verdicts tranchés depuis : {told.n_verdicts} ; score de Brier {score.replace('.', ',')} (zéro "
            f"est "
            "parfait, un quart vaut pile ou face).",
        )
    return forecasts, decisions, verdicts


def trials_answer(tests: Sequence[Mapping[str, Any]], *, currency: str, language: Language) -> Answer:
    """The tests that are worth more than they cost, best first."""
    rows = [
        {**one, **{name: Text.of_mapping(one[name]).in_(language) for name in ("says", "why")}}
        for one in tests
    ]
    lines: list[str] = []
    for place, row in enumerate(rows, start=1):
        net = amount(row["net_value"], currency, language)
        head = Text(f"{place}. {row['says']} Net value {net}.", f"{place}. {row['says']} Valeur nette {net}.")
        lines += [head.in_(language), f"    {row['why']}", f"    {row['id']}", ""]
    if not rows:
        lines = [
            Text(
                "No test that could be run is worth more than it costs: none would change a decision enough.",
                "Aucun test réalisable ne vaut plus qu'il ne coûte : aucun ne changerait assez une décision.",
            ).in_(language)
        ]
    return Answer(data={"tests": rows}, lines=tuple(lines))


def challenges_answer(
    found: Sequence[Challenge], *, currency: str, today: date, language: Language
) -> Answer:
    """What waits for an answer, the most urgent first; what is overdue is told."""
    lines: list[str] = []
    for one in found:
        lines += [*_asked(one, currency=currency, today=today, language=language), ""]
    if not found:
        lines = [Text("No challenge waits for an answer.", "Aucun défi n'attend de réponse.").in_(language)]
    return Answer(
        data={"challenges": [challenge_data(one, today=today, language=language) for one in found]},
        lines=tuple(lines),
    )


def challenge_data(one: Challenge, *, today: date, language: Language) -> Data:
    """A challenge as JSON shows it."""
    return {
        "number": one.number,
        "belief": one.belief,
        "says": one.says.in_(language),
        "owner": one.owner,
        "verdict": None if one.stance is None else one.stance.value,
        "observation": one.observation.in_(language),
        "question": one.question.in_(language),
        "gap": one.gap,
        "severity": one.severity.value,
        "due_on": one.due_on.isoformat(),
        "overdue": one.overdue(today),
        "state": one.state.value,
        "answer": one.answer,
    }


def asked_of_the_board(facts: Facts, voice: Voice) -> Section | None:
    """The decisions that wait for approval, and how well earlier ones kept their promise."""
    waiting = [one for one in facts.decisions if one.state in OPEN and one.packet.adds.mean > 0]
    if not waiting:
        return None
    items = tuple(_asked_item(one, facts=facts, voice=voice) for one in waiting[:_ASKED])
    told = [
        voice.read(one) for one in calibration_sentences(facts.calibration, currency=facts.company.currency)
    ]
    return Section(
        name="decisions",
        title=voice.say("Decisions asked", "Décisions demandées"),
        blocks=(Bullets(items=items, ordered=True), Paragraph(text=" ".join(told))),
    )


def _asked_item(one: Standing, *, facts: Facts, voice: Voice) -> str:
    packet = one.packet
    return voice.say(
        "{says} Expected: {profit}; {odds} that it pays. Evidence {grade}, {meaning}; {undo}; {align}.",
        "{says} Attendu : {profit} ; {odds} que cela rapporte. Preuve {grade}, {meaning} ; {undo} ; {align}.",
        says=voice.sentence(voice.read(packet.says)),
        profit=spread(packet.expected, facts.company.currency, voice.language),
        odds=voice.read(chances(packet.expected.positive)),
        grade=packet.grade.value,
        meaning=voice.read(packet.grade.says),
        undo=voice.read(REVERSIBLE[packet.reversibility]),
        align=voice.read(ALIGNMENTS[packet.alignment]),
    )


def _lines(one: Standing, *, place: int | None, currency: str, today: date, language: Language) -> list[str]:
    packet = one.packet
    odds, grade = chances(packet.expected.positive), packet.grade
    head = f"{'' if place is None else f'{place}. '}{packet.says.in_(language)}"
    facts = [
        spread(packet.expected, currency, language),
        Text(f"it pays: {odds.en}", f"cela rapporte : {odds.fr}").in_(language),
        Text(f"evidence {grade.value}, {grade.says.en}", f"preuve {grade.value}, {grade.says.fr}").in_(
            language
        ),
        ALIGNMENTS[packet.alignment].in_(language),
        REVERSIBLE[packet.reversibility].in_(language),
    ]
    when = [
        STATES[one.state].in_(language),
        f"{packet.owner or '–'}, {packet.hours:g} h",
        Text(f"look back on {packet.review_on}", f"bilan le {packet.review_on}").in_(language),
        packet.id,
    ]
    lines = [head, f"    {' · '.join(facts)}", f"    {packet.why.in_(language)}", f"    {' · '.join(when)}"]
    if packet.instead_of is not None:
        lines.append(
            "    "
            + Text(
                f"It counts the same money as {packet.instead_of} and adds nothing to it.",
                f"Elle compte le même argent que {packet.instead_of} et n'y ajoute rien.",
            ).in_(language)
        )
    if one.state in UNDER_WAY and packet.review_on <= today:
        lines.append(
            "    "
            + Text(
                f"Its day has come: say what it brought (cmo decisions review {packet.id}).",
                f"Le jour du bilan est venu : dites ce qu'elle a rapporté (cmo decisions review "
                f"{packet.id}).",
            ).in_(language)
        )
    return lines


def _undecided(one: Withheld) -> Text:
    kind = KINDS[one.kind]
    return Text(f"  {kind.en}: {one.why.en}", f"  {kind.fr} : {one.why.fr}")


def _move(source: str | None, target: str | None, money: float, currency: str, language: Language) -> str:
    told = amount(money, currency, language)
    if source is None:
        return Text(f"{told} → {target}", f"{told} → {target}").in_(language)
    return Text(
        f"{source} → {target or 'saved'}: {told}", f"{source} → {target or 'économisé'} : {told}"
    ).in_(language)


def _asked(one: Challenge, *, currency: str, today: date, language: Language) -> list[str]:
    late = (
        Text(f"overdue since {one.due_on}", f"en retard depuis le {one.due_on}")
        if one.overdue(today)
        else Text(f"to answer by {one.due_on}", f"à répondre avant le {one.due_on}")
    )
    told = [late.in_(language), one.owner or "–"]
    if one.gap is not None:
        money, weight = amount(one.gap, currency, language), SEVERITIES[one.severity]
        told.append(
            Text(
                f"{money} depend on it, severity {weight.en}",
                f"{money} en dépendent, gravité {weight.fr}",
            ).in_(language)
        )
    return [
        f"{one.number}. {one.says.in_(language)}",
        f"    {one.observation.in_(language)}",
        f"    {one.question.in_(language)}",
        f"    {' · '.join(told)}",
    ]


_LANGUAGES: Final[tuple[Language, Language]] = ("en", "fr")
