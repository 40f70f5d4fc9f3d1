"""What a test has shown to work, given to everybody it speaks for: a customer action, a message, a price."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.measures import Estimate, Figure, Text, Unit, Window, chances
from cmo.strategy.decisions.decision import Decision, Execution, Kind, Range, Reversibility, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.field_test import FieldTest

Floats = npt.NDArray[np.float64]

LIFT: Final = "experiments.lift"
_SURE: Final = 0.9
_KINDS: Final = {
    "split": Kind.CUSTOMER,
    "email": Kind.CUSTOMER,
    "customer": Kind.CUSTOMER,
    "ab": Kind.MESSAGE,
    "message": Kind.MESSAGE,
    "creative": Kind.MESSAGE,
    "price": Kind.PRICE,
    "product": Kind.PRODUCT,
    "fake_door": Kind.PRODUCT,
}
_SKILLS: Final = {
    Kind.CUSTOMER: ("email", "crm", "segmentation"),
    Kind.MESSAGE: ("copywriting", "web", "brand"),
    Kind.PRICE: ("pricing", "finance", "strategy"),
    Kind.PRODUCT: ("product", "strategy"),
}
_HOURS: Final = 10.0
_A_YEAR: Final = 365.0
_A_QUARTER: Final = 91


def rollouts(ground: Ground) -> list[Decision | Withheld]:
    """One answer for each finished test of customers, messages, prices or products."""
    lifts = [one for one in ground.evidence.of(LIFT) if one.by == "test"]
    tests = [one for one in ground.strategy.tests if one.kind in _KINDS and one.end <= ground.today]
    return [_rollout(ground, test, lifts) for test in tests]


def _rollout(ground: Ground, test: FieldTest, lifts: Iterable[Estimate]) -> Decision | Withheld:
    lift = next((one for one in lifts if test.id in one.subjects), None)
    kind = _KINDS[test.kind]
    if lift is None:
        return Withheld(
            kind=kind,
            why=Text(f"The test {test.id} could not be read.", f"Le test {test.id} n'a pas pu être lu."),
        )
    effect, figure = lift.draws[:, lift.column(test.id)], lift.figure(test.id)
    sure = float((effect > 0).mean())
    if sure < _SURE:
        return _unsure(test, figure, sure)
    base = _base(ground, test)
    if isinstance(base, Withheld):
        return base
    return _proposed(ground, test, effect=effect, figure=figure, base=base)


def _proposed(ground: Ground, test: FieldTest, *, effect: Floats, figure: Figure, base: Floats) -> Decision:
    kind, period = _KINDS[test.kind], _period(ground, test)
    profit = base * effect - _HOURS * ground.hour
    spread, shown = ground.spread(Range.of(profit)), figure.write
    what = Text.same(test.id) if test.says is None else test.says
    who = _reached(test)
    return Decision(
        id=f"roll-out-{test.id}",
        kind=kind,
        says=Text(
            f"Give {who.en} what the test {test.id} showed to work.",
            f"Étendre à {who.fr} ce que le test {test.id} a validé.",
        ),
        why=Text(
            f"Test {what.en}: {shown('en')} more in a randomised test. If the others respond as those "
            f"tested, "
            f"it brings {spread.en} from {period.start} to {period.end}.",
            f"Test {what.fr} : {shown('fr')} de plus dans un test aléatoire. Si les autres répondent comme "
            f"ceux "
            f"qui ont été testés, cela rapporte {spread.fr} du {period.start} au {period.end}.",
        ),
        moves=(),
        money=0.0,
        profit=profit,
        period=period,
        basis=ground.basis(LIFT, "sales.contribution", touching=(test.id,), grade=figure.grade),
        execution=Execution(
            owner=test.owner or ground.owner(*_SKILLS[kind]),
            hours=_HOURS,
            reversibility=Reversibility.EASY,
            stop_rule=Text(
                "Keep one in ten without it; stop if they do as well after a month.",
                "En garder un sur dix à part ; arrêter s'ils font aussi bien au bout d'un mois.",
            ),
            review_on=period.end,
        ),
        counts=frozenset({f"test:{test.id}"}),
    )


def _base(ground: Ground, test: FieldTest) -> Floats | Withheld:
    """Draws of the margin, over the period, of those to whom the action would be given."""
    kind, margin = _KINDS[test.kind], ground.margin
    if margin is None:
        return Withheld(
            kind=kind,
            why=Text(
                f"{test.id} works, but what a sale leaves is not known: give margin in orders.",
                f"{test.id} fonctionne, mais ce que laisse une vente est inconnu : donnez margin dans "
                f"orders.",
            ),
        )
    revenue = _revenue(ground, test)
    if revenue is None:
        return Withheld(
            kind=kind,
            why=Text(
                f"{test.id} works, but it is not known which sales it touches: name their sales channel in "
                "the test's channel.",
                f"{test.id} fonctionne, mais on ne sait pas quelles ventes il touche : nommez leur canal de "
                "vente dans channel.",
            ),
        )
    days = _period(ground, test).days
    return np.asarray(revenue * margin * days / _A_YEAR, dtype=np.float64)


def _revenue(ground: Ground, test: FieldTest) -> Floats | None:
    """Draws of a year's revenue of those to whom the action would be given."""
    if _KINDS[test.kind] is Kind.CUSTOMER:
        active, each = ground.whole("customers.active"), ground.whole("customers.revenue_per_customer")
        new, basket = ground.whole("customers.new_customers"), ground.whole("customers.average_order_value")
        if active is None or each is None or new is None or basket is None:
            return None
        return np.maximum(active * each - new * basket, 0.0)
    sold = ground.estimate("sales.revenue", "sales_channel")
    if sold is None or test.channel not in sold.subjects:
        return None
    return np.asarray(sold.draws[:, sold.column(test.channel)] * _A_YEAR / sold.window.days, dtype=np.float64)


def _reached(test: FieldTest) -> Text:
    if _KINDS[test.kind] is Kind.CUSTOMER:
        if test.segment is not None:
            return Text(f"all customers of {test.segment}", f"tous les clients de {test.segment}")
        return Text("all known customers", "tous les clients connus")
    return Text(f"everybody on {test.channel}", f"tout {test.channel}")


def _period(ground: Ground, test: FieldTest) -> Window:
    """As long as the test for an action on customers, a quarter for what stays."""
    days = (test.end - test.start).days + 1 if _KINDS[test.kind] is Kind.CUSTOMER else _A_QUARTER
    start = ground.today + timedelta(days=1)
    return Window(start=start, end=start + timedelta(days=days - 1))


def _unsure(test: FieldTest, figure: Figure, sure: float) -> Withheld:
    odds = chances(sure)
    low, high = (Unit("share").write(value, "en") for value in (figure.low, figure.high))
    lowest, highest = (Unit("share").write(value, "fr") for value in (figure.low, figure.high))
    return Withheld(
        kind=_KINDS[test.kind],
        why=Text(
            f"{test.id} is not rolled out: its effect lies between {low} and {high}; that it helps: "
            f"{odds.en}.",
            f"{test.id} n'est pas généralisé : son effet est entre {lowest} et {highest} ; qu'il aide : "
            f"{odds.fr}.",
        ),
    )
