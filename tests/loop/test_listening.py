"""What the radar tells is kept, settled when its time has come, and topics go on the watch by themselves."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from cmo.ledger.opening import close_ledger, open_ledger
from cmo.ledger.radar import all_seen, move_topic, moves, rings, waiting
from cmo.loop.listening import keep_told
from cmo.market.radar import Ring
from cmo.market.radar_evidence import Sky, sky_of
from cmo.warehouse.field import Field

MONTHS = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(60)]


def sky(n_months: int) -> Sky:
    rng = np.random.default_rng(1)
    rows = [
        (month, topic, float(rng.poisson(rate)))
        for i, month in enumerate(MONTHS[:n_months])
        for topic, rate in (
            ("steady", 80.0),
            ("fading", 200 * 0.97**i),
            ("rising", 20 * np.exp(0.11 * max(i - 24, 0))),
        )
    ]
    names = ("date", "topic", "volume")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    found = sky_of(Field.of_tables({"signals": table}), rng=np.random.default_rng(2))
    assert found is not None
    return found


def test_chances_are_kept_and_settled(tmp_path: Path) -> None:
    open_ledger(tmp_path)
    early = sky(36)
    keep_told(early, review=1)
    assert {one.topic for one in waiting()} == {"steady", "fading", "rising"}
    assert early.blips[0].told.topic == "rising"
    assert rings()["rising"].ring is Ring.WATCH
    assert rings()["rising"].moved_by == "cmo"
    keep_told(early, review=2)
    assert len(waiting()) == 3
    move_topic("rising", Ring.ADOPT, words="it sells", by="ada")
    keep_told(sky(60), review=3)
    assert {one.told.topic: one.rose for one in all_seen()} == {
        "steady": False,
        "fading": False,
        "rising": True,
    }
    assert rings()["rising"].ring is Ring.ADOPT
    assert [one.moved_by for one in moves() if one.topic == "rising"] == ["cmo", "ada"]
    close_ledger()
