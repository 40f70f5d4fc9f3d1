import pytest
from pydantic import ValidationError

from cmo.strategy.document import Strategy


def test_a_substitute_says_which_job_it_does() -> None:
    told = {
        "competitors": [
            {"id": "rival", "brand": "Rival SA", "lost": 0.2},
            {"id": "spas", "sector": "spas", "job": "a pause for oneself", "price": 80, "minutes": 120},
        ]
    }
    found = Strategy.model_validate(told).competitors
    assert [one.name for one in found] == ["Rival SA", "spas"]
    with pytest.raises(ValidationError, match="which job"):
        Strategy.model_validate({"competitors": [{"id": "spas", "sector": "spas"}]})
