"""What customers suffer from, in a brief: how many say so, what goes with it, and in whose words."""

from cmo.briefs.document import Bullets, Section
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.briefs.voice_answers import graded, named, quoted, span, stage_name
from cmo.measures import Unit

MOST = 5


def suffered(facts: Facts, voice: Voice) -> Section | None:
    """The problems that weigh most; none where opinions tell of none."""
    unit = Unit(facts.company.currency)
    told = []
    for one in facts.problems[:MOST]:
        said = voice.say(
            "{name}: {share} of the opinions complain of it; value at stake: {stake}; {state}.",
            "{name} : {share} des avis s'en plaignent ; valeur en jeu : {stake} ; {state}.",
            name=named(one["id"], voice),
            share=span(one["frequency"], voice),
            stake=span(one["stake"]["money"] if one["stake"] else None, voice, unit=unit),
            state=stage_name(one, voice),
        )
        words = next(iter(one["quotes"]), None)
        told.append(said if words is None else f"{said} {quoted(words, voice)}")
    if not told:
        return None
    title = voice.say("What customers suffer from", "Ce dont souffrent les clients")
    return Section(name="suffered", title=title, blocks=(Bullets(items=(*told, graded(voice))),))
