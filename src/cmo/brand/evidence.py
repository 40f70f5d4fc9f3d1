"""What the surveys and the market's figures say of the brands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.brand.funnel import conversion, nested_conversion, share_of_people
from cmo.brand.loudness import monthly_shares, share_over_periods
from cmo.brand.method import MENTIONS_FOR_SPEND, METHOD, REASON, small_base
from cmo.measures import DRAWS, MEASURES, Doubt, Estimate, Grade, History, Unanswered, Window
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

FUNNEL = ("awareness", "consideration", "preference", "purchase", "recommendation")
OF_SURVEY = ("awareness", "consideration", "conversion", "image")
OF_MARKET = ("share_of_search", "share_of_voice")
LOUDNESS = ("spend", "mentions")  # advertising where it is known, else what people say
ENOUGH = 30  # persons asked below which a share is said with a doubt
YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Counts of one question by wave and subject.

    Attributes:
        waves: Months of the waves, oldest first.
        subjects: Brands, or attributes.
        asked: Persons asked, shape (waves, subjects); 0 where a subject was not in a wave.
        positive: Persons who said yes, same shape.
    """

    waves: tuple[Window, ...]
    subjects: tuple[str, ...]
    asked: Floats
    positive: Floats


def evidence(field: Field, *, rng: np.random.Generator) -> Answers:
    """`brand.*`: the funnel and the image from the survey, share of search and of voice from the market.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    return [*_of_survey(field, rng=rng), *_of_market(field, rng=rng)]


def _unanswered(why: str, names: Sequence[str], *, unlock: str) -> Answers:
    return [Unanswered(measure=f"brand.{name}", reason=REASON[why], unlock=(unlock,)) for name in names]


def _of_survey(field: Field, *, rng: np.random.Generator) -> Answers:
    if "brand_survey" not in field.tables:
        return _unanswered("no_survey", OF_SURVEY, unlock="brand_survey")
    counts = _survey_counts(field)
    if not counts.num_rows:
        return _unanswered("no_survey", OF_SURVEY, unlock="brand_survey")
    answers: Answers = []
    for question in ("awareness", "consideration"):
        waves = _waves(counts, question=question)
        if waves is None:
            answers += _unanswered(f"no_{question}", (question,), unlock="brand_survey")
        else:
            answers.append(_share(field, question, waves, by="brand", rng=rng))
    return [*answers, _conversion(field, counts, rng=rng), _image(field, counts, rng=rng)]


def _survey_counts(field: Field) -> pa.Table:
    survey = field.table("brand_survey")
    asked = survey.respondents.cast("float64")
    rows = (
        survey.filter(asked > 0, survey.positive >= 0, survey.positive <= survey.respondents)
        .group_by(month=survey.date.truncate("M"), brand=survey.brand, question=survey.question)
        .aggregate(asked=asked.sum(), positive=survey.positive.cast("float64").sum())
        .order_by("month", "brand", "question")
    )
    return field.collect(rows)


def _waves(counts: pa.Table, *, question: str | None = None, brand: str | None = None) -> Waves | None:
    """Counts of a question by brand or, of one brand, by image attribute; None where there are none.

    The subjects are those of the last wave.
    """
    columns = {name: np.asarray(counts[name].to_pylist(), dtype=object) for name in counts.column_names}
    if question is not None:
        inside, subject = columns["question"] == question, columns["brand"]
    else:
        image = ~np.isin(columns["question"], np.array(FUNNEL, dtype=object))
        inside, subject = image & (columns["brand"] == brand), columns["question"]
    if not inside.any():
        return None
    months = sorted(set(columns["month"][inside]))
    subjects = sorted(set(subject[inside & (columns["month"] == months[-1])]))
    asked, positive = np.zeros((2, len(months), len(subjects)))
    for row in np.flatnonzero(inside):
        if subject[row] in subjects:
            place = months.index(columns["month"][row]), subjects.index(subject[row])
            asked[place], positive[place] = columns["asked"][row], columns["positive"][row]
    return Waves(
        waves=tuple(Window.parse(f"{day:%Y-%m}") for day in months),
        subjects=tuple(subjects),
        asked=asked,
        positive=positive,
    )


def _history(waves: Waves, *, rng: np.random.Generator) -> tuple[Floats, tuple[Window, ...]]:
    whole = np.all(waves.asked > 0, axis=1).tolist()
    drawn = share_of_people(waves.positive[whole], waves.asked[whole], rng=rng, draws=DRAWS)
    return drawn, tuple(wave for wave, kept in zip(waves.waves, whole, strict=True) if kept)


def _share(field: Field, name: str, waves: Waves, *, by: str, rng: np.random.Generator) -> Estimate:
    """The last wave, with the waves before as its history; one set of draws for both."""
    drawn, periods = _history(waves, rng=rng)
    return _estimate(
        field,
        name,
        drawn[:, -1, :],
        subjects=waves.subjects,
        by=by,
        window=waves.waves[-1],
        table="brand_survey",
        doubts=small_base(int(waves.asked[-1].min())) if waves.asked[-1].min() < ENOUGH else (),
        history=_history_of(np.swapaxes(drawn, 1, 2), periods),
    )


def _history_of(draws: Floats, periods: tuple[Window, ...]) -> History | None:
    return History.of_draws(draws, periods=periods) if len(periods) > 1 else None


def _conversion(field: Field, counts: pa.Table, *, rng: np.random.Generator) -> Estimate | Unanswered:
    aware, buying = _waves(counts, question="awareness"), _waves(counts, question="purchase")
    if aware is None or buying is None:
        return _unanswered("no_purchase", ("conversion",), unlock="brand_survey")[0]
    waves = sorted(set(aware.waves) & set(buying.waves))
    subjects = tuple(sorted(set(aware.subjects) & set(buying.subjects)))
    if not waves or not subjects:
        return _unanswered("no_purchase", ("conversion",), unlock="brand_survey")[0]
    drawn, kept = [], []
    for wave in waves:
        know, n_know = _at(aware, wave, subjects)
        buy, n_buy = _at(buying, wave, subjects)
        if min(n_know.min(), n_buy.min(), know.min()) <= 0:
            continue
        if np.array_equal(n_know, n_buy) and np.all(buy <= know):
            drawn.append(nested_conversion(buy, know, rng=rng, draws=DRAWS))
        else:
            shares = [share_of_people(*pair, rng=rng, draws=DRAWS) for pair in ((buy, n_buy), (know, n_know))]
            drawn.append(conversion(*shares))
        kept.append(wave)
    if not kept:
        return _unanswered("no_purchase", ("conversion",), unlock="brand_survey")[0]
    return _estimate(
        field,
        "conversion",
        drawn[-1],
        subjects=subjects,
        by="brand",
        window=kept[-1],
        table="brand_survey",
        history=_history_of(np.stack(drawn, axis=2), tuple(kept)),
    )


def _at(waves: Waves, wave: Window, subjects: Sequence[str]) -> tuple[Floats, Floats]:
    row, columns = waves.waves.index(wave), [waves.subjects.index(name) for name in subjects]
    return waves.positive[row, columns], waves.asked[row, columns]


def _image(field: Field, counts: pa.Table, *, rng: np.random.Generator) -> Estimate | Unanswered:
    waves = _waves(counts, brand=field.company.name)
    if waves is None:
        return _unanswered("no_image", ("image",), unlock="brand_survey")[0]
    return _share(field, "image", waves, by="attribute", rng=rng)


def _of_market(field: Field, *, rng: np.random.Generator) -> Answers:
    if "market" not in field.tables:
        return _unanswered("no_market", OF_MARKET, unlock="market")
    figures = _figures(field)
    answers: Answers = [_loudness(field, "share_of_search", figures, metric="search", rng=rng)]
    known = set(figures["metric"].to_pylist())
    metric = next((name for name in LOUDNESS if name in known), LOUDNESS[0])
    return [*answers, _loudness(field, "share_of_voice", figures, metric=metric, rng=rng)]


def _figures(field: Field) -> pa.Table:
    market = field.table("market")
    metrics = ("search", *LOUDNESS)
    rows = (
        market.filter(market.metric.isin(metrics), market.value >= 0)
        .group_by(month=market.date.truncate("M"), brand=market.brand, metric=market.metric)
        .aggregate(value=market.value.cast("float64").sum())
        .order_by("month", "brand", "metric")
    )
    return field.collect(rows)


def _loudness(
    field: Field, name: str, figures: pa.Table, *, metric: str, rng: np.random.Generator
) -> Estimate | Unanswered:
    rows = [row for row in figures.to_pylist() if row["metric"] == metric]
    months = sorted({row["month"] for row in rows})
    brands = tuple(sorted({row["brand"] for row in rows}))
    amounts = np.zeros((len(months), len(brands)))
    for row in rows:
        amounts[months.index(row["month"]), brands.index(row["brand"])] = row["value"]
    heard = amounts.sum(axis=1) > 0
    months = [month for month, kept in zip(months, heard, strict=True) if kept]
    amounts = amounts[heard]
    if len(brands) < 2 or len(months) < 2:
        return _unanswered(f"no_{name}", (name,), unlock="market")[0]
    recent = amounts[-YEAR:]
    periods = tuple(Window.parse(f"{month:%Y-%m}") for month in months)
    past = monthly_shares(amounts, rng=rng, draws=DRAWS)
    return _estimate(
        field,
        name,
        share_over_periods(recent, rng=rng, draws=DRAWS),
        subjects=brands,
        by="brand",
        window=Window(start=periods[-len(recent)].start, end=periods[-1].end),
        table="market",
        doubts=(MENTIONS_FOR_SPEND,) if metric == "mentions" else (),
        exact=recent.sum(axis=0) / recent.sum(),
        history=History.of_draws(np.swapaxes(past, 1, 2), periods=periods, cycle=12),
    )


def _estimate(  # noqa: PLR0913 - what differs between the measures of the room
    field: Field,
    name: str,
    draws: Floats,
    *,
    subjects: tuple[str, ...],
    by: str,
    window: Window,
    table: str,
    doubts: tuple[Doubt, ...] = (),
    exact: Floats | None = None,
    history: History | None = None,
) -> Estimate:
    measure = f"brand.{name}"
    return Estimate.of_draws(
        measure,
        draws,
        subjects=subjects,
        by=by,
        unit=MEASURES[measure].unit,
        window=Window(start=window.start, end=max(window.start, min(window.end, field.as_of))),
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.D,
        tables=(table,),
        doubts=doubts,
        exact=exact,
        history=history,
    )
