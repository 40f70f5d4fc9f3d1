"""Customers in a brief, by cohort and segment: who comes back when, who is missed, where the money is."""

from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.curves import Step, retention_chart
from cmo.briefs.charts.squares import Block, Cell, map_chart, triangle_chart
from cmo.briefs.charts.theme import NARROW, WIDE
from cmo.briefs.document import Chart, Column, Illustration, Table
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.customers.segmentation.segments import NAMED
from cmo.measures import Estimate, Figure

COHORTS, SILENCE, MIGRATION = "customers.cohorts", "customers.silence", "customers.migration"
EQUITY, CLV = "customers.equity", "customers.clv"
_AGES_OF_A_TELEPHONE = 6


def triangle_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """Who of each month's new customers orders again, month by month."""
    estimate = facts.estimate(COHORTS)
    if estimate is None:
        return None
    known = [(*_cohort(subject), estimate.figure(subject)) for subject in estimate.subjects]
    months = sorted({month for month, _, _ in known})
    ages = sorted({age for _, age, _ in known})
    name = voice.say("Retention by month of the first order", "Rétention par mois de première commande")
    across = voice.say("Months since the first order", "Mois depuis la première commande")
    cells = [
        Cell(
            row=months.index(month),
            column=ages.index(age),
            value=figure.value,
            written=_whole(figure, voice=voice),
        )
        for month, age, figure in known
    ]
    few = [cell for cell in cells if cell.column < _AGES_OF_A_TELEPHONE]
    titles = [voice.count(age) for age in ages]
    best = max(known, key=lambda one: one[2].value if one[1] == ages[0] else -1.0)
    worst = min(known, key=lambda one: one[2].value if one[1] == ages[0] else 2.0)
    return Illustration(
        name="cohorts",
        sentence=voice.say(
            "The month after their first order, {best} of the customers of {best_month} ordered again, "
            "and {worst} of those of {worst_month}.",
            "Le mois suivant leur première commande, {best} des clients de {best_month} ont recommandé, "
            "et {worst} de ceux de {worst_month}.",
            best=voice.value(best[2]),
            best_month=best[0],
            worst=voice.value(worst[2]),
            worst_month=worst[0],
        ),
        description=voice.say(
            "Triangle of boxes, one row for each month of first orders, one column for each month since; the "
            "share of customers who order again stands in each box, darker where it is higher.",
            "Triangle de cases, une ligne par mois de première commande, une colonne par mois écoulé ; la "
            "part "
            "des clients qui recommandent est écrite dans chaque case, plus foncée quand elle est plus "
            "forte.",
        ),
        chart=Chart(
            wide=triangle_chart(cells, rows=months, columns=titles, across=across, width=WIDE),
            narrow=triangle_chart(
                few, rows=months, columns=titles[:_AGES_OF_A_TELEPHONE], across=across, width=NARROW
            ),
        ),
        table=Table(
            caption=name,
            columns=(
                Column(label=voice.say("Month", "Mois")),
                *(Column(label=title, numeric=True) for title in titles),
            ),
            rows=tuple(_row(month, ages, known, voice=voice) for month in months),
        ),
    )


def _cohort(subject: str) -> tuple[str, int]:
    month, _, age = subject.partition(" +")
    return month, int(age)


def _whole(figure: Figure, *, voice: Voice) -> str:
    return voice.percent(figure.value)


def _row(
    month: str, ages: list[int], known: list[tuple[str, int, Figure]], *, voice: Voice
) -> tuple[str, ...]:
    of = {age: figure for one, age, figure in known if one == month}
    return (month, *(voice.value(of[age]) if age in of else "" for age in ages))


def frontier_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """After how long a silence a customer is more likely gone than not."""
    estimate = facts.estimate(SILENCE)
    if estimate is None or len(estimate.subjects) < 2:
        return None
    known = [(int(subject), estimate.figure(subject)) for subject in estimate.subjects]
    steps = [
        Step(x=float(n), low=one.low, value=one.value, high=one.high, written=voice.count(round(one.value)))
        for n, one in known
    ]
    across = voice.say("Orders so far", "Commandes à ce jour")
    name = voice.say("Silence that means goodbye", "Silence qui vaut adieu")
    ends = [end for step in steps for end in (step.low, step.high)]
    axis = axis_of(estimate.unit, name=name, values=ends, voice=voice)
    wide, narrow = (
        retention_chart(steps, across=across, axis=axis, voice=voice, width=width) for width in (WIDE, NARROW)
    )
    (first, short), (last, long) = known[0], known[-1]
    return Illustration(
        name="frontier",
        sentence=voice.say(
            "With {first} orders, a customer is more likely gone than not after {short} of silence; with "
            "{last}, after {long}.",
            "Avec {first} commandes, un client est plus probablement parti que là après {short} de silence ; "
            "avec {last}, après {long}.",
            first=voice.count(first),
            short=voice.value(short),
            last=voice.count(last),
            long=voice.value(long),
        ),
        description=voice.say(
            "Curve of the silence after which a customer is more likely gone than still there, by the number "
            "of orders so far, with a strip that holds the true value nine times in ten.",
            "Courbe du silence au-delà duquel un client est plus probablement parti que là, selon le nombre "
            "de "
            "ses commandes, avec une bande qui contient la vraie valeur neuf fois sur dix.",
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=name,
            columns=(
                Column(label=across),
                Column(label=axis.title, numeric=True),
                Column(
                    label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
                ),
            ),
            rows=tuple((voice.count(n), voice.value(one), voice.interval(one) or "–") for n, one in known),
        ),
    )


def map_illustration(facts: Facts, voice: Voice) -> Illustration | None:
    """Where the money of the next twelve months is: how many customers, and how much each."""
    equity, each = (_by_segment(facts, measure) for measure in (EQUITY, CLV))
    if equity is None or each is None:
        return None
    worth = {name: equity.figure(name) for name in equity.subjects}
    per_head = {name: each.figure(name) for name in each.subjects if each.figure(name).value > 0}
    size = {name: worth[name].value / per_head[name].value for name in per_head if name in worth}
    order = sorted(size, key=lambda name: -per_head[name].value)
    total, customers = sum(worth[name].value for name in order), sum(size.values())
    if not order or customers <= 0 or total <= 0:
        return None
    label = {name: voice.read(NAMED[name].label) if name in NAMED else name for name in order}
    name = voice.say("Value of a customer", "Valeur d'un client")
    across = voice.say("Share of customers", "Part des clients")
    axis = axis_of(each.unit, name=name, values=[0.0, *(per_head[one].value for one in order)], voice=voice)
    blocks = [
        Block(
            label=label[one],
            share=size[one] / customers,
            value=per_head[one].value,
            written=voice.value(worth[one]),
        )
        for one in order
    ]
    wide, narrow = (map_chart(blocks, across=across, axis=axis, width=width) for width in (WIDE, NARROW))
    best = max(order, key=lambda one: worth[one].value)
    return Illustration(
        name="segments",
        sentence=voice.say(
            "{share} of the customers, the {segment}, hold {value} of the value to come.",
            "{share} des clients, les « {segment} », portent {value} de la valeur à venir.",
            share=voice.percent(size[best] / customers),
            segment=label[best],
            value=voice.percent(worth[best].value / total),
        ),
        description=voice.say(
            "Boxes side by side, one for each segment: as wide as it has customers, as high as each of them "
            "is "
            "worth, so that its area is what they will bring together.",
            "Des boîtes côte à côte, une par segment : larges comme son nombre de clients, hautes comme ce "
            "que "
            "vaut chacun d'eux, si bien que leur surface est ce qu'ils apporteront ensemble.",
        ),
        chart=Chart(wide=wide, narrow=narrow),
        table=Table(
            caption=voice.say("Segments", "Segments"),
            columns=(
                Column(label=voice.say("Segment", "Segment")),
                Column(label=voice.say("Customers", "Clients"), numeric=True),
                Column(label=name, numeric=True),
                Column(label=voice.say("Together", "Ensemble"), numeric=True),
                Column(
                    label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
                ),
            ),
            rows=tuple(
                (
                    label[one],
                    voice.count(round(size[one])),
                    voice.value(per_head[one]),
                    voice.value(worth[one]),
                    voice.interval(worth[one]) or "–",
                )
                for one in order
            ),
        ),
    )


def moved(facts: Facts, voice: Voice) -> str:
    """Where the best customers of a year ago are now, in a sentence; empty where it is not known."""
    estimate = facts.estimate(MIGRATION)
    pairs = ("champions → champions", "champions → overdue", "champions → lost")
    if estimate is None or not set(pairs) <= set(estimate.subjects):
        return ""
    stayed, overdue, lost = (estimate.figure(pair) for pair in pairs)
    return voice.say(
        "Of the best customers of a year ago, {stayed} are so still, {overdue} are overdue and {lost} are "
        "most "
        "likely gone.",
        "Parmi les meilleurs clients d'il y a un an, {stayed} le sont encore, {overdue} se font attendre et "
        "{lost} sont très probablement partis.",
        stayed=voice.value(stayed),
        overdue=voice.value(overdue),
        lost=voice.value(lost),
    )


def _by_segment(facts: Facts, measure: str) -> Estimate | None:
    return next((one for one in facts.estimates if one.measure == measure and one.by == "segment"), None)
