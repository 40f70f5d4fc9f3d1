"""The team as answers: people and load, who does what, what is lacking, requests, diversity."""

from collections.abc import Mapping, Sequence
from typing import Any

from cmo.briefs.answers import Answer, Data
from cmo.measures import Figure, Language, Text, Unit
from cmo.team.coverage import Covered, Single
from cmo.team.diversity import K, Published
from cmo.team.lacking import Lack
from cmo.team.people import Person
from cmo.team.staffing import Staffing
from cmo.team.weeks import Weeks
from cmo.team.work import Item, State

STATES = {
    State.OPEN: Text("open", "à faire"),
    State.UNDER_WAY: Text("under way", "en cours"),
    State.DONE: Text("done", "fait"),
    State.DROPPED: Text("dropped", "abandonné"),
    State.ACCEPTED: Text("accepted", "accepté"),
    State.DECLINED: Text("declined", "refusé"),
}


def people_answer(
    people: Sequence[Person],
    loads: Mapping[str, Figure],
    *,
    roles: Mapping[str, str],
    away: Mapping[str, Sequence[str]],
    language: Language,
) -> Answer:
    """Everybody with role, skills, hours and load."""
    share = Unit("share")

    def load(one: Person) -> dict[str, Any] | None:
        figure = loads.get(one.id)
        return None if figure is None else {"median": figure.value, "q05": figure.low, "q95": figure.high}

    def written(one: Person) -> str:
        figure = loads.get(one.id)
        if figure is None:
            return "–"
        low, mid, high = (share.write(x, language) for x in (figure.low, figure.value, figure.high))
        return f"{mid} ({low} – {high})"

    data: Data = {
        "people": [
            {
                "id": one.id,
                "name": one.name,
                "role": roles.get(one.id),
                "skills": dict(one.skills),
                "languages": sorted(one.languages),
                "markets": sorted(one.markets),
                "channels": sorted(one.channels),
                "wishes": sorted(one.wishes),
                "hours": list(one.hours),
                "free": list(one.free),
                "away": list(away.get(one.id, ())),
                "load": load(one),
            }
            for one in people
        ]
    }
    none = Text(
        "Nobody is in the team yet: write it into strategy.yaml.",
        "Personne n'est encore dans l'équipe : décrivez-la dans strategy.yaml.",
    )
    head = Text("who|role|skills|hours a week|load", "qui|rôle|compétences|heures par semaine|charge")
    body = tuple(
        (
            one.name,
            roles.get(one.id, "–"),
            ", ".join(f"{skill} {level:g}" for skill, level in one.skills.items()) or "–",
            f"{max(one.hours, default=0.0):g}",
            written(one),
        )
        for one in people
    )
    return Answer(
        data=data,
        lines=() if people else (none.in_(language),),
        head=tuple(head.in_(language).split("|")) if people else (),
        body=body,
    )


def staffing_answer(
    plan: Staffing,
    items: Sequence[Item],
    people: Sequence[Person],
    *,
    weeks: Weeks,
    costs: Mapping[str, float],
    currency: str,
    language: Language,
) -> Answer:
    """Who does what in which week; what it costs; how near to the best it is."""
    names = {one.id: one.name for one in people}
    known = {one.id: one for one in items}
    money, share = Unit(currency), Unit("share")
    data: Data = {
        "first_week": weeks.monday(0).isoformat(),
        "assignments": [
            {
                "work": one.item,
                "who": one.who,
                "with": one.mentor,
                "hours": _weekly(one.hours, weeks),
                "hours_with": _weekly(one.mentored, weeks),
                "by": known[one.item].by.isoformat(),
                "says": known[one.item].says.in_(language),
            }
            for one in plan.assignments
        ],
        "undone": list(plan.unstaffed),
        "fullest": plan.peak,
        "bound": plan.bound,
        "gap": plan.gap,
        "proven": plan.proven,
        "peaks": dict(plan.peaks),
        "costs": dict(costs),
    }
    lines = [_fullness(plan, share, names, language)]
    if plan.unstaffed:
        n = len(plan.unstaffed)
        lines.append(
            Text(
                f"Left undone: {n} of {len(items)} pieces of work (cmo team gaps says why).",
                f"Travaux que personne ne fera : {n} sur {len(items)} (cmo team gaps dit pourquoi).",
            ).in_(language)
        )
    for origin, cost in sorted(costs.items(), key=lambda pair: -pair[1]):
        written = money.write(cost, language, beside=1000.0)
        lines.append(Text(f"Hours of {origin}: {written}.", f"Heures de {origin} : {written}.").in_(language))
    head = Text("work|who|with|weeks|hours|due", "travail|qui|avec|semaines|heures|échéance")
    body = tuple(
        (
            known[one.item].says.in_(language),
            names[one.who],
            names.get(one.mentor or "", "–"),
            _stretch(one.hours, weeks),
            f"{sum(one.hours):.0f}",
            known[one.item].by.isoformat(),
        )
        for one in plan.assignments
    )
    return Answer(
        data=data,
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")) if body else (),
        body=body,
    )


def gaps_answer(
    lacks: Sequence[Lack],
    covered: Sequence[Covered],
    singles: Sequence[Single],
    *,
    people: Sequence[Person],
    language: Language,
) -> Answer:
    """What is lacking and what would help; skills against needs; who cannot fall ill."""
    data: Data = {
        "lacks": [
            {
                "work": list(one.items),
                "skills": list(one.skills),
                "hours": one.hours,
                "by": one.by.isoformat(),
                "able": list(one.able),
                "hours_left": one.free,
                "says": one.says.in_(language),
                "remedies": [
                    {
                        "means": each.means.value,
                        "by": each.by,
                        "price": each.price,
                        "says": each.says.in_(language),
                    }
                    for each in one.remedies
                ],
            }
            for one in lacks
        ],
        "coverage": [
            {
                "skill": one.skill,
                "level": one.level,
                "hours": one.hours,
                "staffed": one.staffed,
                "spare": one.spare,
                "share": one.share,
                "levels": dict(one.levels),
            }
            for one in covered
        ],
        "single_points": [
            {"who": one.who, "skill": one.skill, "hours": one.hours, "says": one.says.in_(language)}
            for one in singles
        ],
    }
    lines: list[str] = []
    for one in lacks:
        lines += [one.says.in_(language), *(f"    {each.says.in_(language)}" for each in one.remedies)]
    if not lacks:
        lines.append(
            Text("All work can be done in time.", "Tout le travail peut être fait à temps.").in_(language)
        )
    lines += [one.says.in_(language) for one in singles]
    share = Unit("share")
    head = Text("skill|level|hours|covered|spare hours|", "compétence|niveau|heures|couvert|heures libres|")
    body = tuple(
        (
            one.skill,
            f"{one.level:g}",
            f"{one.hours:.0f}",
            share.write(one.share, language),
            f"{one.spare:.0f}",
            ", ".join(f"{_name(who, people)} {level:g}" for who, level in one.levels.items()) or "–",
        )
        for one in covered
    )
    return Answer(
        data=data,
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")) if body else (),
        body=body,
    )


def work_answer(rows: Sequence[Mapping[str, Any]], *, language: Language) -> Answer:
    """Work with its state: id, says, state, who, hours, by, words, origin, elsewhere."""
    data: Data = {
        "work": [{**one, "says": one["says"].in_(language), "state": one["state"].value} for one in rows]
    }
    none = Text("No work is asked for.", "Aucun travail n'est demandé.")
    head = Text("work||who|state|hours|due", "travail||qui|état|heures|échéance")
    body = tuple(
        (
            str(one["id"]),
            one["says"].in_(language),
            str(one["who"] or one["department"] or "–"),
            STATES[one["state"]].in_(language) + (f" – {one['words']}" if one["words"] else ""),
            f"{one['hours']:g}",
            str(one["by"]),
        )
        for one in rows
    )
    return Answer(
        data=data,
        lines=() if rows else (none.in_(language),),
        head=tuple(head.in_(language).split("|")) if rows else (),
        body=body,
    )


def diversity_answer(tables: Sequence[tuple[str, Published]], *, language: Language) -> Answer:
    """Numbers of people by what they say of themselves, five or more each."""
    data: Data = {
        "least": K,
        "tables": [
            {"question": question, "counts": dict(table.counts), "rest": table.rest}
            for question, table in tables
        ],
    }
    rule = Text(
        f"Told by people themselves; numbers below {K} are never shown, nor what would give them away.",
        f"Dit par chacun de soi-même ; aucun nombre sous {K} n'est montré, ni ce qui le trahirait.",
    )
    rest = Text("not said or not shown", "non dit ou non montré").in_(language)
    body = [
        (question, value, str(n))
        for question, table in tables
        for value, n in (*table.counts.items(), (rest, table.rest))
        if n
    ]
    head = Text("question|answer|people", "question|réponse|personnes")
    return Answer(
        data=data,
        lines=(rule.in_(language),),
        head=tuple(head.in_(language).split("|")) if body else (),
        body=tuple(body),
    )


def _fullness(plan: Staffing, share: Unit, names: Mapping[str, str], language: Language) -> str:
    if not plan.assignments:
        return Text("Nothing is given to anybody.", "Rien n'est attribué à personne.").in_(language)
    who = names[max(plan.peaks, key=lambda one: plan.peaks[one])]
    full = share.write(plan.peak, language)
    if plan.proven:
        sure = Text(
            "no plan does more, or is fairer by much", "aucun plan ne fait plus, ni n'est bien plus juste"
        )
    else:
        gap = share.write(plan.gap, language)
        sure = Text(f"at most {gap} above the best", f"au plus {gap} au-dessus du meilleur")
    return Text(
        f"{who} has the fullest weeks: {full} of the free hours; {sure.en}.",
        f"{who} a les semaines les plus pleines : {full} des heures libres ; {sure.fr}.",
    ).in_(language)


def _weekly(hours: Sequence[float], weeks: Weeks) -> dict[str, float]:
    return {weeks.monday(i).isoformat(): round(one, 2) for i, one in enumerate(hours) if one > 0.005}


def _stretch(hours: Sequence[float], weeks: Weeks) -> str:
    busy = [i for i, one in enumerate(hours) if one > 0.005]
    if not busy:
        return "–"
    first, last = weeks.monday(busy[0]), weeks.monday(busy[-1])
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d} – {last:%m-%d}"


def _name(who: str, people: Sequence[Person]) -> str:
    return next((one.name for one in people if one.id == who), who)
