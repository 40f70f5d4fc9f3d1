import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from cmo.ledger.packing import exact, of_exact, pack, unpack


@given(arrays(np.float32, array_shapes(max_dims=3), elements=st.floats(width=32)))
def test_draws_come_back_bit_for_bit(draws: npt.NDArray[np.float32]) -> None:
    kept = unpack(pack(draws), draws.shape)
    assert kept.dtype == np.float32
    assert kept.tobytes() == draws.tobytes()


@given(arrays(np.float64, array_shapes(max_dims=2), elements=st.floats()))
def test_locations_come_back_bit_for_bit(values: npt.NDArray[np.float64]) -> None:
    assert of_exact(exact(values), values.shape).tobytes() == values.tobytes()


def test_an_exactly_known_subject_costs_next_to_nothing() -> None:
    assert len(pack(np.zeros((2000, 10), dtype=np.float32))) < 1000
