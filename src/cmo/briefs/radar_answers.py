"""The radar as data and as the lines and table of a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.market.first_mover import Bonus
from cmo.market.mentions_evidence import Leaning
from cmo.market.radar import Ring, Score, Seen, score, suggestion
from cmo.market.radar_evidence import Blip
from cmo.measures import Language, Text, Unit
from cmo.strategy.document import Idea

RINGS: Final = {
    Ring.WATCH: Text("watch", "à suivre"),
    Ring.TRY: Text("try", "à essayer"),
    Ring.ADOPT: Text("adopt", "adopté"),
    Ring.DROP: Text("drop", "écarté"),
}
_MOST_SEGMENTS: Final = 3
_COUNT: Final = Unit("count")

Moved = tuple[str, Ring, str, str, date]
"""Topic, ring, reason, who, when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRadar:
    """All that there is to say of the radar.

    Attributes:
        as_of: Last day of the data; none before a review looked.
        blips: The topics heard of, those most likely to rise first.
        leanings: The segments that speak of each.
        early: What being early brought; none where nothing was ever new.
        back: What it would have said earlier, and what came.
        seen: What it said in its life, and what came.
        moves: Every move, the oldest first.
        ideas: Ideas of the strategy that name a topic.
    """

    as_of: date | None
    blips: tuple[Blip, ...]
    leanings: tuple[Leaning, ...]
    early: Bonus | None
    back: tuple[Seen, ...]
    seen: tuple[Seen, ...]
    moves: tuple[Moved, ...]
    ideas: tuple[Idea, ...]

    def ring(self, topic: str) -> Moved | None:
        """Where a topic is: its last move."""
        return next((one for one in reversed(self.moves) if one[0] == topic), None)


def radar_answer(sky: OnRadar, *, currency: str, language: Language) -> Answer:
    """What rises, on which ring it is, and how well the radar keeps its word."""
    voice = Voice(language)
    heard = [one.told.topic for one in sky.blips]
    silent = [topic for topic in dict.fromkeys(one[0] for one in sky.moves) if topic not in heard]
    rows = [_row(sky, one, language=language) for one in sky.blips]
    rows += [_silent(sky, topic) for topic in silent]
    data: Data = {
        "as_of": None if sky.as_of is None else sky.as_of.isoformat(),
        "topics": rows,
        "score": _score_data(score(sky.seen)),
        "own_past": _score_data(score(sky.back)),
        "first_mover": None if sky.early is None else _early_data(sky.early),
        "moves": [_move(one) for one in sky.moves],
    }
    head = Text(
        "topic|chance that it rises|from|to|ring|by|suggested|a month|ceiling|to try",
        "sujet|chance qu'il monte|de|à|anneau|par|proposé|par mois|plafond|pour essayer",
    )
    return Answer(
        data=data,
        lines=tuple(lines(sky, voice=voice)),
        head=tuple(head.in_(language).split("|")) if sky.blips else (),
        body=tuple(_cells(row, currency=currency, voice=voice) for row in rows if row["chance"]),
    )


def lines(sky: OnRadar, *, voice: Voice) -> list[str]:
    """How well the radar keeps its word, and whether being early pays."""
    if not sky.blips:
        return [
            voice.say(
                "The radar hears nothing yet: no topic has been followed for fifteen months. "
                "Give signals, or follow feeds with cmo radar follow.",
                "Le radar n'entend encore rien : aucun sujet n'est suivi depuis quinze mois. "
                "Donnez des signaux, ou suivez des flux avec cmo radar follow.",
            )
        ]
    live, back = score(sky.seen), score(sky.back)
    said = [_kept(live, voice=voice)]
    if back is not None:
        said.append(
            voice.say(
                "Walked over your own past it would have said {said} of {n} chances on average; {came} came "
                "true.",
                "Rejoué sur votre propre passé, il aurait dit {said} en moyenne sur {n} chances ; {came} se "
                "sont réalisées.",
                said=voice.percent(back.said),
                n=voice.count(back.n),
                came=voice.percent(back.came),
            )
        )
    return [*said, early_line(sky.early, voice=voice)]


def _kept(live: Score | None, *, voice: Voice) -> str:
    if live is None:
        return voice.say(
            "No chance that it told has come of age yet: each is held against what came eighteen months "
            "later.",
            "Aucune des chances annoncées n'est encore arrivée à terme : chacune est confrontée à ce qui est "
            "venu dix-huit mois plus tard.",
        )
    better = live.brier < live.base_brier
    return voice.say(
        "Of {n} chances told and come of age it said {said} on average and {came} came true; its squared "
        "error is {verdict} than that of always saying so.",
        "Sur {n} chances annoncées et arrivées à terme, il disait {said} en moyenne et {came} se sont "
        "réalisées ; son erreur quadratique est {verdict} que celle de toujours dire cela.",
        n=voice.count(live.n),
        said=voice.percent(live.said),
        came=voice.percent(live.came),
        verdict=voice.read(
            Text("smaller", "plus petite") if better else Text("no smaller", "pas plus petite")
        ),
    )


def early_line(early: Bonus | None, *, voice: Voice) -> str:
    """Whether being early pays for this company, in a sentence."""
    if early is None:
        return voice.say(
            "Whether being early pays here cannot be said: nothing new was begun while the books were kept.",
            "On ne peut dire si être parmi les premiers paie ici : rien de neuf n'a été lancé pendant la "
            "période couverte.",
        )
    return voice.say(
        "Being early has brought {mean} more per effort at first than later ({low} to {high}, {n} "
        "{launches}); that it pays: {chance}.",
        "Être parmi les premiers a rapporté {mean} de plus par effort au début que plus tard ({low} à "
        "{high}, {n} {launches}) ; que cela paie : {chance}.",
        mean=_signed(early.mean, voice=voice),
        low=_signed(early.low, voice=voice),
        high=_signed(early.high, voice=voice),
        n=voice.count(len(early.launches)),
        launches=voice.choose(
            len(early.launches), Text("launch", "lancement"), Text("launches", "lancements")
        ),
        chance=voice.chances(early.pays),
    )


def _signed(part: float, *, voice: Voice) -> str:
    return Unit("share").write(part, voice.language)


def _row(sky: OnRadar, blip: Blip, *, language: Language) -> dict[str, Any]:
    topic = blip.told.topic
    place = sky.ring(topic)
    to = suggestion(blip.told.chance, None if place is None else place[1])
    return {
        "topic": topic,
        "chance": {"mean": blip.told.chance, "q05": blip.low, "q95": blip.high},
        "volume": blip.told.volume,
        "since": blip.since,
        "log_growth": blip.growth,
        "ceiling": _span(blip.ceiling),
        "months_to_ceiling": _span(blip.months),
        **_place(place),
        "suggested": None if to is None else to.value,
        "segments": [
            {
                "segment": one.segment,
                "index": one.index,
                "q05": one.low,
                "q95": one.high,
                "customers": one.customers,
            }
            for one in sky.leanings
            if one.topic == topic
        ][:_MOST_SEGMENTS],
        "ideas": [_idea(one, language=language) for one in sky.ideas if one.topic == topic],
    }


def _idea(idea: Idea, *, language: Language) -> dict[str, Any]:
    return {"id": idea.id, "says": idea.says.in_(language), "cost": idea.cost, "hours": idea.hours}


def _silent(sky: OnRadar, topic: str) -> dict[str, Any]:
    return {"topic": topic, "chance": None, "suggested": None, **_place(sky.ring(topic))}


def _place(place: Moved | None) -> dict[str, Any]:
    if place is None:
        return {"ring": None, "ring_by": None, "ring_since": None, "ring_because": None}
    return {
        "ring": place[1].value,
        "ring_by": place[3],
        "ring_since": place[4].isoformat(),
        "ring_because": place[2],
    }


def _move(one: Moved) -> dict[str, Any]:
    return {"topic": one[0], "ring": one[1].value, "because": one[2], "by": one[3], "on": one[4].isoformat()}


def _span(three: Sequence[float]) -> dict[str, float]:
    return {"median": three[0], "q05": three[1], "q95": three[2]}


def _score_data(kept: Score | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    return {
        "chances": kept.n,
        "said": kept.said,
        "came": kept.came,
        "brier": kept.brier,
        "brier_of_always_saying_so": kept.base_brier,
        "top_five_right": kept.first_few,
        "caught": kept.caught,
        "false_alarms": kept.false_alarms,
    }


def _early_data(early: Bonus) -> dict[str, Any]:
    return {
        "bonus": {"median": early.mean, "q05": early.low, "q95": early.high},
        "pays": early.pays,
        "half_life_weeks": early.half_life,
        "launches": [
            {
                "name": one.name,
                "kind": one.kind,
                "bonus": {"median": one.bonus, "q05": one.low, "q95": one.high},
                "half_life_weeks": one.half_life,
                "cost_of_a_result_on_the_usual": one.cost,
            }
            for one in early.launches
        ],
    }


def _cells(row: dict[str, Any], *, currency: str, voice: Voice) -> tuple[str, ...]:
    language = voice.language
    ring, to = row["ring"], row["suggested"]
    costs = [one["cost"] for one in row["ideas"] if one["cost"] is not None]
    return (
        row["topic"],
        *(voice.found(row["chance"][name]) for name in ("mean", "q05", "q95")),
        RINGS[Ring(ring)].in_(language) if ring else "–",
        row["ring_by"] or "–",
        RINGS[Ring(to)].in_(language) if to else "–",
        _COUNT.write(row["volume"], language),
        _COUNT.write(row["ceiling"]["median"], language),
        Unit(currency).write(min(costs), language) if costs else "–",
    )
