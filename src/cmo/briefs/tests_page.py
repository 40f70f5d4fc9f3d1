"""A test's analysis as a page: its sentences, its effects and its course as charts with their tables."""

from collections.abc import Sequence

from cmo.briefs.batches import standing_said
from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.comparison import comparison_chart
from cmo.briefs.charts.intervals import Range, interval_chart
from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.document import (
    Audience,
    Block,
    Brief,
    Bullets,
    Chart,
    Column,
    Illustration,
    Paragraph,
    Section,
    Table,
    Tone,
)
from cmo.briefs.findings import cells_said, headline, moneys_said, readings_said
from cmo.briefs.voice import Voice
from cmo.briefs.wording import output_words
from cmo.experiments.findings import Course, Findings, Reading
from cmo.measures import Language, Unit, joined

_SHARE = Unit("share")


def page_of_test(findings: Findings, *, company: str, currency: str, language: Language) -> Brief:
    """The page of one test.

    Args:
        findings: What its analysis found.
        company: Name of the company.
        currency: Its currency, `EUR`.
        language: Language of the page.
    """
    voice = Voice(language)
    said = [findings.look.says, *readings_said(findings)]
    said += cells_said(findings)
    if findings.batch is not None:
        said += standing_said(findings.batch)
    said += moneys_said(findings, currency)
    day = voice.day(findings.as_of)
    checks = tuple(voice.read(check.says) for check in findings.checks)
    blocks: list[Block] = [Bullets(items=checks)] if checks else []
    if not findings.registered:
        blocks.append(
            Paragraph(
                text=voice.say(
                    "It was not registered before its start: take it as exploratory.",
                    "Il n’a pas été enregistré avant son début : son résultat est exploratoire.",
                ),
                tone=Tone.NOTE,
            )
        )
    return Brief(
        audience=Audience.TEAM,
        language=language,
        title=voice.say(
            "{company}: the test {test}", "{company} : le test {test}", company=company, test=findings.test
        ),
        eyebrow=voice.say("{company} · Test · {day}", "{company} · Test · {day}", company=company, day=day),
        headline=voice.read(headline(findings)),
        answer=voice.read(joined(said)),
        opening=tuple(illustrations(findings, currency=currency, voice=voice)),
        sections=(
            Section(
                name="checks",
                title=voice.say("What was looked at before", "Ce qui a été vérifié avant"),
                blocks=tuple(blocks),
            ),
        ),
        colophon=voice.read(findings.method),
        words=output_words(voice),
    )


def illustrations(findings: Findings, *, currency: str, voice: Voice) -> list[Illustration]:
    """The charts of a test: effects with their intervals, and the course of what was treated."""
    out = []
    readings = [*findings.effects, *findings.others]
    if readings:
        out.append(_effects(findings, readings, voice=voice))
    if findings.course is not None and len(findings.course.days) > 1:
        out.append(_course(findings, findings.course, currency=currency, voice=voice))
    out += [
        _course(findings, course, currency=currency, voice=voice, cell=name)
        for name, course in findings.courses.items()
        if len(course.days) > 1
    ]
    return out


def _effects(findings: Findings, readings: Sequence[Reading], *, voice: Voice) -> Illustration:
    several = len({one.metric for one in readings}) > 1
    ranges = [
        Range(
            label=f"{one.variant}, {one.metric}" if several else one.variant,
            low=max(one.effect.low, one.effect.estimate - 6.0 * one.effect.se),
            value=one.effect.estimate,
            high=min(one.effect.high, one.effect.estimate + 6.0 * one.effect.se),
            written=_SHARE.write(one.effect.estimate, voice.language),
        )
        for one in readings
    ]
    name = voice.say("Effect relative to the control", "Effet rapporté au témoin")
    ends = [end for one in ranges for end in (one.low, one.high)]
    axis = axis_of(_SHARE, name=name, values=[*ends, 0.0], voice=voice)
    span = voice.say("interval that was promised", "intervalle promis")
    wide, narrow = (
        interval_chart(ranges, axis=axis, voice=voice, width=width, span=span) for width in (WIDE, NARROW)
    )
    sentence = (voice.read(one) for one in readings_said(findings))
    return Illustration(
        name="effects",
        sentence=" ".join(sentence),
        description=voice.say(
            "One line for each variant and metric: a point on the effect, a line over its interval.",
            "Une ligne par variante et mesure : un point sur l’effet, un trait sur son intervalle.",
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=name,
            columns=(
                Column(label=voice.say("Variant", "Variante")),
                Column(label=voice.say("Effect", "Effet"), numeric=True),
                Column(label=voice.say("Interval", "Intervalle"), numeric=True),
            ),
            rows=tuple(
                (
                    one.label,
                    one.written,
                    voice.say(
                        "{low} to {high}",
                        "{low} à {high}",
                        low=_SHARE.write(one.low, voice.language),
                        high=_SHARE.write(one.high, voice.language),
                    ),
                )
                for one in ranges
            ),
        ),
    )


def _course(
    findings: Findings, course: Course, *, currency: str, voice: Voice, cell: str | None = None
) -> Illustration:
    unit = Unit(currency) if findings.metric == "revenue" else Unit("count")
    name = voice.say("Outcome of what was treated", "Résultat de ce qui a été traité")
    if cell is not None:
        name = voice.say("Outcome of the cell {cell}", "Résultat de la cellule {cell}", cell=cell)
    axis = axis_of(unit, name=name, values=[*course.observed, *course.expected], voice=voice)
    wide, narrow = (
        comparison_chart(
            course.days,
            (course.observed, course.expected),
            parts_at=course.pre,
            axis=axis,
            voice=voice,
            width=width,
        )
        for width in (WIDE, NARROW)
    )
    return Illustration(
        name="course" if cell is None else f"course-{cell}",
        sentence=voice.say(
            "What came, and what would have come without the change; the test begins at the dashed line.",
            "Ce qui est venu, et ce qui serait venu sans le changement ; le test commence au trait tireté.",
        ),
        description=voice.say(
            "Two lines over time: a full one for what came, a dashed one for what would have come.",
            "Deux courbes dans le temps : pleine pour ce qui est venu, tiretée pour ce qui serait venu.",
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=name,
            columns=(
                Column(label=voice.say("Period", "Période")),
                Column(label=voice.say("What came", "Venu"), numeric=True),
                Column(label=voice.say("Would have come", "Serait venu"), numeric=True),
            ),
            rows=tuple(
                (voice.day(day), unit.write(came, voice.language), unit.write(due, voice.language))
                for day, came, due in zip(course.days, course.observed, course.expected, strict=True)
            ),
        ),
    )
