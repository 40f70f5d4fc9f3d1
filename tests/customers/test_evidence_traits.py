from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.briefs.trait_answers import traits_answer
from cmo.customers.evidence_base import People
from cmo.customers.evidence_traits import Traits, traits_of
from cmo.customers.purchases.fitting import Unsupported
from cmo.warehouse.field import Field

START = date(2023, 1, 1)
DAYS = 730


@pytest.fixture(scope="module")
def field() -> Field:
    """Two countries alike but that one's customers buy twice as often; a trait of chance beside."""
    rng, n = np.random.default_rng(6), 3_000
    quick = rng.random(n) < 0.4
    rate = rng.gamma(0.9, 1 / 70.0, n) * np.where(quick, 2.0, 1.0)
    left = rng.exponential(1 / rng.gamma(1.2, 400.0**-1, n))
    first = np.r_[rng.integers(0, DAYS - 60, n)]
    who, when = [np.arange(n)], [first]
    for customer in range(n):
        until = min(DAYS - 1 - first[customer], left[customer])
        days = np.unique(rng.uniform(0, until, rng.poisson(rate[customer] * until)).astype(int))
        who.append(np.full(days.size, customer))
        when.append(first[customer] + days)
    customer, day = np.concatenate(who), np.concatenate(when)
    orders = pa.table(
        {
            "order_id": [str(at) for at in range(day.size)],
            "customer_id": [str(at) for at in customer],
            "ordered_at": [
                datetime.combine(START + timedelta(days=int(at)), datetime.min.time()) for at in day
            ],
            "revenue": np.full(day.size, 20.0),
        }
    )
    customers = pa.table(
        {
            "customer_id": [str(at) for at in range(n)],
            "country": np.where(quick, "BE", "FR").tolist(),
            "hand": np.where(rng.random(n) < 0.5, "left", "right").tolist(),
            "name": [f"customer {at}" for at in range(n)],
        }
    )
    return Field.of_tables({"orders": orders, "customers": customers})


def told(field: Field, by: str) -> Traits:
    return traits_of(field, People.of(field), by=by, model_name="Pareto/NBD")


def test_who_buys_twice_as_often_is_found_and_who_leaves_alike_too(field: Field) -> None:
    found = told(field, "country")
    commonest, other = found.kinds
    assert (commonest.name, commonest.orders, other.name) == ("FR", None, "BE")
    assert other.orders is not None
    assert other.leaving is not None
    assert 1.7 < other.orders.value < 2.1  # purchases of one day are one occasion: a little less than twice
    assert other.orders.low > 1.6
    assert other.leaving.low < 1.0 < other.leaving.high
    assert found.gain > 10.0


def test_a_trait_of_chance_is_said_to_tell_nothing(field: Field) -> None:
    answer = traits_answer(told(field, "hand"), as_of="2024-12-30", language="en")
    assert "tells next to nothing" in " ".join(answer.lines)
    assert answer.data["kinds"][0]["orders"] is None
    french = traits_answer(told(field, "country"), as_of="2024-12-30", language="fr")
    assert "hasard" not in " ".join(french.lines)


@pytest.mark.parametrize(
    ("by", "model", "said"), [("name", "Pareto/NBD", "two kinds"), ("country", "BG/BB", "set occasions")]
)
def test_what_sets_nobody_apart_is_refused(field: Field, by: str, model: str, said: str) -> None:
    with pytest.raises(Unsupported, match=said):
        traits_of(field, People.of(field), by=by, model_name=model)
