import pytest

from cmo.measures import Problem
from cmo.warehouse.answerable import answerable, unlocks

COLUMNS = {"orders": ("order_id", "ordered_at", "revenue"), "media": ("date", "channel", "spend")}
NEEDS = (
    ("sales.revenue", ("orders",)),
    ("sales.contribution", ("orders.margin",)),
    ("customers.active", ("orders.customer_id",)),
    ("customers.clv", ("orders.customer_id",)),
    ("customers.cac", ("media", "orders.customer_id", "customers")),
)


def test_what_is_there_can_be_answered_and_the_rest_says_why() -> None:
    answers = answerable(COLUMNS, NEEDS)
    assert [answer.possible for answer in answers] == [True, False, False, False, False]
    assert answers[4].lacks == ("orders.customer_id", "customers")
    assert answers[4].says.en == "customers.cac cannot be answered without orders.customer_id and customers."
    assert answers[0].says.fr == "sales.revenue peut être estimé."


def test_the_most_useful_key_comes_first() -> None:
    assert list(unlocks(answerable(COLUMNS, NEEDS)).items()) == [
        ("orders.customer_id", ("customers.active", "customers.clv")),
        ("orders.margin", ("sales.contribution",)),
    ]


def test_a_table_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Problem, match="weather is not a canonical table"):
        answerable(COLUMNS, [("market.trend", ("weather",))])
