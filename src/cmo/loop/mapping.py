"""The strategy on one page, and how well those who hold its beliefs knew the field."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.strategy_map import holders_answer, map_answer
from cmo.ledger.confidences import stated_before
from cmo.ledger.decisions import standing_decisions
from cmo.ledger.reviews import remembered_evidence
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.verdicts import verdicts
from cmo.loop.standing import standing
from cmo.measures import Language
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.life import OPEN
from cmo.strategy.goal import outlook
from cmo.strategy.holders import myth, scores
from cmo.strategy.map import strategy_map
from cmo.strategy.portfolio import Stage, stages
from cmo.strategy.stake import stakes


def mapped(folder: Path, *, language: Language | None) -> Answer:
    """Goals, choices, bets and beliefs on one page, and where they do not hold together.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    strategy, evidence = remembered_strategy(), remembered_evidence()
    company = now.workspace.config.company
    currency = company.currency
    ground = Ground(
        evidence=evidence,
        strategy=strategy,
        verdicts=(),
        currency=currency,
        today=now.review.finished_at.date(),
    )
    found = strategy_map(
        strategy,
        verdicts=verdicts(),
        outlooks={
            one.id: outlook(one, evidence, currency=currency, company=company.name)
            for one in strategy.objectives
        },
        stakes=stakes(strategy),
        decisions=[one.packet for one in standing_decisions() if one.state in OPEN],
        channels=_channels(ground),
        currency=currency,
    )
    return map_answer(found, currency=currency, language=now.language)


def held(folder: Path, *, language: Language | None) -> Answer:
    """How well each holder's confidence, said before the data, met the field.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    found, said = verdicts(), stated_before()
    return holders_answer(
        scores(found, said),
        myth(found, said, stakes=stakes(remembered_strategy())),
        currency=now.workspace.config.company.currency,
        language=now.language,
    )


def _channels(ground: Ground) -> dict[str, Stage]:
    """Where each channel stands: those of the plan by what they bring, those of ideas as prospects."""
    known = {} if ground.curves is None else stages(ground.curves, ground.current)
    ideas = (one.channel or one.id for one in ground.strategy.ideas if one.kind == "channel")
    return known | {name: Stage.PROSPECT for name in ideas if name.replace("-", "_") not in known}
