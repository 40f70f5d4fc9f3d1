from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from cmo.measures import Estimate, Text
from cmo.strategy.decisions.budget import savings
from cmo.strategy.decisions.decision import Decision
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.decisions.ranking import ranked
from cmo.strategy.document import Strategy
from cmo.strategy.goal import Outlook
from cmo.strategy.map import Colour, StrategyMap, strategy_map
from cmo.strategy.stake import stakes
from cmo.strategy.verdict import Verdict

BEST = {"measure": "media.roi", "of": "tv", "is": "highest"}
GIVEN = {
    "objectives": [
        {
            "id": "profit",
            "says": "Profit",
            "measure": "sales.contribution",
            "at_least": 1,
            "by": date(2027, 12, 31),
        },
        {
            "id": "fame",
            "says": "Fame",
            "measure": "brand.awareness",
            "at_least": 0.5,
            "by": date(2027, 12, 31),
        },
    ],
    "plan": {
        "period": "2027-Q1",
        "budget": 30_000,
        "channels": {"tv": {"spend": 10_000}, "radio": {"spend": 10_000}, "press": {"spend": 5_000}},
    },
    "beliefs": [
        {"id": "tv-best", "says": "TV is best", "claim": BEST},
        {"id": "radio-pays", "says": "Radio pays", "cost_if_wrong": 700},
    ],
    "team": [
        {"id": "ann", "name": "Ann", "hours_per_week": 35},
        {"id": "bob", "name": "Bob", "hours_per_week": 10},
    ],
    "choices": [{"id": "no-press", "says": "No press", "kind": "refuse", "refuses": ["press"]}],
    "bets": [
        {
            "id": "big",
            "says": "TV",
            "goal": "profit",
            "channels": ["tv"],
            "assumes": ["tv-best"],
            "hours": {"ann": 35},
        },
        {"id": "small", "says": "Radio", "channels": ["radio"], "money": 500, "hours": {"bob": 12}},
    ],
}
SOON = Outlook(probability=0.4, why=Text.same("so"))


def drawn(verdicts: tuple[Verdict, ...], *packets: Packet, given: dict[str, object] = GIVEN) -> StrategyMap:
    strategy = Strategy.model_validate(given)
    return strategy_map(
        strategy,
        verdicts=verdicts,
        outlooks={one.id: SOON for one in strategy.objectives},
        stakes=stakes(strategy),
        decisions=packets,
        channels={},
        currency="EUR",
    )


@pytest.mark.parametrize(
    ("probability", "colour"), [(0.02, Colour.RED), (0.5, Colour.AMBER), (0.97, Colour.GREEN)]
)
def test_a_bet_has_the_colour_of_its_beliefs(
    probability: float, colour: Colour, held: Callable[..., Verdict]
) -> None:
    found = drawn((held("tv-best", probability, claim=BEST),))
    big = next(one for one in found.bets if one.bet.id == "big")
    assert big.colour is colour
    assert (big.corrective is not None) == (colour is Colour.RED)
    assert (big.money, big.hours) == (10_000, 35)


def test_a_red_bet_comes_first_and_says_what_would_put_it_right(held: Callable[..., Verdict]) -> None:
    found = drawn((held("tv-best", 0.02, claim=BEST),))
    assert found.bets[0].bet.id == "big"
    assert found.bets[0].corrective is not None
    assert "€10,000" in found.bets[0].corrective.en


def test_the_best_decision_on_its_money_puts_a_red_bet_right(
    held: Callable[..., Verdict], ground: Callable[..., Ground], response: Callable[..., Estimate]
) -> None:
    plan = {
        "period": "2027-Q1",
        "budget": 20_000,
        "channels": {"tv": {"spend": 10_000}, "radio": {"spend": 10_000}},
    }
    case = ground(response({"tv": (0.2, 0.2), "radio": (2.0, 0.2)}), plan=plan)
    (stop,) = savings(case)
    assert isinstance(stop, Decision)
    (one,) = ranked([stop], curves=case.curves, current=case.current, hour=50.0)
    found = drawn((held("tv-best", 0.02, claim=BEST),), Packet.of(one))
    assert found.bets[0].corrective == stop.says


def test_every_euro_and_hour_belongs_to_a_bet_and_every_bet_to_a_goal() -> None:
    gaps = " ".join(gap.en for gap in drawn(()).gaps)
    assert "belongs to no bet: press (€5,000)" in gaps
    assert "spends €5,000 on press, which no-press refuses" in gaps
    assert "bob is staked for 12 hours a week and has 10" in gaps
    assert "The bet small serves no goal" in gaps
    assert "The bet small says no belief" in gaps
    assert "No bet serves the goal fame" in gaps
    assert "ann" not in gaps


def test_a_channel_in_two_bets_is_told() -> None:
    twice = GIVEN | {"bets": [*GIVEN["bets"], {"id": "again", "says": "TV", "channels": ["tv"]}]}  # type: ignore[misc]
    assert any("tv is counted in 2 bets" in gap.en for gap in drawn((), given=twice).gaps)


def test_without_bets_the_map_asks_for_them() -> None:
    (gap,) = drawn((), given=GIVEN | {"bets": []}).gaps
    assert "no bet yet" in gap.en


def test_what_rests_on_a_belief_is_what_its_holder_says_or_its_bets_stake() -> None:
    assert stakes(Strategy.model_validate(GIVEN)) == {"tv-best": 10_000, "radio-pays": 700}
    no_bets = Strategy.model_validate(GIVEN | {"bets": []})
    assert stakes(no_bets)["tv-best"] == 10_000


def test_money_of_goals_is_that_of_their_bets() -> None:
    assert [aim.money for aim in drawn(()).aims] == [10_000, 0]
    assert np.isclose(sum(one.money for one in drawn(()).bets), 20_500)
