import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cmo.simulation.memory import DEEP_SPAN, DEEPENING, in_mind, remember, retention

SHARE = st.floats(0.0, 1.0)


def test_half_have_forgotten_after_a_half_life() -> None:
    kept = retention(np.array([3.0]), np.array([1.0]))
    assert abs(kept[0, 0] ** 3 - 0.5) < 1e-12


@given(SHARE, SHARE, SHARE)
def test_nobody_remembers_twice(trace: float, impressed: float, kept: float) -> None:
    after = remember(np.array(trace), np.array(impressed), kept=np.array(kept))
    assert max(trace * kept, impressed) - 1e-12 <= after <= min(trace * kept + impressed, 1.0) + 1e-12


def test_forgetting_is_slower_than_any_single_geometric_at_the_end() -> None:
    kept = retention(np.array([2.0]), np.array([1.0]))
    deep_kept = retention(np.array([2.0 * DEEP_SPAN]), np.array([1.0]))
    fresh, deep = np.array([[0.5]]), np.array([[0.5 * DEEPENING]])
    course = []
    for _ in range(25):
        course.append(float(in_mind(fresh, deep)[0, 0]))
        fresh = remember(fresh, np.zeros((1, 1)), kept=kept)
        deep = remember(deep, np.zeros((1, 1)), kept=deep_kept)
    early, late = course[1] / course[0], course[24] / course[23]
    assert late > early + 0.1
