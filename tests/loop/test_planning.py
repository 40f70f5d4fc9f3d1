import math

import pytest

from cmo.loop.planning import terms_of
from cmo.measures import Problem
from cmo.media.planning import Terms, Together


def test_terms_are_read_as_a_person_writes_them() -> None:
    found = terms_of(committed=("tv = 20000",), together=("tv,radio=10000:50000", "email, social=:8000"))
    assert found == Terms(
        committed={"tv": 20000.0},
        together=(
            Together(channels=("tv", "radio"), low=10000.0, high=50000.0),
            Together(channels=("email", "social"), low=0.0, high=8000.0),
        ),
    )
    assert terms_of(together=("tv,radio=1:",)).together[0].high == math.inf


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"budget": -1.0}, "above zero"),
        ({"budget": 5.0, "any_budget": True}, "not both"),
        ({"caution": 1.5}, "from 0"),
        ({"committed": ("tv",)}, "channel=amount"),
        ({"committed": ("tv=-3",)}, "zero or more"),
        ({"together": ("tv,radio=3",)}, "least:most"),
    ],
)
def test_a_term_that_cannot_be_is_refused_with_what_to_write(said: dict[str, object], why: str) -> None:
    with pytest.raises(Problem, match=why):
        terms_of(**said)  # type: ignore[arg-type]  # a table of cases of different types
