"""Customers, one by one and by segment, as data and as the lines and table of a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.customers.segmentation.discovery import Cluster, Discovery
from cmo.customers.segmentation.segments import NAMED, Portrait, sentence
from cmo.measures import Estimate, Language, Text, Unit

Row = Mapping[str, Any]

_NO_GAP = float("nan")


def list_answer(
    rows: Sequence[Row],
    *,
    about: Row,
    of: int,
    language: Language,
    at_stake: float | None = None,
) -> Answer:
    """Customers one by one.

    Args:
        rows: Rows of the roll.
        about: What the roll says and how it was made.
        of: How many customers they were taken from.
        language: Language of the answer.
        at_stake: What all of those may be worth that have perhaps left, in currency; None where not asked.
    """
    voice, unit = Voice(language), Unit(str(about["currency"]))
    lines = [_made(about, voice=voice)]
    if at_stake is not None:
        lines.append(
            voice.say(
                "{n} customers came back before and may be leaving; {money} of expected value is at stake.",
                "{n} clients étaient revenus et sont peut-être en train de partir ; {money} de valeur "
                "attendue sont en jeu.",
                n=voice.count(of),
                money=unit.write(at_stake, language),
            )
        )
    head = Text(
        "customer|segment|last order|still there|orders|from|to|value|from|to|at stake",
        "client|segment|dernière commande|encore là|commandes|de|à|valeur|de|à|en jeu",
    )
    return Answer(
        data={**_about(about), "of": of, "at_stake": at_stake, "customers": [dict(row) for row in rows]},
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(_line(row, unit=unit, language=language) for row in rows),
    )


def _line(row: Row, *, unit: Unit, language: Language) -> tuple[str, ...]:
    share, count = Unit("share"), Unit("count")
    return (
        str(row["customer_id"]),
        NAMED[str(row["segment"])].label.in_(language),
        str(row["last_on"]),
        share.write(row["alive"], language),
        Unit("orders/customer").write(row["orders"], language),
        count.write(row["orders_low"], language),
        count.write(row["orders_high"], language),
        *(unit.write(row[name], language) for name in ("value", "value_low", "value_high", "at_stake")),
    )


def segments_answer(
    rows: Sequence[Row], *, about: Row, moves: Sequence[Estimate], language: Language
) -> Answer:
    """Segments by rule, each in a sentence, with how customers moved between them.

    Args:
        rows: One for each segment: name, customers, share, value, at_stake, usual_gap_days, silent_days,
            alive.
        about: What the roll says and how it was made.
        moves: Estimates of the measure `customers.migration`.
        language: Language of the answer.
    """
    voice, unit = Voice(language), Unit(str(about["currency"]))
    said = [_said(row, unit=unit).in_(language) for row in rows]
    shown = [{**row, "says": words} for row, words in zip(rows, said, strict=True)]
    moved = [
        {"from": before, "to": after, **summary}
        for estimate in moves
        for (before, after), summary in zip(map(_pair, estimate.subjects), estimate.summary(), strict=True)
    ]
    head = Text(
        "segment|customers|share|value|from|to|still there|at stake",
        "segment|clients|part|valeur|de|à|encore là|en jeu",
    )
    body = tuple(
        (
            NAMED[str(row["name"])].label.in_(language),
            voice.count(int(row["customers"])),
            Unit("share").write(row["share"], language),
            *(unit.write(row["value"][end], language, beside=row["value"]["mean"]) for end in _ENDS),
            Unit("share").write(row["alive"], language),
            unit.write(row["at_stake"], language),
        )
        for row in rows
    )
    return Answer(
        data={**_about(about), "segments": shown, "migration": moved},
        lines=(_made(about, voice=voice), *said, *_moves(moves, voice=voice)),
        head=tuple(head.in_(language).split("|")),
        body=body,
    )


_ENDS = ("mean", "q05", "q95")


def _said(row: Row, *, unit: Unit) -> Text:
    gap = row["usual_gap_days"]
    of = Portrait(
        customers=float(row["customers"]),
        usual_gap=_NO_GAP if gap is None else float(gap),
        silence=float(row["silent_days"]),
        alive=float(row["alive"]),
    )
    worth = float(row["value"]["mean"])
    return sentence(NAMED[str(row["name"])], of, worth=Text(unit.write(worth, "en"), unit.write(worth, "fr")))


def _pair(subject: str) -> tuple[str, str]:
    before, _, after = subject.partition(" → ")
    return before, after


def _moves(moves: Sequence[Estimate], *, voice: Voice) -> list[str]:
    """The largest moves out of the best segments, in a sentence each."""
    lines = []
    for estimate in moves:
        kept = {_pair(subject): estimate.figure(subject) for subject in estimate.subjects}
        for before in ("champions", "regulars"):
            stayed = kept.get((before, before))
            lost = kept.get((before, "lost"))
            if stayed is None or lost is None:
                continue
            lines.append(
                voice.say(
                    "Of the {before} of a year ago, {stayed} are so still and {lost} are most likely gone.",
                    "Parmi les « {before} » d'il y a un an, {stayed} le sont encore et {lost} sont très "
                    "probablement partis.",
                    before=voice.read(NAMED[before].label),
                    stayed=voice.value(stayed),
                    lost=voice.value(lost),
                )
            )
    return lines


def groups_answer(found: Discovery, *, about: Row, language: Language) -> Answer:
    """Discovered segments, with how stable each is.

    Args:
        found: What clustering found.
        about: What the roll says and how it was made.
        language: Language of the answer.
    """
    voice, unit = Voice(language), Unit(str(about["currency"]))
    steady = voice.say(
        "{n} groups were discovered; on resampled customers they agree with themselves at {rand} (adjusted "
        "Rand index, where one is perfect and nil is chance).",
        "{n} groupes ont été découverts ; sur des clients rééchantillonnés, leur accord est de {rand} "
        "(indice "
        "de Rand ajusté : un est parfait, zéro est le hasard).",
        n=voice.count(len(found.clusters)),
        rand=Unit("score").write(found.adjusted_rand, language),
    )
    if not found.steady:
        steady += " " + voice.say(
            "That is too little to build on: use the segments by rule.",
            "C'est trop peu pour s'y fier : préférez les segments par règle.",
        )
    groups = [
        {
            "name": f"group-{at}",
            "says": _described(cluster, unit=unit).in_(language),
            "customers": {
                "mean": cluster.customers,
                "q05": cluster.customers_low,
                "q95": cluster.customers_high,
            },
            "value": {"mean": cluster.value, "q05": cluster.value_low, "q95": cluster.value_high},
            "jaccard": cluster.jaccard,
            "stable": cluster.stable,
            **cluster.medians,
        }
        for at, cluster in enumerate(found.clusters, start=1)
    ]
    head = Text(
        "group|customers|from|to|value|from|to|stability",
        "groupe|clients|de|à|valeur|de|à|stabilité",
    )
    body = tuple(
        (
            f"group-{at}",
            *(
                voice.count(round(n))
                for n in (cluster.customers, cluster.customers_low, cluster.customers_high)
            ),
            *(unit.write(n, language) for n in (cluster.value, cluster.value_low, cluster.value_high)),
            Unit("score").write(cluster.jaccard, language),
        )
        for at, cluster in enumerate(found.clusters, start=1)
    )
    return Answer(
        data={
            **_about(about),
            "adjusted_rand": found.adjusted_rand,
            "steady": found.steady,
            "tried": {str(n): agreement for n, agreement in found.tried.items()},
            "groups": groups,
        },
        lines=(steady, *(f"{one['name']}: {one['says']}" for one in groups)),
        head=tuple(head.in_(language).split("|")),
        body=body,
    )


def _described(cluster: Cluster, *, unit: Unit) -> Text:
    """A group as a person would describe it, by the medians of its traits."""
    often, silent = cluster.medians["occasions"], cluster.medians["silent_days"]
    amount, known = cluster.medians["amount"], cluster.medians["known_days"]
    texts = []
    for language in ("en", "fr"):
        voice = Voice(language)
        facts = {
            "n": voice.count(round(often)),
            "silent": voice.count(round(silent)),
            "amount": unit.write(amount, language),
            "known": voice.count(round(known)),
            "kept": voice.count(cluster.customers),
            "worth": unit.write(cluster.value, language),
        }
        times = (
            voice.say("bought once", "un seul achat")
            if round(often) == 1
            else voice.say("bought {n} times", "{n} achats", **facts)
        )
        texts.append(
            voice.say(
                "{kept} customers worth {worth}: {times}, {amount} an order, last {silent} days ago, known "
                "for "
                "{known} days (medians).",
                "{kept} clients valant {worth} : {times}, {amount} par commande, le dernier il y a {silent} "
                "jours, connus depuis {known} jours (médianes).",
                times=times,
                **facts,
            )
        )
    return Text(texts[0], texts[1])


def _about(about: Row) -> dict[str, object]:
    return {name: value for name, value in about.items() if name != "of"}


def _made(about: Row, *, voice: Voice) -> str:
    share = Unit("share")
    time = (
        voice.say("business time", "temps saisonnier")
        if about.get("seasonal")
        else voice.say("calendar time", "temps calendaire")
    )
    return voice.say(
        "As of {day}; orders and value over the next {days} days, discounted at {rate} a year, in nine "
        "chances out of ten between both ends ({model}, {time}).",
        "Au {day} ; commandes et valeur des {days} prochains jours, actualisées à {rate} par an, neuf "
        "chances "
        "sur dix entre les deux bornes ({model}, {time}).",
        day=str(about["as_of"]),
        days=voice.count(int(about["horizon_days"])),
        rate=share.write(float(about["annual_rate"]), voice.language),
        model=str(about["model"]),
        time=time,
    )
