from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from cmo.content.evidence import evidence
from cmo.measures import Estimate, Unanswered
from cmo.warehouse.field import Field

START = datetime(2025, 1, 1, 9)  # noqa: DTZ001 - the tables speak of the company's own clock


def content(*, engagements: bool = True) -> pa.Table:
    rng = np.random.default_rng(1)
    formats = np.array(["video", "article"])[np.arange(200) % 2]
    shown = rng.integers(500, 5000, size=200)
    table = {
        "content_id": [str(i) for i in range(200)],
        "published_at": [START + timedelta(days=i) for i in range(200)],
        "channel": ["blog"] * 200,
        "format": formats,
        "impressions": shown,
    }
    if engagements:
        table["engagements"] = rng.poisson(shown * np.where(formats == "video", 0.05, 0.02))
    return pa.table(table)


def asked(table: pa.Table) -> list[Estimate | Unanswered]:
    field = Field.of_tables({"content": table}, as_of=date(2025, 12, 1))
    return evidence(field, rng=np.random.default_rng(1))


def test_rates_by_format_and_channel() -> None:
    by_format, by_channel = asked(content())
    assert isinstance(by_format, Estimate)
    assert isinstance(by_channel, Estimate)
    assert by_format.subjects == ("article", "video")
    assert np.allclose(by_format.location, [0.02, 0.05], rtol=0.05)
    assert by_channel.subjects == ("blog",)


def test_what_lacks_is_said() -> None:
    (only,) = asked(content(engagements=False))
    assert isinstance(only, Unanswered)
