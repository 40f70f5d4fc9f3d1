"""Test and learn: what ran, what runs, what it taught."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.briefs import figures
from cmo.briefs.document import Bullets, Section
from cmo.briefs.facts import Facts
from cmo.briefs.learnings import library_answer
from cmo.briefs.voice import Voice
from cmo.ledger.learnings import learnings
from cmo.loop.decisions import tests_next
from cmo.loop.testing import board, today_of
from cmo.strategy.document import Strategy
from cmo.strategy.verdict import Stance
from cmo.web.answered import section_of
from cmo.web.knowledge import Known, known
from cmo.web.paper import Draft, Part, part
from cmo.web.tongue import spoken
from cmo.web.views.areas import gaps, named
from cmo.web.views.shown import screen


def page(request: HttpRequest) -> HttpResponse:
    """What is tested, and what could be."""
    now, voice = known(), Voice(spoken())
    more = {} if now.facts is None else {"first": _now(now, voice)}
    return screen(
        request,
        "tests",
        write=lambda facts, voice: _write(facts, voice, now.strategy),
        title=_("Test & learn"),
        template="web/tests.html",
        more=more,
    )


def _now(now: Known, voice: Voice) -> tuple[Part, ...]:
    """What stands on the board and what would pay, as they are at this moment."""
    folder, language = now.workspace.folder, voice.language
    next_title = voice.say("Tests worth more than they cost", "Les tests qui valent plus qu’ils ne coûtent")
    found = (
        section_of(tests_next(folder, language=language), name="next", title=next_title, voice=voice),
        section_of(
            board(folder, language),
            name="board",
            title=voice.say("All tests, by stage", "Tous les tests, par étape"),
            voice=voice,
        ),
        section_of(
            library_answer(learnings(), today=today_of(now.workspace), language=language),
            name="library",
            title=voice.say("What was learnt", "Ce qui a été appris"),
            voice=voice,
        ),
    )
    return tuple(part(one, known=now, language=language) for one in found if one is not None)


def _write(facts: Facts, voice: Voice, strategy: Strategy) -> Draft:
    learnt = figures.breakdowns(facts, ("experiments",), voice=voice)
    return Draft(
        headline=_headline(facts, voice, strategy),
        sections=(
            named(learnt, "learnt", voice.say("What tests have taught", "Ce que les tests ont appris")),
            _worth_testing(facts, voice),
            gaps(facts, ("experiments",), voice=voice),
        ),
        sources=tuple(one for one in facts.estimates if one.measure.startswith("experiments.")),
    )


def _headline(facts: Facts, voice: Voice, strategy: Strategy) -> str:
    read = facts.estimate("experiments.lift")
    n_read = 0 if read is None else len(read.subjects)
    n_open = len(facts.standing(Stance.OPEN))
    if not strategy.tests and not n_read:
        return voice.say(
            "No test has run; {n} beliefs are open and could be tested",
            "Aucun test n’a eu lieu ; {n} convictions ouvertes pourraient l’être",
            n=voice.count(n_open),
        )
    return voice.say(
        "Tests read: {n}; beliefs still open: {open_}",
        "Tests lus : {n} ; convictions encore ouvertes : {open_}",
        n=voice.count(n_read),
        open_=voice.count(n_open),
    )


def _worth_testing(facts: Facts, voice: Voice) -> Section | None:
    found = facts.standing(Stance.OPEN)
    if not found:
        return None
    items = tuple(
        voice.say(
            "{belief}: the field gives it {chances}.",
            "{belief} : le terrain lui donne {chances}.",
            belief=voice.quote(one.says),
            chances=voice.chances(one.probability),
        )
        for one in found
        if one.probability is not None
    )
    title = voice.say("Beliefs that a test would settle", "Les convictions qu’un test trancherait")
    return Section(name="worth", title=title, blocks=(Bullets(items=items, ordered=True),))
