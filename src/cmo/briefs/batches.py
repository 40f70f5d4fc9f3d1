"""The next batch of a creative test, as data, sentences and a table."""

from collections.abc import Sequence

from cmo.briefs.answers import Answer, Data
from cmo.experiments.batches import Batch, Creative, Variant
from cmo.experiments.creative_analysis import Taught
from cmo.measures import LANGUAGES, Language, Text, Unit

_SHARE, _COUNT = Unit("share"), Unit("count")


def batch_answer(
    test: str,
    batch: Batch,
    variants: Sequence[Variant],
    *,
    lesson: Taught | None,
    metric: str,
    language: Language,
) -> Answer:
    """What to send next, what is believed of every creative, and what finding out has cost.

    Args:
        test: Which test.
        batch: The next batch.
        variants: What was seen of each creative.
        lesson: What past creatives teach, where there are enough.
        metric: Column of successes.
        language: Language to speak.
    """
    seen = {one.name: one for one in variants}
    lines = [sentence.in_(language) for sentence in (*standing_said(batch), _lesson_said(lesson))]
    data: Data = {
        "id": test,
        "metric": metric,
        "winner": batch.winner,
        "regret": batch.regret,
        "creatives": [_data(one, seen[one.name]) for one in batch.creatives],
        "learnt_from": None
        if lesson is None
        else {
            "tests": lesson.tests,
            "concentration": lesson.concentration,
            "traits": dict(lesson.traits),
        },
    }
    head = Text(
        "creative|next batch|shown|answered|rate|low|high|chance it is best|loss if taken",
        "création|prochain lot|montrée|réponses|taux|bas|haut|chance d’être la meilleure|perte si retenue",
    ).in_(language)
    body = tuple(_row(one, seen[one.name], language) for one in batch.creatives)
    return Answer(data=data, lines=tuple(lines), head=tuple(head.split("|")), body=body)


def standing_said(batch: Batch) -> list[Text]:
    """Who is ahead, with which probability and loss, and what finding out has cost."""
    best = max(batch.creatives, key=lambda one: one.probability_best)
    chance = [_SHARE.write(best.probability_best, to) for to in LANGUAGES]
    loss = [_SHARE.write(best.expected_loss / max(best.rate, 1e-12), to) for to in LANGUAGES]
    cost = [_COUNT.write(batch.regret, to) for to in LANGUAGES]
    ahead = (
        Text(
            f"{best.name} wins: the best with {chance[0]} probability; taking it is expected to lose "
            f"{loss[0]} of its rate.",
            f"{best.name} l’emporte : la meilleure à {chance[1]} ; la retenir ferait perdre {loss[1]} de son "
            "taux.",
        )
        if batch.winner is not None
        else Text(
            f"No winner yet: {best.name} is ahead, the best with {chance[0]} probability; taking it now is "
            f"expected to lose {loss[0]} of its rate.",
            f"Pas encore de gagnante : {best.name} mène, la meilleure à {chance[1]} ; la retenir dès "
            f"maintenant ferait perdre {loss[1]} de son taux.",
        )
    )
    return [
        ahead,
        Text(
            f"Finding out has cost about {cost[0]} answers so far.",
            f"Chercher a coûté environ {cost[1]} réponses jusqu’ici.",
        ),
    ]


def _lesson_said(lesson: Taught | None) -> Text:
    if lesson is None:
        return Text(
            "Fewer than three past tests with this metric: it begins with no opinion.",
            "Moins de trois tests passés avec cette mesure : il commence sans opinion.",
        )
    ranked = sorted(lesson.traits, key=lambda name: -lesson.traits[name])
    told = ", ".join(ranked[:3])
    worth = [_COUNT.write(lesson.concentration, to) for to in LANGUAGES]
    return Text(
        f"{lesson.tests} past tests tell where it begins, worth {worth[0]} units of experience"
        + (f"; what matters most: {told}." if told else "."),
        f"{lesson.tests} tests passés disent d’où partir, pour {worth[1]} unités d’expérience"
        + (f" ; ce qui compte le plus : {told}." if told else "."),
    )


def _data(one: Creative, seen: Variant) -> Data:
    return {
        "name": one.name,
        "next": one.units,
        "shown": seen.units,
        "answered": seen.successes,
        "rate": one.rate,
        "low": one.low,
        "high": one.high,
        "probability_best": one.probability_best,
        "expected_loss": one.expected_loss,
        "expected_before": seen.expected,
    }


def _row(one: Creative, seen: Variant, language: Language) -> tuple[str, ...]:
    counts = (one.units, seen.units, seen.successes)
    shares = (one.rate, one.low, one.high, one.probability_best, one.expected_loss)
    return (
        one.name,
        *(_COUNT.write(value, language) for value in counts),
        *(_SHARE.write(value, language) for value in shares),
    )
