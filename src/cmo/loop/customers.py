"""`cmo customers`: who they are, one by one and by segment, as the last review left them."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cmo.briefs.answers import Answer
from cmo.briefs.customer_answers import groups_answer, list_answer, segments_answer
from cmo.customers.purchases.prediction import Customers
from cmo.customers.segmentation.discovery import FEWEST_CUSTOMERS, Discovery, Trait, discovered
from cmo.customers.segmentation.segments import SEGMENTS, Portrait, portrait
from cmo.ledger.reviews import remembered_evidence
from cmo.loop.roll import KeptRoll, kept_roll
from cmo.loop.standing import standing
from cmo.measures import Language, Problem

MOST_SHOWN = 10_000
ORDERS = {
    "value": "value",
    "at_stake": "at_stake",
    "alive": "alive",
    "last_on": "last_on",
}
SHOWN = (
    "customer_id",
    "channel",
    "segment",
    "occasions",
    "last_on",
    "alive",
    "orders",
    "orders_low",
    "orders_median",
    "orders_high",
    "value",
    "value_low",
    "value_high",
    "at_stake",
)
SAVEABLE = (0.1, 0.7)  # chance of being there: below, the money is gone; above, nothing need be done


def listed(folder: Path, *, segment: str | None, by: str, top: int, language: Language | None) -> Answer:
    """The customers of the roll, those that matter most first.

    Raises:
        Problem: There has been no review, there is no roll, or no such segment or order.
    """
    now = standing(folder, language)
    kept = kept_roll(now.workspace, now.language)
    if by not in ORDERS:
        raise Problem(f"customers cannot be listed by {by}; choose {', '.join(ORDERS)}")
    if not 1 <= top <= MOST_SHOWN:
        raise Problem(
            f"--top {top}: give a number from 1 to {MOST_SHOWN}; cmo customers export writes them all"
        )
    found = kept.table(SHOWN, segment=_segment(segment))
    order = pc.sort_indices(found, sort_keys=[(ORDERS[by], "descending"), ("customer_id", "ascending")])
    shown = found.take(order[:top])
    return list_answer(_rows(shown), about=kept.about, of=found.num_rows, language=now.language)


def worth_saving(folder: Path, *, top: int, language: Language | None) -> Answer:
    """Customers who may be about to leave, those with most at stake first.

    Raises:
        Problem: There has been no review, or there is no roll.
    """
    now = standing(folder, language)
    kept = kept_roll(now.workspace, now.language)
    found = kept.table(SHOWN)
    alive = found["alive"].to_numpy()
    back = found["occasions"].to_numpy() > 1
    doubtful = found.filter(pa.array((alive >= SAVEABLE[0]) & (alive < SAVEABLE[1]) & back))
    order = pc.sort_indices(doubtful, sort_keys=[("at_stake", "descending"), ("customer_id", "ascending")])
    total = float(pc.sum(doubtful["at_stake"]).as_py() or 0.0)
    return list_answer(
        _rows(doubtful.take(order[:top])),
        about=kept.about,
        of=doubtful.num_rows,
        language=now.language,
        at_stake=total,
    )


def segmented(folder: Path, *, language: Language | None) -> Answer:
    """The segments by rule, with their size, their value and how it goes with them.

    Raises:
        Problem: There has been no review, or there is no roll.
    """
    now = standing(folder, language)
    kept = kept_roll(now.workspace, now.language)
    as_of = date.fromisoformat(kept.about["as_of"])
    held = kept.table(("segment", "occasions", "first_on", "last_on", "alive", "value", "at_stake"))
    names = held["segment"].combine_chunks()
    code = names.indices.to_numpy()
    place = [names.dictionary.to_pylist().index(one.name) for one in SEGMENTS]
    people, alive = _histories(held, as_of), held["alive"].to_numpy()
    equity = {
        subject: one.figure(subject)
        for one in remembered_evidence("customers.equity").of("customers.equity")
        if one.by == "segment"
        for subject in one.subjects
    }
    moves = remembered_evidence("customers.migration").of("customers.migration")
    rows = []
    for segment, at in zip(SEGMENTS, place, strict=True):
        those = code == at
        if not those.any():
            continue
        of = portrait(_only(people, those), np.ones(int(those.sum())), alive=alive[those])
        rows.append(
            {
                "name": segment.name,
                "share": float(those.mean()),
                "value": _value(held, those, equity.get(segment.name)),
                "at_stake": float(held["at_stake"].to_numpy()[those].sum()),
                **_portrayed(of),
            }
        )
    return segments_answer(rows, about=kept.about, moves=moves, language=now.language)


def grouped(folder: Path, *, language: Language | None) -> Answer:
    """Segments that were discovered, with how stable each is.

    Raises:
        Problem: There has been no review, there is no roll, or there are too few customers.
    """
    now = standing(folder, language)
    kept = kept_roll(now.workspace, now.language)
    found, _ = discovery_of(kept)
    return groups_answer(found, about=kept.about, language=now.language)


def discovery_of(kept: KeptRoll) -> tuple[Discovery, pa.Table]:
    """The discovered segments of a roll, always the same for the same roll, and the customers they are of.

    Raises:
        Problem: There are too few customers.
    """
    held = kept.table(("customer_id", "occasions", "first_on", "last_on", "spent", "value"))
    if held.num_rows < FEWEST_CUSTOMERS:
        raise Problem(
            f"{held.num_rows} customers are too few to discover segments ({FEWEST_CUSTOMERS} at least)"
        )
    held = held.sort_by("customer_id")
    people = _histories(held, date.fromisoformat(kept.about["as_of"]))
    occasions = people.frequency + 1.0
    traits = (
        Trait(name="occasions", values=occasions),
        Trait(name="silent_days", values=people.age - people.recency + 1.0),
        Trait(name="amount", values=np.maximum(held["spent"].to_numpy(), 0.01) / occasions),
        Trait(name="known_days", values=people.age + 1.0),
    )
    seed = int.from_bytes(str(kept.about.get("of", "")).encode()[-8:].rjust(8, b"0"))
    return discovered(traits, held["value"].to_numpy(), rng=np.random.default_rng(seed)), held


def _segment(name: str | None) -> str | None:
    known = [one.name for one in SEGMENTS]
    if name is not None and name not in known:
        raise Problem(f"no segment is called {name}; the segments are {', '.join(known)}")
    return name


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return [{**row, "last_on": row["last_on"].isoformat()} for row in table.to_pylist()]


def _histories(held: pa.Table, as_of: date) -> Customers:
    first, last = (held[name].to_numpy().astype("datetime64[D]") for name in ("first_on", "last_on"))
    return Customers(
        frequency=held["occasions"].to_numpy().astype(np.float64) - 1.0,
        recency=(last - first).astype(np.float64),
        age=(np.datetime64(as_of) - first).astype(np.float64),
    )


def _only(people: Customers, those: np.ndarray) -> Customers:
    return Customers(frequency=people.frequency[those], recency=people.recency[those], age=people.age[those])


def _value(held: pa.Table, those: np.ndarray, figure: Any) -> dict[str, float]:
    mean = float(held["value"].to_numpy()[those].sum())
    ends = (mean, mean) if figure is None else (figure.low, figure.high)
    return {"mean": mean if figure is None else figure.value, "q05": ends[0], "q95": ends[1]}


def _portrayed(of: Portrait) -> dict[str, Any]:
    return {
        "customers": int(of.customers),
        "usual_gap_days": None if np.isnan(of.usual_gap) else of.usual_gap,
        "silent_days": of.silence,
        "alive": of.alive,
    }
