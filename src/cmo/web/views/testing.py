"""Test and learn: what ran, what runs, what it taught."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.briefs import figures
from cmo.briefs.document import Bullets, Column, Section, Table
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.strategy.document import Strategy
from cmo.strategy.verdict import Stance
from cmo.web.knowledge import known
from cmo.web.paper import Draft
from cmo.web.views.areas import gaps, named
from cmo.web.views.shown import screen


def page(request: HttpRequest) -> HttpResponse:
    """What is tested, and what could be."""
    strategy = known().strategy
    return screen(
        request,
        "tests",
        write=lambda facts, voice: _write(facts, voice, strategy),
        title=_("Test & learn"),
    )


def _write(facts: Facts, voice: Voice, strategy: Strategy) -> Draft:
    learnt = figures.breakdowns(facts, ("experiments",), voice=voice)
    return Draft(
        headline=_headline(facts, voice, strategy),
        sections=(
            named(learnt, "learnt", voice.say("What tests have taught", "Ce que les tests ont appris")),
            _registered(facts, voice, strategy),
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
        "{n} tests have been read; {open_} beliefs are still open",
        "{n} tests ont été lus ; {open_} convictions restent ouvertes",
        n=voice.count(n_read),
        open_=voice.count(n_open),
    )


def _registered(facts: Facts, voice: Voice, strategy: Strategy) -> Section | None:
    if not strategy.tests:
        return None
    today = facts.reviewed_on

    def stage(start: object, end: object) -> str:
        if str(start) > str(today):
            return voice.say("planned", "prévu")
        return voice.say("running", "en cours") if str(end) >= str(today) else voice.say("over", "terminé")

    table = Table(
        caption=voice.say("Tests in the strategy", "Les tests de la stratégie"),
        columns=(
            Column(label=voice.say("Test", "Test")),
            Column(label=voice.say("Kind", "Nature")),
            Column(label=voice.say("Channel", "Canal")),
            Column(label=voice.say("From", "Du")),
            Column(label=voice.say("To", "Au")),
            Column(label=voice.say("Stage", "Étape")),
        ),
        rows=tuple(
            (
                one.id,
                one.kind,
                one.channel or "–",
                voice.day(one.start),
                voice.day(one.end),
                stage(one.start, one.end),
            )
            for one in strategy.tests
        ),
    )
    title = voice.say("Planned, running, over", "Prévus, en cours, terminés")
    return Section(name="registered", title=title, blocks=(table,))


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
