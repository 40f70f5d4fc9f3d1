"""What customers say, worked out once for each review and kept beside it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cmo.ledger.reviews import last_review
from cmo.ledger.strategy import remembered_strategy
from cmo.loop.observing import Progress
from cmo.loop.roll import path_of as roll_of
from cmo.measures import Problem, Text
from cmo.value.emergence import FALSE_ALARMS, risen
from cmo.value.opinion_evidence import recommendation_drift
from cmo.value.problems import Customer, problems_of, quotes
from cmo.value.promise import proofs
from cmo.value.redaction import redacted
from cmo.value.text_evidence import said_of
from cmo.value.voice import Heard, hear, spread
from cmo.value.voice_topics import found_topics
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

QUOTES = 3
WEEK = 7
THERE = 0.5  # chance of being there from which a customer counts
PARTS = ("who", "we_are", "that")  # parts of the positioning that opinions can bear out


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVoice:
    """What customers said, as the last review's data have it.

    Attributes:
        told: Aspects, topics, rising complaints, drift, promise and problems, as plain values.
        clauses: File of all clauses that name an aspect.
    """

    told: Mapping[str, Any]
    clauses: Path


def keep_voice(workspace: Workspace, *, progress: Progress) -> KeptVoice | None:
    """Work out what customers say, unless that was done for the last review.

    Args:
        workspace: The company's folder, its ledger open.
        progress: Told what is being done.

    Returns:
        What is kept; None where there has been no review.
    """
    review = last_review()
    if review is None:
        return None
    of = f"{version('chief-marketing-officer')} {review.run.fingerprint}"
    folder = workspace.cmo / "voice"
    clauses = folder / "clauses.parquet"
    if not clauses.exists() or _about(clauses).get("of") != of:
        progress(Text("listening to what customers say", "écoute de ce que disent les clients"))
        told, rows = _worked_out(workspace)
        folder.mkdir(exist_ok=True)
        new = clauses.with_suffix(".new")
        schema = {b"cmo": json.dumps({**told, "of": of}, ensure_ascii=False).encode()}
        pq.write_table(rows.replace_schema_metadata(schema), new, compression="zstd")
        new.replace(clauses)
    return KeptVoice(told=_about(clauses), clauses=clauses)


def kept_voice(workspace: Workspace, *, progress: Progress) -> KeptVoice:
    """What customers say, worked out now where no review did.

    Args:
        workspace: The company's folder, its ledger open.
        progress: Told what is being done.

    Raises:
        Problem: There has been no review, or no opinion in words.
    """
    kept = keep_voice(workspace, progress=progress)
    if kept is None:
        raise Problem(f"{workspace.folder}: nothing has been reviewed here yet; run cmo review first")
    if not kept.told.get("aspects"):
        raise Problem(
            "there is no opinion in words here, or none names an aspect; bring feedback with its text "
            "(cmo schema tells the columns)"
        )
    return kept


def voice_at_hand(workspace: Workspace) -> Mapping[str, Any] | None:
    """What customers said as it was last worked out; None where it never was or nothing was said."""
    path = workspace.cmo / "voice" / "clauses.parquet"
    told = _about(path) if path.exists() else {}
    return told if told.get("aspects") else None


def _about(path: Path) -> dict[str, Any]:
    metadata = pq.read_schema(path).metadata or {}
    found = json.loads(metadata.get(b"cmo", b"{}"))
    return found if isinstance(found, dict) else {}


def _worked_out(workspace: Workspace) -> tuple[dict[str, Any], pa.Table]:
    field = open_field(workspace)
    said = said_of(field)
    seed = int(field.fingerprint(("feedback",))[:15], 16) if said is not None else 0
    rng = np.random.default_rng(seed)
    heard = None if said is None else hear(said, rng=rng)
    if heard is None:
        return {}, _rows(None)
    customers, n_customers = _customers(workspace)
    problems = problems_of(heard, customers=customers, n_customers=n_customers, rng=rng)
    told = {
        "as_of": date.fromordinal(int(heard.said.days.max())).isoformat(),
        "since": date.fromordinal(int(heard.said.days.min())).isoformat(),
        "opinions": len(heard.said.texts),
        "learned_from_marks": heard.contentment.bearing is not None,
        "aspects": _aspects(heard, rng=rng),
        "topics": [asdict(one) for one in found_topics(heard.said, rng=rng)],
        "rising": _rising(heard, rng=rng),
        "false_alarms_a_year": FALSE_ALARMS,
        "drift": recommendation_drift(field, rng=rng),
        "promise": [
            {**asdict(one), "promise": one.promise.as_mapping()}
            for one in proofs(_promises(), heard, rng=rng)
        ],
        "problems": [asdict(one) for one in problems],
        "weeks": _weeks(heard),
    }
    return told, _rows(heard)


def _aspects(heard: Heard, *, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Each aspect: how often it is spoken of, how content people are, what that does to the mark."""
    spoken = spread(heard.opinion_shares(discontent=False), rng=rng)
    content = spread(heard.content_shares(), rng=rng)
    bearing = heard.contentment.bearing
    bears = None if bearing is None else spread(np.clip(bearing, 0, 1), rng=rng)
    gain = None if bears is None else (1 - content) * spoken * bears
    found: list[dict[str, Any]] = [
        {
            "aspect": heard.clauses.aspects[place],
            "spoken": _points(spoken[:, place]),
            "content": _points(content[:, place]),
            "bearing": None if bears is None else _points(bears[:, place]),
            "mark_lost": None if gain is None else _points(gain[:, place]),
            "praised": quotes(heard, place, content=True, most=QUOTES),
            "blamed": quotes(heard, place, content=False, most=QUOTES),
        }
        for place in heard.spoken
    ]
    return sorted(found, key=lambda one: -(one["mark_lost"] or one["spoken"])[1])


def _counts(heard: Heard) -> tuple[np.ndarray, np.ndarray]:
    """Opinions that complain of each aspect by whole week up to the last day, and all opinions by week."""
    of, days = heard.clauses, heard.said.days
    week = (days - (int(days.max()) + 1)) // WEEK
    week -= int(week.min())
    n, k = int(week.max()) + 1, len(of.aspects)
    bad = np.zeros((len(days), k), dtype=bool)
    bad[of.opinion[~heard.contentment.content], of.aspect[~heard.contentment.content]] = True
    counts = np.stack([np.bincount(week, bad[:, place], minlength=n) for place in range(k)], axis=1)
    return counts, np.bincount(week, minlength=n).astype(float)


def _rising(heard: Heard, *, rng: np.random.Generator) -> list[dict[str, Any]]:
    counts, opinions = _counts(heard)
    return [
        {
            **asdict(one),
            "complaint": heard.clauses.aspects[one.complaint],
            "quotes": quotes(heard, one.complaint, content=False, most=QUOTES),
        }
        for one in risen(counts, opinions, rng=rng)
    ]


def _weeks(heard: Heard) -> dict[str, Any]:
    """Complaints by week of the last year, for those who look at the effect of a change."""
    counts, opinions = _counts(heard)
    return {
        "opinions": opinions[-104:].tolist(),
        "complaints": {name: counts[-104:, i].tolist() for i, name in enumerate(heard.clauses.aspects)},
    }


def _points(draws: np.ndarray) -> list[float]:
    return [float(one) for one in np.quantile(draws, (0.05, 0.5, 0.95))]


def _promises() -> dict[str, Text]:
    positioning = remembered_strategy().positioning
    if positioning is None:
        return {}
    return {part: words for part in PARTS if (words := getattr(positioning, part)) is not None}


def _customers(workspace: Workspace) -> tuple[dict[str, Customer], float]:
    """Who is known of the roll, and how many are expected to be there still."""
    path = roll_of(workspace)
    if not path.exists():
        return {}, 0.0
    roll = pq.read_table(path, columns=["customer_id", "segment", "value", "alive"])
    known = zip(
        roll["customer_id"].to_pylist(), roll["segment"].to_pylist(), roll["value"].to_pylist(), strict=True
    )
    there = float(np.sum(roll["alive"].to_numpy()))
    return {name: Customer(segment=segment, value=float(value)) for name, segment, value in known}, there


def _rows(heard: Heard | None) -> pa.Table:
    """All clauses that name an aspect, without what tells who wrote them."""
    if heard is None:
        return pa.table({"day": pa.array([], pa.int64())})
    of = heard.clauses
    return pa.table(
        {
            "feedback_id": [heard.said.ids[place] for place in of.opinion.tolist()],
            "day": heard.said.days[of.opinion],
            "aspect": [of.aspects[place] for place in of.aspect.tolist()],
            "content": heard.contentment.content,
            "text": [redacted(text) for text in of.texts],
        }
    )
