"""The last wave of a brand survey."""

from datetime import date

import numpy as np
import pyarrow as pa

from cmo.brand.tracking import funnel, last_wave, segments
from cmo.warehouse.field import Field

COUNTS = {"awareness": 500, "consideration": 200, "preference": 80, "natural": 150, "dear": 50}


def survey() -> Field:
    rows = [
        (date(2025 + wave, 3, 2), brand, question, 1000, int(count * size), segment)
        for wave in range(2)
        for brand, size in (("ours", 1.0), ("theirs", 0.5))
        for segment in ("young", "old")
        for question, count in COUNTS.items()
    ]
    names = ("date", "brand", "question", "respondents", "positive", "segment")
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    return Field.of_tables({"brand_survey": table})


def test_the_funnel_is_that_of_the_last_wave() -> None:
    found = funnel(survey(), rng=np.random.default_rng(1))
    assert found is not None
    assert found.wave.questions == ("awareness", "consideration", "preference")
    assert found.wave.window.start == date(2026, 3, 1)
    assert np.allclose(np.median(found.share, axis=0), [[0.5, 0.2, 0.08], [0.25, 0.1, 0.04]], atol=0.02)
    assert np.allclose(np.median(found.onward, axis=0), 0.4, atol=0.03)
    assert found.wave.asked[0, 0] == 2000


def test_a_segment_has_its_own_counts_and_the_image_its_own_questions() -> None:
    field = survey()
    assert segments(field) == ("old", "young")
    young = funnel(field, rng=np.random.default_rng(1), segment="young")
    assert young is not None
    assert young.wave.asked[0, 0] == 1000
    image = last_wave(field, segment=None, image=True)
    assert image is not None
    assert image.questions == ("dear", "natural")
