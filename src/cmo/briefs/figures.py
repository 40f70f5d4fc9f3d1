"""Estimates in a brief: key figures, what each subject brings, and the objectives."""

from collections.abc import Sequence

import numpy as np

from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.intervals import Range, interval_chart
from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.derived import (
    FORECAST,
    REVENUE,
    expected,
    growth,
    last_year,
    last_year_window,
    leads,
    months_ahead,
)
from cmo.briefs.document import Chart, Column, Illustration, Paragraph, Section, Table, Tile, Tiles, Tone
from cmo.briefs.facts import Facts, Goal
from cmo.briefs.voice import Voice
from cmo.briefs.wording import kind_of, label_by, label_of, subject_of
from cmo.measures import Estimate, Figure, Grade, Text

MOST_SUBJECTS = 40
"""Subjects told of a measure."""
MOST_DRAWN = 15
"""Subjects drawn; the others stand in the table."""
_MOST_CHARTS = 6
_TOLD_ELSEWHERE = frozenset(
    {
        FORECAST,
        "customers.retention",
        "customers.cohorts",
        "customers.silence",
        "customers.migration",
        "customers.concentration",
        "media.response",
        "value.importance",
        "value.wtp",
        "value.price_corridor",
    }
)


def tiles(facts: Facts, measures: Sequence[str], *, voice: Voice) -> Tiles | None:
    """The key figures among some measures that have one value; none when there are none."""
    found = [tile for measure in measures if (tile := _tile(facts, measure, voice=voice)) is not None]
    return Tiles(items=tuple(found)) if found else None


def _tile(facts: Facts, measure: str, *, voice: Voice) -> Tile | None:
    estimate = facts.estimate(measure)
    if estimate is None:
        return None
    label, window = label_of(measure, voice=voice), estimate.window
    if measure == FORECAST:
        figure = expected(estimate)
    elif measure == REVENUE and (year := last_year_window(estimate)) is not None:
        figure, window = last_year(estimate), year
    else:
        figure = estimate.figure(estimate.subjects[0]) if len(estimate.subjects) == 1 else None
    if figure is None:
        return None
    source = voice.say(
        "{window} · evidence {grade}",
        "{window} · preuve {grade}",
        window=voice.window(window),
        grade=figure.grade.value,
    )
    return Tile(label=label, value=voice.value(figure), interval=_chance(figure, voice=voice), source=source)


def _chance(figure: Figure, *, voice: Voice) -> str:
    if not voice.interval(figure):
        return ""
    if figure.grade is Grade.D:
        return voice.say("give or take luck: {span}", "au hasard près : {span}", span=voice.interval(figure))
    return voice.say(
        "nine chances in ten: {span}", "neuf chances sur dix : {span}", span=voice.interval(figure)
    )


def key_figures(facts: Facts, voice: Voice) -> Section | None:
    """Every measure that has a single value, with its interval, period and grade."""
    single = [one for one in facts.estimates if len(one.subjects) == 1]
    if not single:
        return None
    table = Table(
        caption=voice.say("What was measured", "Ce qui a été mesuré"),
        columns=(
            Column(label=voice.say("Measure", "Mesure")),
            Column(label=voice.say("Value", "Valeur"), numeric=True),
            Column(
                label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
            ),
            Column(label=voice.say("Period", "Période")),
            Column(label=voice.say("Evidence", "Preuve")),
        ),
        rows=tuple(_row(one, voice=voice) for one in single),
    )
    note = Paragraph(
        text=voice.say(
            "The interval says how far the true value may lie from the one shown: nine times in ten it is "
            "inside. For what was counted, it says how far the luck of who happened to buy could have "
            "moved it.",
            "L’intervalle dit jusqu’où la vraie valeur peut s’écarter de celle affichée : neuf fois sur dix, "
            "elle s’y trouve. Pour ce qui a été compté, il dit de combien le hasard des achats aurait pu le "
            "déplacer.",
        ),
        tone=Tone.NOTE,
    )
    return Section(name="figures", title=voice.say("Key figures", "Les chiffres clés"), blocks=(table, note))


def _row(estimate: Estimate, *, voice: Voice) -> tuple[str, ...]:
    figure = estimate.figure(estimate.subjects[0])
    return (
        label_of(estimate.measure, voice=voice),
        voice.value(figure),
        voice.interval(figure) or "–",
        voice.window(estimate.window),
        figure.grade.value,
    )


def breakdowns(facts: Facts, areas: Sequence[str], *, voice: Voice) -> Section | None:
    """What each subject brings, measure by measure, for the measures of some areas."""
    several = [
        one
        for area in areas
        for one in facts.estimates
        if one.measure.startswith(f"{area}.") and len(one.subjects) > 1 and one.measure not in _TOLD_ELSEWHERE
    ]
    if not several:
        return None
    drawn = tuple(subjects_illustration(one, voice=voice) for one in several[:_MOST_CHARTS])
    return Section(name="breakdowns", title=voice.say("Who brings what", "Qui apporte quoi"), blocks=drawn)


def believed(facts: Facts, voice: Voice) -> Section | None:
    """What each subject brings, for the measures that beliefs speak of."""
    spoken = {one.measure for one in facts.verdicts}
    several = [
        one
        for one in facts.estimates
        if one.measure in spoken and len(one.subjects) > 1 and one.measure not in _TOLD_ELSEWHERE
    ]
    if not several:
        return None
    drawn = tuple(subjects_illustration(one, voice=voice) for one in several[:_MOST_CHARTS])
    title = voice.say("The figures behind the beliefs", "Les chiffres derrière les convictions")
    return Section(name="breakdowns", title=title, blocks=drawn)


def subjects_illustration(estimate: Estimate, *, voice: Voice) -> Illustration:
    """The middle value and the range of each subject of an estimate, the highest first."""
    order = np.argsort(-np.median(estimate.draws, axis=0), kind="stable")[:MOST_SUBJECTS]
    named = [(estimate.subjects[i], estimate.figure(estimate.subjects[i])) for i in order]
    ranges = [
        Range(
            label=subject_of(subject, voice=voice),
            low=figure.low,
            value=figure.value,
            high=figure.high,
            written=voice.value(figure),
        )
        for subject, figure in named[:MOST_DRAWN]
    ]
    name = label_by(estimate, voice=voice)
    ends = [end for one in ranges for end in (one.low, one.high)]
    axis = axis_of(estimate.unit, name=label_of(estimate.measure, voice=voice), values=ends, voice=voice)
    wide, narrow = (interval_chart(ranges, axis=axis, voice=voice, width=width) for width in (WIDE, NARROW))
    return Illustration(
        name=f"{estimate.measure}-{estimate.by}".replace(".", "-").replace("_", "-"),
        sentence=_ranking(estimate, named, voice=voice),
        description=voice.say(
            "Chart of {name}: for each of {n} subjects a point on the middle value and a line over the "
            "range that holds it nine times in ten.",
            "Graphique de la mesure {name} : pour chacun des {n} sujets, un point sur la valeur centrale "
            "et un trait sur la plage qui la contient neuf fois sur dix.",
            name=voice.quote(Text.same(name)),
            n=voice.count(len(ranges)),
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=_subjects_table(estimate, named, name=name, voice=voice),
    )


def _ranking(estimate: Estimate, named: Sequence[tuple[str, Figure]], *, voice: Voice) -> str:
    first, last = named[0], named[-1]
    told = voice.say(
        "In the lead: {first}, at {best}; that first place has {chances} of being real. "
        "Last: {last}, at {worst}.",
        "En tête : {first}, à {best} ; cette première place a {chances} d’être réelle. "
        "En queue : {last}, à {worst}.",
        first=subject_of(first[0], voice=voice),
        best=voice.figure(first[1]),
        chances=voice.chances(leads(estimate, first[0])),
        last=subject_of(last[0], voice=voice),
        worst=voice.figure(last[1]),
    )
    if len(named) <= MOST_DRAWN:
        return told
    cut = voice.say(
        "The chart shows the first {n} of {total}; the others stand in the table.",
        "Le graphique montre les {n} premiers sur {total} ; les autres figurent dans le tableau.",
        n=voice.count(MOST_DRAWN),
        total=voice.count(len(named)),
    )
    return f"{told} {cut}"


def _subjects_table(
    estimate: Estimate, named: Sequence[tuple[str, Figure]], *, name: str, voice: Voice
) -> Table:
    return Table(
        caption=name,
        columns=(
            Column(label=kind_of(estimate.by, voice=voice)),
            Column(label=voice.say("Value", "Valeur"), numeric=True),
            Column(
                label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
            ),
        ),
        rows=tuple(
            (subject_of(subject, voice=voice), voice.value(figure), voice.interval(figure) or "–")
            for subject, figure in named
        ),
    )


def goals(facts: Facts, voice: Voice) -> Section | None:
    """The objectives and how likely each is to be reached."""
    if not facts.goals:
        return None
    table = Table(
        caption=voice.say("Objectives and their chances", "Les objectifs et leurs chances"),
        columns=(
            Column(label=voice.say("Objective", "Objectif")),
            Column(label=voice.say("Target", "Cible"), numeric=True),
            Column(label=voice.say("Due", "Échéance")),
            Column(label=voice.say("Chances to reach it", "Chances de l’atteindre")),
            Column(label=voice.say("Why", "Pourquoi")),
        ),
        rows=tuple(_goal(goal, voice=voice) for goal in facts.goals),
    )
    title = voice.say("Are we going to make it?", "Allons-nous y arriver ?")
    return Section(name="goals", title=title, blocks=(table,))


def _goal(goal: Goal, *, voice: Voice) -> tuple[str, ...]:
    if goal.probability is None:
        chances = voice.say("cannot be said yet", "encore impossible à dire")
    else:
        chances = f"{voice.chances(goal.probability)} ({voice.found(goal.probability)})"
    return (
        voice.read(goal.says),
        goal.unit.write(goal.target, voice.language),
        voice.day(goal.by),
        chances,
        voice.read(goal.why),
    )


def trend(facts: Facts, voice: Voice) -> str:
    """How sales went over a year, in a sentence; empty where the history is too short."""
    revenue = facts.estimate(REVENUE)
    if revenue is None or (total := last_year(revenue)) is None:
        return ""
    change, window = growth(revenue), last_year_window(revenue)
    if window is None:
        return ""
    named = {"total": voice.value(total), "end": voice.day(window.end)}
    if change is None:
        return voice.say(
            "Over the twelve months to {end}, sales came to {total}.",
            "Sur les douze mois arrêtés au {end}, le chiffre d’affaires atteint {total}.",
            **named,
        )
    named["change"] = change.unit.write(abs(change.value), voice.language)
    if change.value >= 0:
        return voice.say(
            "Over the twelve months to {end}, sales came to {total}, {change} more than a year earlier.",
            "Sur les douze mois arrêtés au {end}, le chiffre d’affaires atteint {total}, soit {change} de "
            "plus qu’un an plus tôt.",
            **named,
        )
    return voice.say(
        "Over the twelve months to {end}, sales came to {total}, {change} less than a year earlier.",
        "Sur les douze mois arrêtés au {end}, le chiffre d’affaires atteint {total}, soit {change} de moins "
        "qu’un an plus tôt.",
        **named,
    )


def outlook(facts: Facts, voice: Voice) -> str:
    """What to expect of sales, in a sentence; empty without a forecast."""
    forecast = facts.estimate(FORECAST)
    if forecast is None or (total := expected(forecast)) is None:
        return ""
    low, high = voice.ends(total)
    return voice.say(
        "Over the {n} months ahead, expect {total} if nothing changes, with nine chances in ten that it "
        "comes between {low} and {high}.",
        "Sur les {n} mois à venir, on attend {total} si rien ne change, avec neuf chances sur dix que ce "
        "soit entre {low} et {high}.",
        n=voice.count(len(months_ahead(forecast))),
        total=voice.value(total),
        low=low,
        high=high,
    )
