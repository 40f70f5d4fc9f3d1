from datetime import date

import numpy as np
import pyarrow as pa

from cmo.brand.evidence import evidence
from cmo.measures import Estimate, Unanswered
from cmo.warehouse.field import Field
from cmo.workspace import Company

LUMEN = Company(name="Lumen")
WAVES = (date(2026, 1, 5), date(2026, 4, 6), date(2026, 7, 6))


def survey(*, segments: int = 1, drop: tuple[str, ...] = ()) -> pa.Table:
    rows = []
    for i, day in enumerate(WAVES):
        for brand, known in (("Lumen", 400 + 100 * i), ("Rival", 800)):
            for question, positive, asked in (
                ("awareness", known, 1000),
                ("consideration", known // 2, 1000),
                ("purchase", known // 10, 1000),
                ("natural", known // 2, known),
            ):
                rows += [(day, brand, question, asked, positive)] * segments
    rows = [row for row in rows if row[2] not in drop]
    names = ("date", "brand", "question", "respondents", "positive")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


def market() -> pa.Table:
    rows = [
        (date(2025, month, 1), brand, metric, value)
        for month in range(1, 13)
        for brand, value in (("Lumen", 10.0), ("Rival", 30.0))
        for metric in ("search", "mentions")
    ]
    names = ("date", "brand", "metric", "value")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


def asked(**tables: pa.Table) -> dict[str, Estimate | Unanswered]:
    field = Field.of_tables(tables, company=LUMEN, as_of=date(2026, 8, 1))
    return {one.measure.partition(".")[2]: one for one in evidence(field, rng=np.random.default_rng(1))}


def test_the_last_wave_speaks_and_the_others_are_its_history() -> None:
    found = asked(brand_survey=survey())["awareness"]
    assert isinstance(found, Estimate)
    assert found.subjects == ("Lumen", "Rival")
    assert np.allclose(found.location, [0.6, 0.8], atol=0.002)
    assert found.history is not None
    assert np.allclose(found.history.location[0], [0.4, 0.5, 0.6], atol=0.003)
    assert np.allclose(found.history.draws[:, :, -1], found.draws, atol=1e-6)


def test_segments_of_a_wave_are_put_together() -> None:
    found = asked(brand_survey=survey(segments=4))["awareness"]
    once = asked(brand_survey=survey())["awareness"]
    assert isinstance(found, Estimate)
    assert isinstance(once, Estimate)
    assert found.draws.std(axis=0)[0] < 0.6 * once.draws.std(axis=0)[0]


def test_conversion_is_of_those_aware() -> None:
    found = asked(brand_survey=survey())["conversion"]
    assert isinstance(found, Estimate)
    assert np.allclose(found.location, [60.5 / 601, 80.5 / 801], atol=0.002)


def test_image_is_the_companys_own() -> None:
    found = asked(brand_survey=survey())["image"]
    assert isinstance(found, Estimate)
    assert found.subjects == ("natural",)
    assert abs(found.location[0] - 0.5) < 0.01


def test_a_survey_without_a_question_says_so() -> None:
    found = asked(brand_survey=survey(drop=("purchase", "natural")))
    assert isinstance(found["conversion"], Unanswered)
    assert isinstance(found["image"], Unanswered)
    assert isinstance(found["awareness"], Estimate)


def test_shares_of_the_market_table() -> None:
    found = asked(market=market())
    search, voice = found["share_of_search"], found["share_of_voice"]
    assert isinstance(search, Estimate)
    assert isinstance(voice, Estimate)
    assert np.allclose(search.location, [0.25, 0.75])
    assert [doubt.code for doubt in voice.doubts] == ["mentions_for_spend"]
    assert isinstance(found["awareness"], Unanswered)


def test_the_same_seed_gives_the_same_draws() -> None:
    first, second = (asked(brand_survey=survey())["image"] for _ in range(2))
    assert isinstance(first, Estimate)
    assert isinstance(second, Estimate)
    assert np.array_equal(first.deviations, second.deviations)
