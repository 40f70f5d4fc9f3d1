import pytest

from cmo.ledger.backlog import problem_steps, take_problem
from cmo.measures import Problem
from cmo.value.backlog import NEXT, Stage


@pytest.mark.usefixtures("ledger")
def test_a_problem_goes_from_proposed_to_its_effect() -> None:
    stages = (Stage.PROPOSED, Stage.ACCEPTED, Stage.IN_BUILD, Stage.SHIPPED, Stage.MEASURED)
    for stage in stages:
        take_problem("delivery", stage, by="ines", seen={"frequency": [0.1, 0.2, 0.3]})
    steps = problem_steps()["delivery"]
    assert tuple(step.stage for step in steps) == stages
    assert {step.by for step in steps} == {"ines"}
    assert steps[0].seen == {"frequency": [0.1, 0.2, 0.3]}


@pytest.mark.usefixtures("ledger")
def test_a_stage_that_does_not_follow_is_refused() -> None:
    with pytest.raises(Problem, match="not proposed yet"):
        take_problem("delivery", Stage.SHIPPED, by="ines", seen={})
    take_problem("delivery", Stage.PROPOSED, by="ines", seen={})
    with pytest.raises(Problem, match="with a reason"):
        take_problem("delivery", Stage.DECLINED, by="ines", seen={})
    take_problem("delivery", Stage.DECLINED, by="ines", words="not ours", seen={})
    assert problem_steps()["delivery"][-1].words == "not ours"


def test_every_stage_says_its_name_and_leads_on() -> None:
    assert {stage for follows in NEXT.values() for stage in follows} == set(Stage)
    assert all(stage.says.fr for stage in Stage)
