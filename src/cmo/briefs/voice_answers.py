"""What customers say, as data and as the lines and tables of a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.measures import Language, Text, Unit
from cmo.value.aspects import LABELS
from cmo.value.backlog import NEXT, Stage

Told = Mapping[str, Any]


def named(aspect: str, voice: Voice) -> str:
    """An aspect's name for people."""
    return voice.read(LABELS[aspect]) if aspect in LABELS else aspect


def segment_name(name: str, voice: Voice) -> str:
    """A segment's name for people."""
    return next((voice.read(one.label) for one in SEGMENTS if one.name == name), name)


def span(points: Sequence[float] | None, voice: Voice, *, unit: Unit | None = None) -> str:
    """`42% (38% to 46%)`; a dash where nothing is known."""
    if points is None:
        return "–"
    low, middle, high = (
        voice.percent(one) if unit is None else unit.write(one, voice.language) for one in points
    )
    return voice.say(
        "{middle} ({low} to {high})", "{middle} ({low} à {high})", middle=middle, low=low, high=high
    )


def heard_answer(told: Told, language: Language) -> Answer:
    """Aspects with how content people are, what rises, and how recommendation moves."""
    voice = Voice(language)
    lines = [
        voice.say(
            "{n} opinions in words, to {day}.",
            "{n} avis rédigés, jusqu'au {day}.",
            n=voice.count(told["opinions"]),
            day=str(told["as_of"]),
        ),
        *(rising_line(one, voice) for one in told["rising"]),
    ]
    if not told["rising"]:
        lines.append(
            voice.say(
                "No complaint stands out in the last weeks (a false alarm a year at most).",
                "Aucune plainte ne ressort ces dernières semaines (au plus une fausse alerte par an).",
            )
        )
    if told["drift"] is not None:
        lines.append(drift_line(told["drift"], voice))
    head = Text(
        "aspect|spoken of|content|moves the mark by|mark lost",
        "aspect|en parlent|satisfaits|pèse sur la note|note perdue",
    ).in_(language)
    body = tuple(
        (
            named(one["aspect"], voice),
            *(span(one[name], voice) for name in ("spoken", "content", "bearing", "mark_lost")),
        )
        for one in told["aspects"]
    )
    kept = ("as_of", "since", "opinions", "learned_from_marks", "aspects", "rising", "drift")
    return Answer(
        data={name: told[name] for name in kept} | {"false_alarms_a_year": told["false_alarms_a_year"]},
        lines=tuple(lines),
        head=tuple(head.split("|")),
        body=body,
    )


def rising_line(one: Told, voice: Voice) -> str:
    """A complaint that rises, in a sentence."""
    low, middle, high = (f"{number:.1f}" for number in one["times"])
    return voice.say(
        "Rising: complaints of {aspect}, {count} in {weeks} weeks where {expected} were to be expected "
        "({middle} times as many, {low} to {high}). {quote}",
        "En hausse : les plaintes sur l'aspect « {aspect} », {count} en {weeks} semaines où {expected} "
        "étaient attendues ({middle} fois plus, {low} à {high}). {quote}",
        aspect=named(one["complaint"], voice),
        count=voice.count(one["count"]),
        weeks=voice.count(one["weeks"]),
        expected=voice.count(round(one["expected"])),
        low=low,
        middle=middle,
        high=high,
        quote=quoted(one["quotes"][0], voice) if one["quotes"] else "",
    )


def drift_line(drift: Told, voice: Voice) -> str:
    """How recommendation moved over the last quarter, in a sentence."""
    points = Unit("points")
    return voice.say(
        "Net promoter score of the last quarter against the one before: {change}; chance that it fell: "
        "{chance}.",
        "Net promoter score du dernier trimestre contre le précédent : {change} ; probabilité d'une baisse : "
        "{chance}.",
        change=span(drift["change"], voice, unit=points),
        chance=voice.found(drift["falling"]),
    )


def quoted(words: str, voice: Voice) -> str:
    """Words that a customer wrote, as they stand, between quotation marks."""
    narrow = "\N{NARROW NO-BREAK SPACE}"
    return f"“{words}”" if voice.language == "en" else f"«{narrow}{words}{narrow}»"


def topics_answer(told: Told, language: Language) -> Answer:
    """The topics of the opinions with the quotes that prove them."""
    voice = Voice(language)
    head = Text(
        "topic|language|opinions|share|found again|quote",
        "sujet|langue|avis|part|retrouvé|citation",
    ).in_(language)
    body = tuple(
        (
            one["name"],
            one["language"],
            voice.count(one["n_opinions"]),
            span(one["share"], voice),
            voice.percent(one["stability"]),
            quoted(one["quotes"][0], voice) if one["quotes"] else "",
        )
        for one in told["topics"]
    )
    none = (
        ()
        if body
        else (
            voice.say(
                "No topic is found again in other samples.",
                "Aucun sujet ne se retrouve dans d'autres échantillons.",
            ),
        )
    )
    return Answer(data={"topics": told["topics"]}, lines=none, head=tuple(head.split("|")), body=body)


def promise_answer(told: Told, language: Language) -> Answer:
    """What is promised against what is said."""
    voice = Voice(language)
    lines = []
    for one in told["promise"]:
        words = Text(one["promise"]["en"], one["promise"]["fr"])
        lines.append(
            voice.say(
                "{promise}: {spoken} of the opinions speak of it; content: {content}.",
                "{promise} : {spoken} des avis en parlent ; satisfaits : {content}.",
                promise=voice.quote(words),
                spoken=span(one["spoken"], voice),
                content=span(one["content"], voice),
            )
        )
        lines += [f"    + {quoted(words, voice)}" for words in one["bears_out"]]
        lines += [f"    − {quoted(words, voice)}" for words in one["denies"]]
    if not lines:
        lines = [
            voice.say(
                "strategy.yaml makes no promise (positioning: who, we_are, that).",
                "strategy.yaml ne fait aucune promesse (positioning : who, we_are, that).",
            )
        ]
    return Answer(data={"promise": told["promise"]}, lines=tuple(lines))


def found_answer(rows: Sequence[Told], *, of: int, language: Language) -> Answer:
    """Clauses that were searched for, word for word."""
    voice = Voice(language)
    line = voice.say(
        "{n} of {of} shown.", "{n} montrées sur {of}.", n=voice.count(len(rows)), of=voice.count(of)
    )
    mood = {True: voice.say("content", "satisfait"), False: voice.say("discontent", "mécontent")}
    head = Text("day|aspect||quote", "jour|aspect||citation").in_(language)
    return Answer(
        data={"found": of, "quotes": list(rows)},
        lines=(line,),
        head=tuple(head.split("|")),
        body=tuple(
            (one["day"], named(one["aspect"], voice), mood[one["content"]], quoted(one["text"], voice))
            for one in rows
        ),
    )


def problems_answer(problems: Sequence[Told], *, currency: str, language: Language) -> Answer:
    """Customers' problems, those with most at stake first, with where they stand."""
    voice, unit = Voice(language), Unit(currency)
    head = Text(
        "problem|state|opinions that complain|costs of the mark|value at stake|most concerned|quote",
        "problème|état|avis qui s'en plaignent|coûte de la note|valeur en jeu|les plus touchés|citation",
    ).in_(language)
    body = tuple(
        (
            named(one["id"], voice),
            stage_name(one, voice),
            span(one["frequency"], voice),
            span(one["bearing"], voice),
            span(one["stake"]["money"] if one["stake"] else None, voice, unit=unit),
            segment_name(one["segments"][0][0], voice) if one["segments"] else "–",
            quoted(one["quotes"][0], voice) if one["quotes"] else "",
        )
        for one in problems
    )
    return Answer(
        data={"problems": list(problems)},
        lines=(graded(voice),),
        head=tuple(head.split("|")),
        body=body,
    )


def graded(voice: Voice) -> str:
    """What the money at stake is worth as evidence."""
    return voice.say(
        "Value at stake: what customers with the problem are expected to bring less than the others, for all "
        "who have it. A comparison, grade D: who complains may differ otherwise, and ending the problem may "
        "bring less.",
        "Valeur en jeu : ce que les clients concernés devraient rapporter de moins que les autres, pour tous "
        "ceux qui ont le problème. Une comparaison, preuve D : qui se plaint peut différer par ailleurs, et "
        "mettre fin au problème peut rapporter moins.",
    )


def stage_name(one: Told, voice: Voice) -> str:
    """Where a problem stands, for people."""
    return voice.say("new", "nouveau") if one["state"] is None else voice.read(Stage(one["state"]).says)


def problem_answer(one: Told, *, currency: str, language: Language) -> Answer:
    """Everything that is known of one problem, and its life."""
    voice, unit = Voice(language), Unit(currency)
    lines = [
        f"{named(one['id'], voice)} – {stage_name(one, voice)}",
        voice.say(
            "{n} opinions complain of it: {share} of all.",
            "{n} avis s'en plaignent : {share} de tous.",
            n=voice.count(one["n_opinions"]),
            share=span(one["frequency"], voice),
        ),
        voice.say(
            "It costs {bearing} of the best mark.",
            "Il coûte {bearing} de la meilleure note.",
            bearing=span(one["bearing"], voice),
        ),
    ]
    if one["stake"]:
        lines += [
            voice.say(
                "Value at stake: {money}, from {n} customers with it and {m} without.",
                "Valeur en jeu : {money}, d'après {n} clients qui l'ont et {m} qui ne l'ont pas.",
                money=span(one["stake"]["money"], voice, unit=unit),
                n=voice.count(one["stake"]["n_with"]),
                m=voice.count(one["stake"]["n_without"]),
            ),
            graded(voice),
        ]
    lines += [
        voice.say(
            "People would pay {worth} for {level}.",
            "On paierait {worth} pour {level}.",
            worth=span(worth, voice, unit=unit),
            level=level,
        )
        for level, worth in one["willing_to_pay"]
    ]
    lines += [
        voice.say(
            "{share} of {n} {segment} who wrote complain of it.",
            "{share} de {n} {segment} qui ont écrit s'en plaignent.",
            share=voice.percent(share),
            n=voice.count(n),
            segment=segment_name(name, voice),
        )
        for name, share, n in one["segments"]
    ]
    lines += [quoted(words, voice) for words in one["quotes"]]
    lines += [
        f"{step['at'][:10]} {voice.read(Stage(step['state']).says)} – {step['by']} {step['words']}".rstrip()
        for step in one["steps"]
    ]
    if one["effect"]:
        lines.append(effect_line(one["effect"], voice))
    now = None if one["state"] is None else Stage(one["state"])
    after = ", ".join(stage.value for stage in NEXT[now])
    lines.append(voice.say("Next: {after}.", "Ensuite : {after}.", after=after))
    return Answer(data=dict(one), lines=tuple(lines))


def effect_line(effect: Told, voice: Voice) -> str:
    """Complaints since a problem was shipped against those before, in a sentence."""
    low, middle, high = (f"{number:.2f}" for number in effect["times"])
    return voice.say(
        "Since it was shipped it is complained of {middle} times as often as before ({low} to {high}), over "
        "{weeks} weeks; a comparison in time, grade D.",
        "Depuis la livraison, on s'en plaint {middle} fois aussi souvent qu'avant ({low} à {high}), sur "
        "{weeks} semaines ; une comparaison dans le temps, preuve D.",
        low=low,
        middle=middle,
        high=high,
        weeks=voice.count(effect["weeks"]),
    )
