"""Beliefs in a brief: which fell, which hold, which are open, and what to do about them."""

from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.charts.verdicts import Mark, verdict_chart
from cmo.briefs.document import (
    Block,
    Bullets,
    Chart,
    Column,
    Finding,
    Findings,
    Illustration,
    Paragraph,
    Section,
    Table,
    Tone,
)
from cmo.briefs.facts import Facts, surprise
from cmo.briefs.voice import Voice
from cmo.briefs.wording import BADGE, BELIEF, BELIEFS, TONE, label_of, tables_of
from cmo.measures import Text
from cmo.strategy.verdict import REFUTED_UP_TO, SUPPORTED_FROM, Stance, Verdict

MOST_DRAWN = 20
"""Beliefs in one chart, so that it fits a page; the others stand in the table and in the lists."""
_WORTH_SAYING = 0.1
_ORDER = (Stance.REFUTED, Stance.OPEN, Stance.SUPPORTED)


def counts(facts: Facts, voice: Voice) -> str:
    """How many beliefs hold, fell, are open, cannot be measured: one sentence."""
    if not facts.verdicts:
        return voice.say(
            "The strategy names no belief yet, so there is nothing to confront with the field.",
            "La stratégie n’énonce encore aucune conviction : il n’y a rien à confronter au terrain.",
        )
    n = {stance: len(facts.standing(stance)) for stance in Stance}
    parts = [
        _part(n[Stance.SUPPORTED], voice=voice, one=_HOLDS[0], many=_HOLDS[1]),
        _part(n[Stance.REFUTED], voice=voice, one=_FALLS[0], many=_FALLS[1]),
        _part(n[Stance.OPEN], voice=voice, one=_OPENS[0], many=_OPENS[1]),
        _part(n[Stance.UNMEASURABLE], voice=voice, one=_LACKS[0], many=_LACKS[1]),
    ]
    total = len(facts.verdicts)
    beliefs = voice.choose(total, BELIEF, BELIEFS)
    told = voice.listing([part for part in parts if part])
    return voice.say(
        "The strategy rests on {total} {beliefs}: {told}.",
        "La stratégie repose sur {total} {beliefs} : {told}.",
        total=voice.count(total),
        beliefs=beliefs,
        told=told,
    )


_HOLDS = (
    Text("{n} is borne out by the field", "{n} est confirmée par le terrain"),
    Text("{n} are borne out by the field", "{n} sont confirmées par le terrain"),
)
_FALLS = (Text("{n} is contradicted", "{n} est démentie"), Text("{n} are contradicted", "{n} sont démenties"))
_OPENS = (Text("{n} is still open", "{n} reste ouverte"), Text("{n} are still open", "{n} restent ouvertes"))
_LACKS = (
    Text("{n} cannot be measured yet", "{n} ne peut pas encore être mesurée"),
    Text("{n} cannot be measured yet", "{n} ne peuvent pas encore être mesurées"),
)


def _part(n: int, *, voice: Voice, one: Text, many: Text) -> str:
    return voice.choose(n, one, many).format(n=voice.count(n)) if n else ""


def worst(facts: Facts, voice: Voice) -> str:
    """The fallen belief that matters most, in a sentence; empty when none fell."""
    fallen = facts.standing(Stance.REFUTED)
    if not fallen:
        return ""
    return voice.say(
        "The one to answer first: {belief}. {account}",
        "La première à reprendre : {belief}. {account}",
        belief=voice.quote(fallen[0].says),
        account=account(fallen[0], facts=facts, voice=voice),
    )


def account(verdict: Verdict, *, facts: Facts, voice: Voice) -> str:
    """What its holder said against what the field says, in a sentence; empty when it cannot be measured."""
    if verdict.probability is None:
        return ""
    told = {"chances": voice.chances(verdict.probability), "found": voice.found(verdict.probability)}
    if verdict.stated is None:
        return voice.say(
            "The field gives it {chances} ({found}).", "Le terrain lui donne {chances} ({found}).", **told
        )
    told["stated"] = voice.percent(verdict.stated)
    holder = facts.holder(verdict)
    if holder is None:
        return voice.say(
            "It was held with {stated} confidence; the field gives it {chances} ({found}).",
            "On y croyait à {stated} ; le terrain lui donne {chances} ({found}).",
            **told,
        )
    return voice.say(
        "{owner} held it with {stated} confidence; the field gives it {chances} ({found}).",
        "{owner} y croyait à {stated} ; le terrain lui donne {chances} ({found}).",
        owner=holder,
        **told,
    )


def verdicts_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """All beliefs that can be measured in one chart; none when there are none."""
    measured = [one for stance in _ORDER for one in facts.standing(stance)]
    marks = [
        Mark(
            label=voice.read(one.says), tone=TONE[one.stance], stated=one.stated, probability=one.probability
        )
        for one in measured[:MOST_DRAWN]
        if one.probability is not None
    ]
    if not marks:
        return None
    thresholds = (REFUTED_UP_TO, SUPPORTED_FROM)
    wide, narrow = (
        verdict_chart(marks, voice=voice, width=width, thresholds=thresholds) for width in (WIDE, NARROW)
    )
    return Illustration(
        name="verdicts",
        sentence=_explained(len(measured), voice=voice),
        description=voice.say(
            "Chart of {n} beliefs on a scale from impossible to certain: a ring for the confidence stated "
            "by the holder, a filled sign for the probability found, joined by a line.",
            "Graphique de {n} convictions sur une échelle allant d’impossible à certain : un anneau pour "
            "la confiance déclarée par le porteur, un signe plein pour la probabilité trouvée, reliés par "
            "un trait.",
            n=voice.count(len(marks)),
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=_table(measured, facts=facts, voice=voice),
    )


def _explained(n_measured: int, *, voice: Voice) -> str:
    """How to read the chart, and what it leaves to the table."""
    told = voice.say(
        "Each line is a belief: the ring shows how sure its holder was before seeing the data, the filled "
        "sign how likely the field makes it. A long line between the two is a preconceived idea.",
        "Chaque ligne est une conviction : l’anneau montre à quel point son porteur y croyait avant de voir "
        "les données, le signe plein la probabilité que lui donne le terrain. Un long trait entre les deux "
        "trahit une idée reçue.",
    )
    if n_measured <= MOST_DRAWN:
        return told
    cut = voice.say(
        "The chart shows the first {n} of {total}; the others stand in the table.",
        "Le graphique montre les {n} premières sur {total} ; les autres figurent dans le tableau.",
        n=voice.count(MOST_DRAWN),
        total=voice.count(n_measured),
    )
    return f"{told} {cut}"


def _table(verdicts: list[Verdict], *, facts: Facts, voice: Voice) -> Table:
    return Table(
        caption=voice.say("Beliefs and verdicts", "Convictions et verdicts"),
        columns=(
            Column(label=voice.say("Belief", "Conviction")),
            Column(label=voice.say("Held by", "Porteur")),
            Column(label=voice.say("Stated", "Déclarée"), numeric=True),
            Column(label=voice.say("Found", "Trouvée"), numeric=True),
            Column(label=voice.say("Verdict", "Verdict")),
        ),
        rows=tuple(
            (
                voice.read(one.says),
                facts.holder(one) or "–",
                "–" if one.stated is None else voice.percent(one.stated),
                "–" if one.probability is None else voice.found(one.probability),
                voice.read(BADGE[one.stance]),
            )
            for one in verdicts
        ),
    )


def fell(facts: Facts, voice: Voice) -> Section | None:
    """The beliefs that the field contradicts."""
    title = voice.say("Beliefs that fell", "Les convictions tombées")
    return _section("fell", title, facts, stance=Stance.REFUTED, voice=voice)


def holds(facts: Facts, voice: Voice) -> Section | None:
    """The beliefs that the field bears out."""
    title = voice.say("Beliefs that hold", "Les convictions qui tiennent")
    return _section("holds", title, facts, stance=Stance.SUPPORTED, voice=voice)


def still_open(facts: Facts, voice: Voice) -> Section | None:
    """The beliefs that the data do not settle."""
    title = voice.say("Beliefs still open", "Les convictions encore ouvertes")
    return _section("open", title, facts, stance=Stance.OPEN, voice=voice)


def unmeasurable(facts: Facts, voice: Voice) -> Section | None:
    """The beliefs that cannot be confronted yet, and what would unlock them."""
    title = voice.say("Beliefs that cannot be measured yet", "Les convictions pas encore mesurables")
    return _section("unmeasurable", title, facts, stance=Stance.UNMEASURABLE, voice=voice)


def _section(name: str, title: str, facts: Facts, *, stance: Stance, voice: Voice) -> Section | None:
    found = facts.standing(stance)
    if not found:
        return None
    findings = Findings(items=tuple(_finding(one, facts=facts, voice=voice) for one in found))
    return Section(name=name, title=title, blocks=(findings,))


def _finding(verdict: Verdict, *, facts: Facts, voice: Voice) -> Finding:
    body = [
        account(verdict, facts=facts, voice=voice),
        _distance(verdict, voice=voice),
        _money(verdict, facts=facts, voice=voice),
        voice.sentence(voice.read(verdict.why)),
        unlocking(verdict, facts=facts, voice=voice),
        _before(verdict, facts=facts, voice=voice),
    ]
    return Finding(
        head=voice.read(verdict.says),
        badge=voice.read(BADGE[verdict.stance]),
        tone=TONE[verdict.stance],
        body=tuple(sentence for sentence in body if sentence),
        source=_source(verdict, voice=voice),
    )


def _distance(verdict: Verdict, *, voice: Voice) -> str:
    gap = surprise(verdict)
    if gap is None or abs(gap) < _WORTH_SAYING:
        return ""
    if gap > 0:
        return voice.say(
            "That is {points} less than was stated.",
            "C’est {points} de moins que la confiance déclarée.",
            points=voice.points(gap),
        )
    return voice.say(
        "That is {points} more than was stated.",
        "C’est {points} de plus que la confiance déclarée.",
        points=voice.points(gap),
    )


def _money(verdict: Verdict, *, facts: Facts, voice: Voice) -> str:
    stake = facts.stakes.get(verdict.belief)
    if stake is None:
        return ""
    return voice.say("The plan puts {money} on it.", "Le plan y engage {money}.", money=voice.figure(stake))


def unlocking(verdict: Verdict, *, facts: Facts, voice: Voice) -> str:
    """Which tables would let a belief be confronted; empty where none would or the reason names them."""
    tables = keys(verdict, facts=facts)
    if not tables or any(table in voice.read(verdict.why) for table in tables):
        return ""
    return voice.say(
        "To confront it, bring in: {tables}.",
        "Pour la confronter, il faudrait apporter : {tables}.",
        tables=tables_of(tables, voice=voice),
    )


def keys(verdict: Verdict, *, facts: Facts) -> tuple[str, ...]:
    """The tables that would unlock a belief."""
    if verdict.stance is not Stance.UNMEASURABLE:
        return ()
    found = (gap.unlock for gap in facts.unanswered if gap.measure == verdict.measure)
    return next(found, ())


def _before(verdict: Verdict, *, facts: Facts, voice: Voice) -> str:
    before = facts.before.get(verdict.belief)
    if before is None or before.stance is verdict.stance:
        return ""
    return voice.say(
        "At the previous review: {stood}.",
        "À la revue précédente : {stood}.",
        stood=_stood(before.stance, before.probability, voice=voice),
    )


def _source(verdict: Verdict, *, voice: Voice) -> str:
    parts = [] if verdict.measure is None else [label_of(verdict.measure, voice=voice)]
    if verdict.grade is not None:
        parts.append(
            voice.say(
                "evidence {grade}, {meaning}",
                "preuve {grade}, {meaning}",
                grade=verdict.grade.value,
                meaning=voice.read(verdict.grade.says),
            )
        )
    if verdict.as_of is not None:
        parts.append(voice.say("data to {day}", "données au {day}", day=voice.day(verdict.as_of)))
    return " · ".join(parts)


def changes(facts: Facts, voice: Voice) -> Section:
    """What changed since the review before."""
    title = voice.say("What changed since last time", "Ce qui a changé depuis la dernière fois")
    blocks: list[Block] = []
    if facts.previous_on is None:
        words = voice.say(
            "This is the first review: the next one will have something to be compared with.",
            "C’est la première revue : la prochaine aura de quoi être comparée.",
        )
        blocks.append(Paragraph(text=words, tone=Tone.NOTE))
    else:
        moved = facts.moved()
        words = (
            voice.say(
                "Since the review of {day}:", "Depuis la revue du {day} :", day=voice.day(facts.previous_on)
            )
            if moved
            else voice.say(
                "No belief has changed sides since the review of {day}.",
                "Aucune conviction n’a changé de camp depuis la revue du {day}.",
                day=voice.day(facts.previous_on),
            )
        )
        blocks.append(Paragraph(text=words))
        if moved:
            blocks.append(Bullets(items=tuple(_move(one, facts=facts, voice=voice) for one in moved)))
    if facts.news:
        blocks.append(Bullets(items=tuple(voice.sentence(voice.read(news)) for news in facts.news)))
    return Section(name="changes", title=title, blocks=tuple(blocks))


def _move(verdict: Verdict, *, facts: Facts, voice: Voice) -> str:
    before = facts.before[verdict.belief]
    names = {
        "belief": voice.quote(verdict.says),
        "before": _stood(before.stance, before.probability, voice=voice),
        "now": _stood(verdict.stance, verdict.probability, voice=voice),
    }
    return voice.say(
        "{belief}: {before} then, {now} now.", "{belief} : {before} alors, {now} aujourd’hui.", **names
    )


def _stood(stance: Stance, probability: float | None, *, voice: Voice) -> str:
    badge = voice.read(BADGE[stance])
    return badge if probability is None else f"{badge} ({voice.found(probability)})"
