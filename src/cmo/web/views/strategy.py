"""Strategy: goals, positioning, beliefs by state, and the money each carries."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.briefs import figures
from cmo.briefs.beliefs import verdicts_illustration
from cmo.briefs.document import Block, Column, Paragraph, Section, Table
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.briefs.wording import BADGE
from cmo.loop.mapping import held, mapped
from cmo.strategy.document import Strategy
from cmo.strategy.verdict import Stance
from cmo.web.answered import section_of
from cmo.web.knowledge import Known, known
from cmo.web.paper import Draft
from cmo.web.views.shown import screen


def page(request: HttpRequest) -> HttpResponse:
    """The strategy on a page."""
    now = known()
    return screen(
        request,
        "strategy",
        write=lambda facts, voice: _write(facts, voice, now),
        title=_("Strategy"),
        template="web/strategy.html",
    )


def _write(facts: Facts, voice: Voice, now: Known) -> Draft:
    strategy, folder = now.strategy, now.workspace.folder
    return Draft(
        headline=_headline(facts, voice),
        answer=_positioning(voice, strategy),
        opening=(verdicts_illustration(facts, voice),),
        sections=(
            figures.goals(facts, voice),
            section_of(
                mapped(folder, language=voice.language),
                name="map",
                title=voice.say("How it holds together", "Comment cela se tient"),
                voice=voice,
            ),
            _bets(facts, voice),
            section_of(
                held(folder, language=voice.language),
                name="holders",
                title=voice.say("Who knew the field", "Qui connaissait le terrain"),
                voice=voice,
            ),
            _ideas(voice, strategy),
        ),
    )


def _headline(facts: Facts, voice: Voice) -> str:
    staked = [one for one in facts.verdicts if one.belief in facts.stakes]
    if not staked:
        return voice.say("What we want, and what we believe", "Ce que nous voulons, et ce que nous croyons")
    first = max(staked, key=lambda one: facts.stakes[one.belief].value)
    return voice.say(
        "Most money rests on one belief: {belief}, {badge}",
        "Le plus d’argent repose sur une conviction : {belief}, {badge}",
        belief=voice.quote(first.says),
        badge=voice.read(BADGE[first.stance]),
    )


def _positioning(voice: Voice, strategy: Strategy) -> str:
    said = strategy.positioning
    if said is None:
        return ""
    parts = {
        "for": said.for_,
        "who": said.who,
        "we_are": said.we_are,
        "that": said.that,
        "unlike": said.unlike,
    }
    words = {name: "" if text is None else voice.read(text) for name, text in parts.items()}
    if not all(words.values()):
        return voice.sentence(", ".join(word for word in words.values() if word))
    return voice.say(
        "For {for_} who {who}, we are {we_are} that {that}, unlike {unlike}.",
        "Pour {for_} qui {who}, nous sommes {we_are} qui {that}, contrairement à {unlike}.",
        for_=words["for"],
        **{name: word for name, word in words.items() if name != "for"},
    )


def _bets(facts: Facts, voice: Voice) -> Section | None:
    order = (Stance.REFUTED, Stance.OPEN, Stance.SUPPORTED, Stance.UNMEASURABLE)
    rows = tuple(
        (
            voice.read(one.says),
            facts.holder(one) or "–",
            voice.read(BADGE[one.stance]),
            "–" if one.stated is None else voice.percent(one.stated),
            "–" if one.probability is None else voice.found(one.probability),
            voice.value(facts.stakes[one.belief]) if one.belief in facts.stakes else "–",
            "–" if one.grade is None else one.grade.value,
        )
        for stance in order
        for one in facts.standing(stance)
    )
    if not rows:
        return None
    table = Table(
        caption=voice.say("Beliefs, and the money on them", "Les convictions, et l’argent posé dessus"),
        columns=(
            Column(label=voice.say("Belief", "Conviction")),
            Column(label=voice.say("Holder", "Porteur")),
            Column(label=voice.say("Verdict", "Verdict")),
            Column(label=voice.say("Stated", "Confiance déclarée"), numeric=True),
            Column(label=voice.say("Found", "Probabilité trouvée"), numeric=True),
            Column(label=voice.say("Money planned", "Argent prévu"), numeric=True),
            Column(label=voice.say("Evidence", "Preuve")),
        ),
        rows=rows,
    )
    return Section(name="bets", title=voice.say("What we believe", "Ce que nous croyons"), blocks=(table,))


def _ideas(voice: Voice, strategy: Strategy) -> Section | None:
    if not strategy.ideas:
        return None
    blocks: tuple[Block, ...] = tuple(Paragraph(text=voice.read(one.says)) for one in strategy.ideas)
    return Section(name="ideas", title=voice.say("Ideas", "Idées"), blocks=blocks)
