"""What several screens say of areas of knowledge."""

from collections.abc import Sequence
from dataclasses import replace

from cmo.briefs.document import Bullets, Section
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice


def named(section: Section | None, name: str, title: str) -> Section | None:
    """A section under another name, where there is one."""
    return None if section is None else replace(section, name=name, title=title)


def gaps(facts: Facts, areas: Sequence[str], *, voice: Voice) -> Section | None:
    """What cannot be said in some areas, and why; none where everything can."""
    reasons = dict.fromkeys(
        voice.read(one.reason) for one in facts.unanswered if one.measure.partition(".")[0] in areas
    )
    if not reasons:
        return None
    title = voice.say("What cannot be said yet", "Ce qui ne peut pas encore être dit")
    return Section(name="gaps", title=title, blocks=(Bullets(items=tuple(reasons)),))
