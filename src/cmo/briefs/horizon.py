"""Sections on what is watched: topics on the radar, and sales channels from prospect to stop."""

from collections.abc import Sequence

from cmo.briefs.channel_answers import STAGES
from cmo.briefs.document import Bullets, Column, Section, Table
from cmo.briefs.radar_answers import RINGS, OnRadar, lines
from cmo.briefs.voice import Voice
from cmo.market.radar import Ring, suggestion
from cmo.market.radar_evidence import Blip
from cmo.measures import Unit
from cmo.strategy.channel_step import ChannelStep

_COUNT = Unit("count")
_MOST = 15


def radar_section(sky: OnRadar, *, voice: Voice) -> Section:
    """How the radar keeps its word, and the topics with their rings."""
    title = voice.say("The radar", "Le radar")
    said = Bullets(items=tuple(lines(sky, voice=voice)))
    if not sky.blips:
        return Section(name="radar", title=title, blocks=(said,))
    table = Table(
        caption=voice.say(
            "Chance that each topic's volume is half as much again in six to seventeen months",
            "Chance que le volume de chaque sujet ait augmenté de moitié dans six à dix-sept mois",
        ),
        columns=(
            Column(label=voice.say("Topic", "Sujet")),
            Column(label=voice.say("Chance", "Chance"), numeric=True),
            Column(
                label=voice.say("Nine chances in ten between", "Neuf chances sur dix entre"), numeric=True
            ),
            Column(label=voice.say("Ring", "Anneau")),
            Column(label=voice.say("Who put it there", "Qui l’y a mis")),
            Column(label=voice.say("Suggested", "Proposé")),
            Column(label=voice.say("A month", "Par mois"), numeric=True),
            Column(label=voice.say("Ceiling", "Plafond"), numeric=True),
        ),
        rows=tuple(_topic(sky, one, voice=voice) for one in sky.blips[:_MOST]),
    )
    return Section(name="radar", title=title, blocks=(said, table))


def _topic(sky: OnRadar, blip: Blip, *, voice: Voice) -> tuple[str, ...]:
    place = sky.ring(blip.told.topic)
    to = suggestion(blip.told.chance, None if place is None else place[1])
    between = voice.say(
        "{low} and {high}", "{low} et {high}", low=voice.found(blip.low), high=voice.found(blip.high)
    )
    return (
        blip.told.topic,
        voice.found(blip.told.chance),
        between,
        _ring(None if place is None else place[1], voice=voice),
        "–" if place is None else f"{place[3]}, {voice.day(place[4])}",
        _ring(to, voice=voice),
        _COUNT.write(blip.told.volume, voice.language),
        _COUNT.write(blip.ceiling[0], voice.language),
    )


def _ring(ring: Ring | None, *, voice: Voice) -> str:
    return "–" if ring is None else voice.read(RINGS[ring])


def stages_section(steps: Sequence[ChannelStep], *, voice: Voice) -> Section | None:
    """Where each sales channel was last put, by whom; none where nobody has put any."""
    last = {one.channel: one for one in steps}
    if not last:
        return None
    table = Table(
        caption=voice.say("Where sales channels stand", "Où en sont les canaux de vente"),
        columns=(
            Column(label=voice.say("Channel", "Canal")),
            Column(label=voice.say("Stage", "Étape")),
            Column(label=voice.say("Since", "Depuis")),
            Column(label=voice.say("By", "Par")),
            Column(label=voice.say("To be judged on", "À juger le")),
            Column(label=voice.say("Kill below", "Arrêter sous"), numeric=True),
        ),
        rows=tuple(
            (
                one.channel,
                voice.read(STAGES[one.stage]),
                voice.day(one.moved_at.date()),
                one.moved_by,
                str(one.terms.get("review_on", "–")),
                "–"
                if "kill_below" not in one.terms
                else Unit("count/count").write(one.terms["kill_below"], voice.language),
            )
            for one in last.values()
        ),
    )
    return Section(name="stages", title=voice.say("Stages", "Étapes"), blocks=(table,))
