"""What to do: the questions that the review leaves with its reader, most urgent first."""

from cmo.briefs.beliefs import keys
from cmo.briefs.document import Bullets, Paragraph, Section
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.briefs.wording import table_of
from cmo.strategy.verdict import Stance, Verdict

_MOST_EACH = 4
_AT_RISK = 0.5


def to_decide(facts: Facts, voice: Voice) -> Section:
    """For who answers for the strategy: what to answer, to revisit, to settle, to bring in."""
    return _section(
        [
            *_answers(facts, voice),
            *_goals(facts, voice),
            *_settle(facts, voice),
            *_bring(facts, voice),
        ],
        voice=voice,
    )


def to_say(facts: Facts, voice: Voice) -> Section:
    """For who sells: the arguments that the field bears out, and those it does not."""
    say = [
        voice.say(
            "You can say so: {belief}. The field gives it {chances} ({found}).",
            "Argument solide : {belief}. Le terrain lui donne {chances} ({found}).",
            belief=voice.quote(one.says),
            **_odds(one, voice=voice),
        )
        for one in facts.standing(Stance.SUPPORTED)[:_MOST_EACH]
    ]
    drop = [
        voice.say(
            "Stop saying so: {belief}. The field gives it {chances} ({found}).",
            "Argument à abandonner : {belief}. Le terrain lui donne {chances} ({found}).",
            belief=voice.quote(one.says),
            **_odds(one, voice=voice),
        )
        for one in facts.standing(Stance.REFUTED)[:_MOST_EACH]
    ]
    return _section([*say, *drop], voice=voice)


def to_find_out(facts: Facts, voice: Voice) -> Section:
    """For who builds: what to settle, and which data would let more be known."""
    return _section(
        [
            *_settle(facts, voice),
            *_bring(facts, voice),
            *_answers(facts, voice),
        ],
        voice=voice,
    )


def to_learn(facts: Facts, voice: Voice) -> Section:
    """For the team: who has to answer for what, what to test, which data to bring."""
    return _section(
        [
            *_answers(facts, voice),
            *_settle(facts, voice),
            *_bring(facts, voice),
        ],
        voice=voice,
    )


def _section(items: list[str], *, voice: Voice) -> Section:
    title = voice.say("What to do", "Que faire")
    if not items:
        nothing = voice.say("Nothing calls for an answer today.", "Rien n’appelle de réponse aujourd’hui.")
        return Section(name="advice", title=title, blocks=(Paragraph(text=nothing),))
    return Section(name="advice", title=title, blocks=(Bullets(items=tuple(items), ordered=True),))


def _odds(verdict: Verdict, *, voice: Voice) -> dict[str, str]:
    probability = verdict.probability or 0.0
    return {"chances": voice.chances(probability), "found": voice.found(probability)}


def _answers(facts: Facts, voice: Voice) -> list[str]:
    found = []
    for one in facts.standing(Stance.REFUTED)[:_MOST_EACH]:
        belief = voice.quote(one.says)
        holder = facts.holder(one)
        if holder is None:
            asked = voice.say(
                "Name who answers for {belief}: accept what the field says, reject it with a reason, or "
                "test it.",
                "Désigner qui répond de {belief} : accepter ce que dit le terrain, le contester avec une "
                "raison, ou tester.",
                belief=belief,
            )
        else:
            asked = voice.say(
                "Ask {owner} to answer for {belief}: accept what the field says, reject it with a reason, "
                "or test it.",
                "Demander à {owner} de répondre de {belief} : accepter ce que dit le terrain, le "
                "contester avec une raison, ou tester.",
                owner=holder,
                belief=belief,
            )
        stake = facts.stakes.get(one.belief)
        if stake is not None:
            asked += " " + voice.say(
                "{money} of the plan depend on the answer.",
                "{money} du plan dépendent de la réponse.",
                money=voice.value(stake),
            )
        found.append(asked)
    return found


def _goals(facts: Facts, voice: Voice) -> list[str]:
    risky = [goal for goal in facts.goals if goal.probability is not None and goal.probability < _AT_RISK]
    return [
        voice.say(
            "Revisit the objective {goal}: it has {chances} ({found}) of being reached by {day}.",
            "Revoir l’objectif {goal} : il a {chances} ({found}) d’être atteint au {day}.",
            goal=voice.quote(goal.says),
            chances=voice.chances(goal.probability or 0.0),
            found=voice.found(goal.probability or 0.0),
            day=voice.day(goal.by),
        )
        for goal in risky
    ]


def _settle(facts: Facts, voice: Voice) -> list[str]:
    return [
        voice.say(
            "Settle {belief}: it has {chances} ({found}) of being true; it takes a test or more data to "
            "know.",
            "Trancher {belief} : elle a {chances} ({found}) d’être vraie ; il faut un test ou davantage "
            "de données pour savoir.",
            belief=voice.quote(one.says),
            **_odds(one, voice=voice),
        )
        for one in facts.standing(Stance.OPEN)[:_MOST_EACH]
    ]


def _bring(facts: Facts, voice: Voice) -> list[str]:
    """The tables that would unlock beliefs, those that unlock most first."""
    unlocked: dict[str, int] = {}
    for one in facts.standing(Stance.UNMEASURABLE):
        for table in keys(one, facts=facts):
            unlocked[table] = unlocked.get(table, 0) + 1
    ranked = sorted(unlocked.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_EACH]
    return [_bring_one(table, n, voice=voice) for table, n in ranked]


def _bring_one(table: str, n: int, *, voice: Voice) -> str:
    name = table_of(table, voice=voice)
    if n == 1:
        return voice.say(
            "Bring in the table {table}: one more belief could then be confronted.",
            "Apporter la table {table} : une conviction de plus pourrait alors être confrontée.",
            table=name,
        )
    return voice.say(
        "Bring in the table {table}: {n} more beliefs could then be confronted.",
        "Apporter la table {table} : {n} convictions de plus pourraient alors être confrontées.",
        table=name,
        n=voice.count(n),
    )
