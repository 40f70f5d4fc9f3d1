import numpy as np
import pytest

from cmo.customers.segmentation.discovery import Trait, discovered


def test_groups_that_are_there_are_found_with_their_size_and_value(rng: np.random.Generator) -> None:
    kind = rng.choice(3, 900, p=[0.6, 0.3, 0.1])
    traits = tuple(
        Trait(name=name, values=np.exp(rng.normal(np.array(centres)[kind], 0.15)))
        for name, centres in (("occasions", (0.0, 2.0, 3.0)), ("silence", (5.0, 3.0, 1.0)))
    )
    value = np.array([1.0, 10.0, 100.0])[kind]
    found = discovered(traits, value, rng=rng)
    if len(found.clusters) == 3:
        assert found.steady
        assert [one.customers for one in found.clusters] == [int((kind == k).sum()) for k in (2, 1, 0)]
        assert np.all(np.diff([one.value / one.customers for one in found.clusters]) < 0)
    assert found.tried[3] > 0.95
    assert sum(one.customers for one in found.clusters) == 900
    assert all(one.customers_low <= one.customers * 1.001 for one in found.clusters)


def test_noise_is_not_called_steady_groups(rng: np.random.Generator) -> None:
    traits = tuple(Trait(name=name, values=np.exp(rng.normal(size=600))) for name in "abcd")
    assert discovered(traits, np.ones(600), rng=rng).adjusted_rand < 0.8


def test_too_few_customers_are_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="at least 200"):
        discovered((Trait(name="a", values=np.ones(10)),), np.ones(10), rng=rng)
