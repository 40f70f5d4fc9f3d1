from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from cmo.measures import Estimate, Unanswered, Window
from cmo.value.evidence import evidence
from cmo.warehouse.field import Field
from cmo.workspace import Company

START = datetime(2024, 1, 1, 9)  # noqa: DTZ001 - the tables speak of the company's own clock


def feedback(n: int = 1200, *, best: bool = True) -> pa.Table:
    rng = np.random.default_rng(1)
    rating = rng.choice(5, size=n, p=[0.1, 0.1, 0.2, 0.3, 0.3]) + 1.0
    source = np.array(["review", "survey", "complaint"])[rng.choice(3, size=n, p=[0.5, 0.4, 0.1])]
    table = {
        "feedback_id": [str(i) for i in range(n)],
        "at": [START + timedelta(days=730 * i / n) for i in range(n)],
        "rating": np.where(source == "complaint", 1.0, rating),
        "nps": pa.array(
            [int(x) if s == "survey" else None for x, s in zip(2 * rating, source, strict=True)], pa.int64()
        ),
        "source": source,
        "brand": ["Lumen"] * (n - 1) + ["Rival"],
    }
    if best:
        table["rating_max"] = np.full(n, 5.0)
    return pa.table(table)


def choices(*, price: bool = True) -> pa.Table:
    rng = np.random.default_rng(2)
    rows = []
    for person in range(80):
        for task in range(8):
            shown = [(rng.choice(["a", "b", "c"]), float(rng.choice([10, 20, 30]))) for _ in range(3)]
            worth = [{"a": 0.0, "b": 1.0, "c": 2.0}[str(brand)] - 0.1 * cost for brand, cost in shown]
            best = int(np.argmax(np.array(worth) + rng.gumbel(size=3)))
            rows += [
                (f"r{person}", task, i, i == best, str(brand), cost) for i, (brand, cost) in enumerate(shown)
            ]
    names = ("respondent_id", "task_id", "alternative", "chosen", "brand", "price")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    return table if price else table.drop_columns(["price"])


def price_survey() -> pa.Table:
    rng = np.random.default_rng(3)
    prices = np.sort(np.round(np.exp(np.log([20, 30, 45, 60]) + 0.2 * rng.standard_normal((300, 4)))), axis=1)
    prices[:20] = prices[:20, ::-1]
    names = ("too_cheap", "cheap", "expensive", "too_expensive")
    return pa.table(
        {
            "respondent_id": [str(i) for i in range(300)],
            **{name: prices[:, i] for i, name in enumerate(names)},
            "product": ["cream"] * 290 + ["soap"] * 10,
        }
    )


def asked(**tables: pa.Table) -> dict[tuple[str, str], Estimate | Unanswered]:
    field = Field.of_tables(tables, company=Company(name="Lumen"), as_of=date(2026, 1, 1))
    found = evidence(field, rng=np.random.default_rng(1))
    return {
        (one.measure.partition(".")[2], one.by if isinstance(one, Estimate) else ""): one for one in found
    }


def test_opinions_are_counted_over_the_last_year() -> None:
    table = feedback()
    found = asked(feedback=table)
    rows = [row for row in table.to_pylist() if row["brand"] == "Lumen"]
    end = max(row["at"] for row in rows).date()
    rows = [row for row in rows if (end - row["at"].date()).days < 365]
    marks = [row["nps"] for row in rows if row["nps"] is not None]
    score = 100 * (sum(m >= 9 for m in marks) - sum(m <= 6 for m in marks)) / len(marks)
    nps, satisfaction = found["nps", "total"], found["satisfaction", "total"]
    assert isinstance(nps, Estimate)
    assert isinstance(satisfaction, Estimate)
    assert abs(nps.location[0] - score) < 2
    good = [row["rating"] >= 4 for row in rows if row["source"] != "complaint"]
    assert abs(satisfaction.location[0] - np.mean(good)) < 0.01
    assert [doubt.code for doubt in satisfaction.doubts] == ["complaints_aside"]
    assert nps.history is not None


def test_a_scale_that_is_not_stated_is_assumed_aloud() -> None:
    found = asked(feedback=feedback(best=False))["satisfaction", "total"]
    assert isinstance(found, Estimate)
    assert "scale_assumed" in [doubt.code for doubt in found.doubts]


def test_prices_say_who_contradicts_himself() -> None:
    found = asked(price_survey=price_survey())
    corridor, optimal = found["price_corridor", "bound"], found["optimal_price", "total"]
    assert isinstance(corridor, Estimate)
    assert isinstance(optimal, Estimate)
    assert {doubt.code for doubt in corridor.doubts} == {"one_product", "inconsistent_respondents"}
    assert corridor.location[0] < optimal.location[0] < corridor.location[1]


def test_choices_give_importance_and_money() -> None:
    found = asked(choices=choices())
    importance, worth = found["importance", "attribute"], found["wtp", "level"]
    assert isinstance(importance, Estimate)
    assert isinstance(worth, Estimate)
    assert importance.subjects == ("brand", "price")
    assert np.allclose(importance.location, [0.5, 0.5], atol=0.06)
    assert worth.subjects == ("brand=b", "brand=c")
    assert np.allclose(worth.location, [10, 20], atol=4)


def test_choices_without_a_price_have_no_worth_in_money() -> None:
    found = asked(choices=choices(price=False))
    assert isinstance(found["importance", "attribute"], Estimate)
    assert isinstance(found["wtp", ""], Unanswered)


def test_a_company_without_tables_hears_why() -> None:
    found = asked(
        brand_survey=pa.table(
            {
                "date": [date(2026, 1, 1)],
                "brand": ["a"],
                "question": ["awareness"],
                "respondents": [1],
                "positive": [1],
            }
        )
    )
    assert all(isinstance(one, Unanswered) and one.unlock for one in found.values())
    assert len(found) >= 7


def test_a_window_without_an_opinion_is_said_and_does_not_break() -> None:
    field = Field.of_tables({"feedback": feedback()}, company=Company(name="Lumen"), as_of=date(2026, 1, 1))
    found = evidence(field.during(Window.parse("2020")), rng=np.random.default_rng(1))
    assert all(isinstance(one, Unanswered) for one in found)
