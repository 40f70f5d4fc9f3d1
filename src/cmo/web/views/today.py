"""Today: what needs somebody now, and whether we are going to make it."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.briefs import beliefs, figures, sales
from cmo.briefs.decisions import spread
from cmo.briefs.facts import Facts, Goal
from cmo.briefs.voice import Voice, typeset
from cmo.ledger.approvals import waiting_approvals
from cmo.ledger.challenges import open_challenges
from cmo.ledger.decisions import standing_decisions
from cmo.measures import Text
from cmo.strategy.decisions.life import OPEN, Standing
from cmo.strategy.verdict import Stance
from cmo.web.knowledge import workspace
from cmo.web.models import Job, JobState
from cmo.web.paper import Draft
from cmo.web.rights import Action
from cmo.web.tongue import spoken
from cmo.web.views.shown import screen

_MOST = 4
_ASKED = 3
_ONE_GOAL = Text("{n} of {total} goals is on course", "{n} objectif sur {total} est en bonne voie")
_GOALS = Text("{n} of {total} goals are on course", "{n} objectifs sur {total} sont en bonne voie")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """Something that waits for somebody.

    Attributes:
        says: What it is.
        kind: Its kind in a word.
        due: When it is due; empty where it is not.
        url: Where it is done.
    """

    says: str
    kind: str
    due: str
    url: str


def page(request: HttpRequest) -> HttpResponse:
    """The first page of the morning."""
    voice = Voice(spoken())
    actions = [*_challenges(voice), *_approvals(request), *_failures()]
    waiting = [one for one in standing_decisions() if one.state in OPEN][:_ASKED]
    more = {
        "decisions": [(voice.read(one.packet.says), _gain(one, voice), one.number) for one in waiting],
        "actions": actions[:_MOST],
        "n_more": max(len(actions) - _MOST, 0),
        "n_actions": len(actions),
    }
    return screen(request, "today", write=_write, title=_("Today"), template="web/today.html", more=more)


def _write(facts: Facts, voice: Voice) -> Draft:
    return Draft(
        headline=_headline(facts, voice),
        answer=" ".join(
            part for part in (figures.trend(facts, voice), figures.outlook(facts, voice)) if part
        ),
        opening=(
            figures.tiles(
                facts,
                ("sales.revenue", "sales.forecast", "customers.active", "customers.repeat_rate"),
                voice=voice,
            ),
            sales.sales_illustration(facts, voice),
        ),
        sections=(figures.goals(facts, voice), beliefs.changes(facts, voice)),
        sources=tuple(
            one
            for one in facts.estimates
            if len(one.subjects) == 1
            and one.measure.startswith(("sales.", "customers.active", "customers.repeat"))
        ),
    )


def _headline(facts: Facts, voice: Voice) -> str:
    likely = [goal for goal in facts.goals if _likely(goal)]
    known = [goal for goal in facts.goals if goal.probability is not None]
    at_risk = sum(stake.value for name, stake in facts.stakes.items() if name in _fallen(facts))
    if known:
        words = voice.choose(len(likely), _ONE_GOAL, _GOALS)
        told = words.format(n=voice.count(len(likely)), total=voice.count(len(facts.goals)))
    else:
        told = voice.say("No goal can be judged yet", "Aucun objectif ne peut encore être jugé")
    if not at_risk:
        return told
    money = next(iter(facts.stakes.values())).unit.write(at_risk, voice.language)
    return voice.say(
        "{told}; {money} of the plan rest on beliefs the field contradicts",
        "{told} ; {money} du plan reposent sur des convictions démenties",
        told=told,
        money=money,
    )


def _likely(goal: Goal) -> bool:
    return goal.probability is not None and goal.probability >= 0.5


def _fallen(facts: Facts) -> set[str]:
    return {one.belief for one in facts.standing(Stance.REFUTED)}


def _gain(one: Standing, voice: Voice) -> str:
    currency = workspace().config.company.currency
    return typeset(spread(one.packet.adds, currency, voice.language), voice.language)


def _challenges(voice: Voice) -> list[ToDo]:
    return [
        ToDo(
            says=voice.read(one.says),
            kind=_("The field contradicts this belief: answer"),
            due=_due(one.due_on, voice),
            url=f"{reverse('reality')}#challenge-{one.number}",
        )
        for one in open_challenges()
    ]


def _approvals(request: HttpRequest) -> list[ToDo]:
    user = request.user
    if not user.is_authenticated or not user.may(Action.APPROVE):
        return []
    return [
        ToDo(says=one.says, kind=_("Approval asked"), due="", url=reverse("approvals"))
        for one in waiting_approvals()
        if one.asked_by != user.email
    ]


def _failures() -> list[ToDo]:
    last = Job.objects.filter(state__in=(JobState.DONE, JobState.FAILED)).first()
    if last is None or last.state != JobState.FAILED:
        return []
    says = " ".join(str(line) for line in last.told[:1])
    return [ToDo(says=says, kind=_("The last job failed"), due="", url=reverse("job", args=[last.pk]))]


def _due(day: date, voice: Voice) -> str:
    return voice.say("by {day}", "avant le {day}", day=voice.day(day))
