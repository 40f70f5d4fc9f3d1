from datetime import date

import numpy as np

from cmo.briefs.contract_answers import contracts_answer
from cmo.measures import DRAWS, Estimate, Grade, Text, Unit, Window

TODAY = Window(start=date(2026, 6, 30), end=date(2026, 6, 30))


def told(measure: str, by: str, shares: dict[str, float]) -> Estimate:
    rng = np.random.default_rng(1)
    draws = np.array(list(shares.values())) + 0.01 * rng.standard_normal((DRAWS, len(shares)))
    return Estimate.of_draws(
        measure,
        draws,
        subjects=tuple(shares),
        by=by,
        unit=Unit("share"),
        window=TODAY,
        as_of=TODAY.end,
        method=Text("As contracts say.", "Ce que disent les contrats."),
        grade=Grade.C,
        tables=("customers",),
        doubts=(),
    )


def test_contracts_are_told_in_a_sentence_and_a_row_each() -> None:
    renewal = told("customers.renewal", "renewal", {"1": 0.85, "2": 0.9})
    staying = told("customers.staying", "total", {"total": 0.71})
    english = contracts_answer(renewal, (staying,), language="en")
    assert "71.0% will still run in twelve months" in " ".join(english.lines)
    assert [(row["what"], row["of"]) for row in english.data["contracts"]] == [
        ("renewal", "1"),
        ("renewal", "2"),
        ("staying", "total"),
    ]
    assert len(english.body) == 3
    french = contracts_answer(renewal, (), language="fr")
    assert french.lines == ("Ce que disent les contrats.",)
