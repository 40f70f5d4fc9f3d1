"""What the newest curves say of a decision that moved money."""

from datetime import date

import numpy as np
import pytest

from cmo.loop.decisions import _again
from cmo.measures import Estimate, Grade, Text, Window
from cmo.strategy.decisions.budget import savings
from cmo.strategy.decisions.curves import curves_of
from cmo.strategy.decisions.decision import Decision
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.decisions.ranking import ranked
from cmo.strategy.document import Strategy
from cmo.strategy.evidence import Evidence


def response(radio: float) -> Estimate:
    grid = np.array([0.0, 5_000.0, 10_000.0, 20_000.0])
    noise = np.exp(0.1 * np.random.default_rng(0).standard_normal((300, 1)))
    return Estimate.of_draws(
        "media.response",
        noise * radio * grid,
        subjects=tuple(f"radio@{money:.0f}" for money in grid),
        by="channel@money",
        unit="EUR",
        window=Window.parse("2027-Q1"),
        as_of=date(2026, 12, 31),
        method=Text.same("m"),
        grade=Grade.C,
        tables=("media",),
    )


@pytest.fixture
def packet() -> Packet:
    plan = {"period": "2027-Q1", "budget": 10_000, "channels": {"radio": {"spend": 10_000}}}
    ground = Ground(
        evidence=Evidence(estimates=(response(0.3),)),
        strategy=Strategy.model_validate({"plan": plan}),
        verdicts=(),
        currency="EUR",
        today=date(2026, 12, 31),
    )
    (found,) = savings(ground)
    assert isinstance(found, Decision)
    return Packet.of(ranked([found], curves=ground.curves, current=ground.current, hour=50.0)[0])


def test_the_same_curves_say_what_was_forecast(packet: Packet) -> None:
    assert _again(packet, curves_of(response(0.3))) == pytest.approx(packet.expected.mean)


def test_curves_that_turned_say_what_it_cost(packet: Packet) -> None:
    assert packet.expected.mean == pytest.approx(7_000, rel=0.02)
    assert _again(packet, curves_of(response(1.5))) == pytest.approx(-5_000, rel=0.02)
