"""`cmo market`: how large the market is and who has it, what happened in it, and who else does the job."""

from datetime import timedelta
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.market_answers import MarketSheet, market_answer
from cmo.ledger.reviews import remembered_evidence
from cmo.ledger.strategy import remembered_strategy
from cmo.loop.standing import standing
from cmo.market.timeline_evidence import timeline
from cmo.measures import Language
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

RECENT = timedelta(days=400)
MEASURES = ("market.size", "market.share", "market.growth", "market.price_index")


def market(folder: Path, *, every: bool = False, language: Language | None) -> Answer:
    """The market's figures, its timeline, and substitutes from other sectors.

    Args:
        folder: The company's folder.
        every: The whole timeline and not only that of the last 400 days.
        language: Language of the answer.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    sheet = sheet_of(now.workspace, every=every)
    return market_answer(sheet, currency=now.workspace.config.company.currency, language=now.language)


def sheet_of(workspace: Workspace, *, every: bool = False) -> MarketSheet:
    """All that there is to say of the market; the workspace's ledger is open."""
    field = open_field(workspace)
    found = timeline(field)
    since = field.as_of - RECENT
    return MarketSheet(
        estimates=tuple(one for name in MEASURES for one in remembered_evidence(name).estimates),
        series=found.series,
        happenings=tuple(one for one in found.happenings if every or one.until >= since),
        competitors=remembered_strategy().competitors,
        sector=workspace.config.company.sector or "",
    )
