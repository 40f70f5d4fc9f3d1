"""`cmo channels`: the sales channels at hand and those that could be, each at its stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.channel_answers import ChannelRow, ChannelSheet, channels_answer
from cmo.distribution.moving_evidence import can_move, opened, shared, shifts
from cmo.distribution.piloting import since
from cmo.distribution.standing import Figures, advice
from cmo.ledger.channels import channel_stages, channel_steps, move_channel
from cmo.ledger.decisions import standing_decisions
from cmo.ledger.reviews import remembered_evidence
from cmo.ledger.strategy import remembered_strategy
from cmo.loop.measuring import seed_of
from cmo.loop.standing import standing, user
from cmo.measures import Estimate, Language, Problem
from cmo.strategy.channel_step import ChannelStep
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.portfolio import Stage
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a pilot is begun.

    Attributes:
        money: What it may cost.
        weeks: How long it runs.
        kill_below: Margin per money it must bring to go on.
    """

    money: float | None = None
    weeks: int | None = None
    kill_below: float | None = None


def channels(folder: Path, *, language: Language | None) -> Answer:
    """Every sales channel with its figures and stage, and what moves between them.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    currency = now.workspace.config.company.currency
    return channels_answer(sheet_of(now.workspace), currency=currency, language=now.language)


def sheet_of(workspace: Workspace) -> ChannelSheet:
    """All that there is to say of sales channels; the workspace's ledger is open."""
    field = open_field(workspace)
    figures = _figures()
    known = channel_stages()
    pilots = {one.packet.id.removeprefix("pilot-"): one.packet for one in standing_decisions()}
    ideas = {one.channel or one.id: one for one in remembered_strategy().ideas if one.kind == "channel"}
    rows = [
        _row(name, figures.get(name), known.get(name), field=field, pilot=_pilot(name, ideas, pilots))
        for name in dict.fromkeys((*figures, *known, *ideas))
    ]
    moves = can_move(field)
    rng = np.random.default_rng(seed_of("channels", field, ("orders",) if moves else ()))
    return ChannelSheet(
        as_of=field.as_of,
        rows=tuple(rows),
        shared=shared(field) if moves else (),
        shifts=shifts(field) if moves else (),
        opened=opened(field, rng=rng) if moves else (),
        steps=channel_steps(),
    )


def moved(
    folder: Path,
    channel: str,
    stage: str,
    *,
    words: str,
    terms: Terms,
    language: Language | None,
    by: str | None = None,
) -> Answer:
    """Move a sales channel to a stage; a pilot is begun with its money, its length and its rule to end it.

    Raises:
        Problem: There has been no review, there is no such stage, a pilot has no end, or it is there already.
    """
    now = standing(folder, language)
    if stage not in set(Stage):
        raise Problem(f"{stage} is no stage of a channel; choose {', '.join(Stage)}")
    told = _terms(channel, terms) if stage == Stage.PILOT else {}
    with now.workspace.writing():
        move_channel(channel, Stage(stage), words=words, terms=told, by=by or user())
    return channels(folder, language=language)


def _terms(channel: str, given: Terms) -> dict[str, Any]:
    packet = _pilot(
        channel,
        {one.channel or one.id: one for one in remembered_strategy().ideas},
        {one.packet.id.removeprefix("pilot-"): one.packet for one in standing_decisions()},
    )
    money = given.money if given.money is not None else (None if packet is None else packet.money)
    weeks = given.weeks
    if weeks is None and packet is not None:
        weeks = max((packet.review_on - packet.period.start).days // 7 - 2, 1)
    if money is None or weeks is None or money <= 0 or weeks <= 0:
        raise Problem(
            f"a pilot of {channel} needs an end before it begins: give --money and --weeks, both above 0"
        )
    today = datetime.now(tz=UTC).date()
    return {
        "money": money,
        "weeks": weeks,
        "kill_below": 1.0 if given.kill_below is None else given.kill_below,
        "started_on": today.isoformat(),
        "review_on": (today + timedelta(weeks=weeks)).isoformat(),
    }


def _figures() -> dict[str, Figures]:
    """Share, growth, margin and revenue of each channel, as the last review left them."""
    found: dict[str, dict[str, Any]] = {}
    for measure in ("revenue_share", "growth", "margin", "cannibalisation"):
        for estimate in remembered_evidence(f"distribution.{measure}").estimates:
            for subject in estimate.subjects:
                found.setdefault(subject, {})[measure] = _span(estimate, subject)
    for estimate in remembered_evidence("sales.revenue").estimates:
        if estimate.by == "sales_channel":
            for subject in estimate.subjects:
                found.setdefault(subject, {})["revenue"] = _span(estimate, subject)
    return {name: Figures(**one) for name, one in found.items()}


def _span(estimate: Estimate, subject: str) -> tuple[float, float, float]:
    figure = estimate.figure(subject)
    return figure.value, figure.low, figure.high


def _pilot(channel: str, ideas: Mapping[str, Any], pilots: Mapping[str, Packet]) -> Packet | None:
    idea = ideas.get(channel)
    return None if idea is None else pilots.get(idea.id)


def _row(
    name: str, figures: Figures | None, step: ChannelStep | None, *, field: Field, pilot: Packet | None
) -> ChannelRow:
    stage = step.stage if step is not None else (Stage.PROSPECT if figures is None else None)
    brought = None
    if step is not None and step.stage is Stage.PILOT and step.terms:
        brought = since(field, name, date.fromisoformat(step.terms["started_on"]))
    return ChannelRow(
        channel=name,
        stage=stage,
        step=step,
        figures=figures,
        advice=advice(
            figures,
            stage,
            terms=None if step is None else step.terms,
            brought=None if brought is None else brought.margin,
            today=field.as_of,
        ),
        brought=brought,
        pilot=pilot,
    )
