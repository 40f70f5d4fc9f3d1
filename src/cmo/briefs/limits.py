"""Data quality, what could not be said, and the method appendix."""

from cmo.briefs.document import Block, Bullets, Column, Paragraph, Section, Table
from cmo.briefs.facts import Facts, Reading
from cmo.briefs.voice import Voice
from cmo.briefs.wording import label_by, label_of, table_of, tables_of
from cmo.measures import Estimate, Grade


def data(facts: Facts, voice: Voice) -> Section:
    """What was read, how healthy it is, and what could not be answered for want of what."""
    blocks: list[Block] = [Paragraph(text=_span(facts, voice))]
    if facts.readings:
        blocks.append(_read(facts, voice))
    cautions = _cautions(facts, voice)
    if cautions:
        blocks.append(Bullets(items=cautions))
    if facts.unanswered:
        blocks.append(_unanswered(facts, voice))
    title = voice.say("Quality and limits of the data", "Qualité et limites des données")
    return Section(name="data", title=title, blocks=tuple(blocks))


def _span(facts: Facts, voice: Voice) -> str:
    read = sum(reading.n_read for reading in facts.readings)
    refused = sum(reading.n_refused for reading in facts.readings)
    named = {"start": voice.day(facts.span.start), "end": voice.day(facts.span.end)}
    if not facts.readings:
        return voice.say(
            "The data run from {start} to {end}.", "Les données vont du {start} au {end}.", **named
        )
    named |= {"read": voice.count(read), "refused": voice.count(refused)}
    if refused == 0:
        return voice.say(
            "The data run from {start} to {end}. {read} rows were read and none was refused.",
            "Les données vont du {start} au {end}. {read} lignes ont été lues, aucune n’a été refusée.",
            **named,
        )
    return voice.say(
        "The data run from {start} to {end}. Rows read: {read}. Rows put aside, each with its reason: "
        "{refused}.",
        "Les données vont du {start} au {end}. Lignes lues : {read}. Lignes écartées, chacune avec sa "
        "raison : {refused}.",
        **named,
    )


def _read(facts: Facts, voice: Voice) -> Table:
    return Table(
        caption=voice.say("Rows read and refused", "Lignes lues et refusées"),
        columns=(
            Column(label=voice.say("Table", "Table")),
            Column(label=voice.say("Read", "Lues"), numeric=True),
            Column(label=voice.say("Refused", "Refusées"), numeric=True),
            Column(label=voice.say("Share refused", "Part refusée"), numeric=True),
        ),
        rows=tuple(_reading(reading, voice=voice) for reading in facts.readings),
    )


def _reading(reading: Reading, *, voice: Voice) -> tuple[str, ...]:
    total = reading.n_read + reading.n_refused
    share = voice.percent(reading.n_refused / total) if total else "–"
    return (
        table_of(reading.table, voice=voice),
        voice.count(reading.n_read),
        voice.count(reading.n_refused),
        share,
    )


def _cautions(facts: Facts, voice: Voice) -> tuple[str, ...]:
    """Findings on the tables, then the doubts of the estimates, each once."""
    found = [
        voice.say(
            "{table}: {says}",
            "{table} : {says}",
            table=table_of(one.table, voice=voice),
            says=voice.read(one.says),
        )
        for one in facts.concerns
    ]
    doubted: dict[str, list[str]] = {}
    for estimate in facts.estimates:
        for doubt in estimate.doubts:
            names = doubted.setdefault(voice.read(doubt.says), [])
            name = label_of(estimate.measure, voice=voice)
            if name not in names:
                names.append(name)
    found += [
        voice.say("{names}: {says}", "{names} : {says}", names=voice.listing(names), says=says)
        for says, names in doubted.items()
    ]
    return tuple(voice.sentence(one) for one in found)


def _unanswered(facts: Facts, voice: Voice) -> Table:
    """What each missing table would answer, the most useful first; what no table would answer comes last."""
    answers: dict[tuple[str, ...], list[str]] = {}
    for gap in facts.unanswered:
        answers.setdefault(gap.unlock, []).append(label_of(gap.measure, voice=voice))
    ranked = sorted(answers.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0]))
    no_table = voice.say("no table alone would do", "aucune table n’y suffirait")
    return Table(
        caption=voice.say("What could not be answered", "Ce qui n’a pas pu être dit"),
        columns=(
            Column(label=voice.say("To bring in", "À apporter")),
            Column(label=voice.say("What it would answer", "Ce que cela permettrait de dire")),
        ),
        rows=tuple(
            (tables_of(unlock, voice=voice) or no_table, voice.listing(measures))
            for unlock, measures in ranked
        ),
    )


def method(facts: Facts, voice: Voice) -> Section | None:
    """How each measure was obtained, and what the grades of evidence mean."""
    if not facts.estimates:
        return None
    table = Table(
        caption=voice.say("How each measure was obtained", "Comment chaque mesure a été obtenue"),
        columns=(
            Column(label=voice.say("Measure", "Mesure")),
            Column(label=voice.say("How", "Comment")),
            Column(label=voice.say("Resting on", "À partir de")),
        ),
        rows=_methods(facts, voice),
    )
    grades = voice.listing([f"{grade.value} ({voice.read(grade.says)})" for grade in Grade])
    words = voice.say(
        "Grades of evidence, from the strongest to the weakest: {grades}. A belief is borne out from nine "
        "chances in ten, contradicted up to one chance in ten, open in between.",
        "Niveaux de preuve, du plus fort au plus faible : {grades}. Une conviction est confirmée à partir "
        "de neuf chances sur dix, démentie jusqu’à une chance sur dix, ouverte entre les deux.",
        grades=grades,
    )
    blocks = (Paragraph(text=words), table)
    return Section(name="method", title=voice.say("Method", "Méthode"), blocks=blocks)


def _methods(facts: Facts, voice: Voice) -> tuple[tuple[str, ...], ...]:
    """One row per way of measuring, for all measures that share it."""
    found: dict[tuple[str, str], list[str]] = {}
    for estimate in facts.estimates:
        how = voice.read(estimate.method), _basis(estimate, voice=voice)
        found.setdefault(how, []).append(label_by(estimate, voice=voice))
    return tuple((voice.listing(names), method, basis) for (method, basis), names in found.items())


def _basis(estimate: Estimate, *, voice: Voice) -> str:
    parts = [
        tables_of(estimate.tables, voice=voice),
        voice.window(estimate.window),
        voice.say("data to {day}", "données au {day}", day=voice.day(estimate.as_of)),
        voice.say("evidence {grade}", "preuve {grade}", grade=estimate.grade.value),
    ]
    return " · ".join(part for part in parts if part)


def colophon(facts: Facts, voice: Voice) -> str:
    """What the brief rests on, in a line."""
    return voice.say(
        "Written by cmo from the review of {day}; every figure comes from the data named in the appendix.",
        "Rédigé par cmo à partir de la revue du {day} ; chaque chiffre vient des données citées en annexe.",
        day=voice.day(facts.reviewed_on),
    )
