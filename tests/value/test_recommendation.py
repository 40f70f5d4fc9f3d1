import json
from pathlib import Path

import numpy as np
import pytest

from cmo.value.recommendation import Answers, adjusted_wald, difference, score_draws, wald


@pytest.mark.shared
def test_published_intervals(shared: Path) -> None:
    cases = json.loads((shared / "cases/value/nps.json").read_text())["cases"]
    for case in cases:
        given, expected, tol = case["input"], case["expected"], case["tol"]
        if "a" in given:
            before, after = (
                Answers(**dict(zip(("promoters", "passives", "detractors"), given[key], strict=True)))
                for key in ("a", "b")
            )
            found = difference(after, before)
            assert found.score == pytest.approx(expected["delta"], abs=tol)
        elif "nps_adj" in expected:
            found = adjusted_wald(Answers(**given))
            assert found.score == pytest.approx(expected["nps_adj"], abs=tol)
        else:
            found = wald(Answers(**given))
            assert found.score == pytest.approx(expected["nps"], abs=tol)
            assert Answers(**given).variance == pytest.approx(expected["var"], abs=tol)
        assert found.low == pytest.approx(expected["lo"], abs=tol)
        assert found.high == pytest.approx(expected["hi"], abs=tol)
        if "p" in expected:
            assert found.p == pytest.approx(expected["p"], abs=tol)


@pytest.mark.parametrize(("n", "shares"), [(40, (0.3, 0.5, 0.2)), (300, (0.6, 0.3, 0.1))])
def test_draws_cover_the_score(n: int, shares: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(1)
    counts = rng.multinomial(n, shares, size=800).astype(float)
    low, high = np.quantile(score_draws(counts, rng=rng, draws=800), [0.05, 0.95], axis=0)
    truth = 100 * (shares[0] - shares[2])
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.9, abs=0.035)


def test_everybody_promoting_is_not_certainty() -> None:
    drawn = score_draws(np.array([10.0, 0.0, 0.0]), rng=np.random.default_rng(1), draws=4000)
    assert np.quantile(drawn, 0.05) < 90


@pytest.mark.parametrize("counts", [(-1, 2, 3), (0, 0, 0)])
def test_no_answer_is_refused(counts: tuple[int, int, int]) -> None:
    promoters, passives, detractors = counts
    with pytest.raises(ValueError, match="at least one answer"):
        Answers(promoters=promoters, passives=passives, detractors=detractors)
