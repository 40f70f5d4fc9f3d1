"""What the published pieces say of formats, channels and topics."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.content.pooling import pooled_rates, rate_errors
from cmo.measures import DRAWS, Estimate, Grade, Text, Unanswered
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

ENGAGEMENT = "content.engagement"
BY = ("format", "channel", "topic")
METHOD = Text(
    "Engagements per impression over all pieces. Pieces of one kind differ, so the interval is that of other "
    "pieces, not of other clicks; kinds with few pieces are drawn towards the others as far as kinds are "
    "alike (partial pooling).",
    "Engagements par impression sur toutes les publications. Les publications d'un même genre diffèrent, "
    "donc l'intervalle est celui d'autres publications et non d'autres clics ; les genres peu publiés sont "
    "rapprochés des autres dans la mesure où les genres se ressemblent (regroupement partiel).",
)
REASON = Text(
    "There is no content with both impressions and engagements.",
    "Il n'y a pas de contenu avec des impressions et des engagements.",
)


def evidence(field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
    """`content.engagement` by format, by channel and by topic.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    unknown = Unanswered(
        measure=ENGAGEMENT, reason=REASON, unlock=("content.impressions", "content.engagements")
    )
    if "content" not in field.tables:
        return [unknown]
    columns = field.columns("content")
    if not {"impressions", "engagements"} <= set(columns):
        return [unknown]
    answers: list[Estimate | Unanswered] = []
    for by in BY:
        cells = _counts(field, by) if by in columns else None
        if cells is not None and cells.num_rows:
            answers.append(_engagement(field, cells, by=by, rng=rng))
    return answers or [unknown]


def _counts(field: Field, by: str) -> pa.Table:
    """Sums over the pieces of each kind, and how unlike they are."""
    rows = field.table("content")
    rows = rows.filter(rows.impressions > 0, rows.engagements >= 0, rows[by].notnull())
    shown, reactions = rows.impressions.cast("float64"), rows.engagements.cast("float64")
    return field.collect(
        rows.group_by(subject=rows[by])
        .aggregate(
            shown=shown.sum(),
            reactions=reactions.sum(),
            shown_squares=(shown * shown).sum(),
            reactions_squares=(reactions * reactions).sum(),
            cross=(shown * reactions).sum(),
        )
        .order_by("subject")
    )


def _engagement(field: Field, cells: pa.Table, *, by: str, rng: np.random.Generator) -> Estimate:
    sums = {
        name: cells[name].to_numpy().astype(np.float64) for name in cells.column_names if name != "subject"
    }
    rate = sums["reactions"] / sums["shown"]
    residual = sums["reactions_squares"] - 2 * rate * sums["cross"] + rate**2 * sums["shown_squares"]
    log_rates, errors = rate_errors(
        sums["reactions"],
        sums["shown"],
        residual_squares=np.maximum(residual, 0.0),
        pieces=sums["shown"] ** 2 / sums["shown_squares"],
    )
    return Estimate.of_draws(
        ENGAGEMENT,
        pooled_rates(log_rates, errors, rng=rng, draws=DRAWS),
        subjects=tuple(cells["subject"].to_pylist()),
        by=by,
        unit="share",
        window=field.span("content"),
        as_of=field.as_of,
        method=METHOD,
        grade=Grade.D,
        tables=("content",),
    )
