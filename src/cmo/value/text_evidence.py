"""What customers write: how content they are with each aspect, and what that does to the mark."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np

from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text
from cmo.value.contentment import Floats
from cmo.value.opinion_evidence import COMPLAINTS, best_mark, own_feedback
from cmo.value.voice import Heard, Said, hear, spread
from cmo.warehouse.field import Field

_READ = Text(
    "Clauses are found in French and English by a list of words; whether one is content was learned from "
    "the company's own marks, helped by a list of words of praise and blame.",
    "Les propositions sont repérées en français et en anglais par une liste de mots ; leur ton a été appris "
    "sur les notes de l'entreprise, avec l'aide d'une liste de mots d'éloge et de blâme.",
)
METHOD = Text(
    "Share of content clauses among those that name the aspect, over all opinions with a text. "
    f"{_READ.en} The opinions are resampled and read anew each time, so the interval says how far other "
    "opinions and another reading of their words could have moved it.",
    "Part des propositions satisfaites parmi celles qui nomment l'aspect, dans tous les avis rédigés. "
    f"{_READ.fr} Les avis sont rééchantillonnés et relus à chaque fois : l'intervalle dit de combien "
    "d'autres avis et une autre lecture de leurs mots auraient pu la déplacer.",
)
SPOKEN = Text(
    "Share of the opinions with a text that name the aspect, found in French and English by a list of words. "
    "The opinions are resampled.",
    "Part des avis rédigés qui nomment l'aspect, repéré en français et en anglais par une liste de mots. Les "
    "avis sont rééchantillonnés.",
)
BEARING = Text(
    "Difference of the mark, as a share of the best mark, between opinions content and not content with the "
    f"aspect, the other aspects they speak of being equal. {_READ.en} It does not prove that mending the "
    "aspect would raise the mark by as much.",
    "Écart de la note, en part de la meilleure note, entre avis satisfaits et non satisfaits de l'aspect, "
    f"les autres aspects dont ils parlent étant égaux. {_READ.fr} Rien ne prouve qu'améliorer l'aspect "
    "relèverait la note d'autant.",
)
LIST_ALONE = Doubt(
    code="list_alone",
    says=Text(
        "Too few opinions with a text have a mark: clauses were read by the list of words alone, which "
        "misreads about one in four.",
        "Trop peu d'avis rédigés portent une note : les propositions ont été lues par la seule liste de "
        "mots, qui se trompe environ une fois sur quatre.",
    ),
)


def aspects(field: Field, *, rng: np.random.Generator) -> list[Estimate]:
    """`value.satisfaction` by aspect, `value.topic_share` and `value.driver`.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates; none where no text names an aspect often enough.
    """
    said = said_of(field)
    heard = None if said is None else hear(said, rng=rng)
    if heard is None or not heard.spoken:
        return []
    spoken = list(heard.spoken)
    found = [
        _estimate(
            field, "satisfaction", spread(heard.content_shares()[:, spoken], rng=rng), heard, method=METHOD
        ),
        _estimate(
            field,
            "topic_share",
            spread(heard.opinion_shares(discontent=False)[:, spoken], rng=rng),
            heard,
            method=SPOKEN,
        ),
    ]
    bearing = heard.contentment.bearing
    if bearing is not None:
        draws = spread(np.clip(bearing[:, spoken], 0, 1), rng=rng)
        found.append(_estimate(field, "driver", draws, heard, method=BEARING))
    return found


def said_of(field: Field) -> Said | None:
    """The opinions on the company, all of them, as they were written; None where there is no text.

    The words themselves are the data here: there is no smaller sufficient statistic.
    """
    if "feedback" not in field.tables or "text" not in field.columns("feedback"):
        return None
    rows = own_feedback(field).filter(lambda row: row["text"].notnull())
    has = set(field.columns("feedback"))
    chosen: dict[str, ir.Value] = {
        "feedback_id": rows.feedback_id,
        "day": rows["at"].date(),
        "text": rows.text,
        "mark": rows.rating / best_mark(field, rows) if "rating" in has else ibis.null("float64"),
        "complaint": rows.source.lower().isin(COMPLAINTS).fill_null(False)
        if "source" in has
        else ibis.literal(value=False),
        "customer": rows.customer_id if "customer_id" in has else ibis.null("string"),
    }
    read = field.collect(rows.select(**chosen).order_by("feedback_id"))
    if not read.num_rows:
        return None
    return Said(
        ids=tuple(read["feedback_id"].to_pylist()),
        texts=tuple(read["text"].to_pylist()),
        marks=np.array([np.nan if mark is None else mark for mark in read["mark"].to_pylist()], dtype=float),
        days=np.array([_ordinal(day) for day in read["day"].to_pylist()], dtype=np.int64),
        asked=~np.asarray(read["complaint"].to_pylist(), dtype=bool),
        customers=tuple(read["customer"].to_pylist()),
    )


def _ordinal(day: date) -> int:
    return day.toordinal()


def _estimate(field: Field, name: str, draws: Floats, heard: Heard, *, method: Text) -> Estimate:
    if draws.shape[0] != DRAWS:
        raise ValueError(f"{draws.shape[0]} draws, {DRAWS} expected")
    alone = heard.contentment.bearing is None and name != "topic_share"
    return Estimate.of_draws(
        f"value.{name}",
        draws,
        subjects=tuple(heard.clauses.aspects[place] for place in heard.spoken),
        by="topic" if name == "topic_share" else "aspect",
        unit="share",
        window=field.span("feedback"),
        as_of=field.as_of,
        method=method,
        grade=Grade.D,
        tables=("feedback",),
        doubts=(LIST_ALONE,) if alone else (),
    )
