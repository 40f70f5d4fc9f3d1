from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.simulation import draw_company, live_by_habit, world_ending
from cmo.simulation.companies import ALWAYS


@given(st.integers(0, 10_000))
def test_a_drawn_company_is_whole(seed: int) -> None:
    company = draw_company(np.random.default_rng(seed))
    assert sum(s.share for s in company.segments) == pytest.approx(1.0)
    assert sum(k.share for k in company.kinds) == pytest.approx(1.0)
    assert set(ALWAYS) <= set(company.channel_keys)
    for channel in company.channels:
        assert 0 < channel.reach < 1
        assert 0 < channel.notice < 1
        assert 0 <= channel.claims < 1


def test_companies_differ_in_what_their_channels_bring() -> None:
    persuasion = [draw_company(np.random.default_rng(n)).channels[0].persuasion for n in range(60)]
    assert max(persuasion) > 3 * min(persuasion)


def test_a_drawn_company_can_live() -> None:
    world = world_ending(
        date(2026, 6, 28), seed=2, years=2, scale=0.1, company=draw_company(np.random.default_rng(2))
    )
    history = live_by_habit(replace(world, habits=2))
    assert history.lines.revenue().sum() > 0
