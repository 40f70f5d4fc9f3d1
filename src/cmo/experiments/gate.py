"""The design gate: what a test must show before it may start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from cmo.experiments.checks import Check
from cmo.experiments.registration import Kind, Registration, Stopping
from cmo.measures import Language, Text, Unit

LEAST_POWER = 0.7
LEAST_ARM = 100
EVERY_REGION = "region:*"
LONGEST = 91
"""Days after which seasons, cookies and colleagues have changed too much for one comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is known of a test before it starts.

    Attributes:
        registration: What is promised.
        power: Probability to see the effect that is expected, in [0, 1].
        mde: Smallest relative effect seen with 80 % power, > 0.
        expected_effect: Relative effect that is expected, from past tests where there are some.
        cost: What the test costs, in `currency`, >= 0.
        value: What its result is expected to be worth, in `currency`; none where nobody can say.
        currency: The company's currency, `EUR`.
        units: Units in all variants; 0 where regions or weeks are compared.
        population: What it touches: `region:Lyon`, `channel:tv`, `segment:all`; `region:*` is every region.
    """

    registration: Registration
    power: float
    mde: float
    expected_effect: float
    cost: float
    value: float | None
    currency: str
    units: float = 0.0
    population: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a test may start.

    Attributes:
        passed: Whether every vital check passed.
        checks: What was looked at.
    """

    passed: bool
    checks: tuple[Check, ...]


def design_gate(
    design: Design,
    others: Sequence[Design] = (),
    *,
    budget: float | None = None,
    today: date | None = None,
    late: Sequence[str] = (),
) -> Verdict:
    """Look at a design before its start: power, size of effect, cost, duration, contamination, split.

    Args:
        design: The test.
        others: Tests that run or are approved.
        budget: Money left for tests; not limited where none is given.
        today: The day of the question; the start is not judged where none is given.
        late: Tests that ended long ago and were never decided: they come first.
    """
    checks = [
        _power(design),
        _worth(design),
        _cost(design, budget),
        _duration(design),
        _contamination(design, others),
        _crowding(design, others),
        _split(design),
        _reading(design),
    ]
    if late:
        checks.append(_late(late))
    if today is not None:
        checks.append(_start(design, today))
    return Verdict(
        passed=all(check.passed is not False for check in checks if check.vital), checks=tuple(checks)
    )


def _check(code: str, passed: bool, says: Mapping[bool, Text], *, vital: bool = True) -> Check:  # noqa: FBT001 - what was found
    return Check(code=code, passed=passed, p=None, says=says[passed], vital=vital)


def _share(value: float) -> Text:
    return _written(Unit("share"), value)


def _money(value: float, currency: str) -> Text:
    return _written(Unit(currency), value)


def _written(unit: Unit, value: float) -> Text:
    languages: tuple[Language, Language] = ("en", "fr")
    return Text(*(unit.write(value, language) for language in languages))


def _power(design: Design) -> Check:
    told = _share(design.power)
    return _check(
        "power",
        design.power >= LEAST_POWER,
        {
            True: Text(
                en=f"The expected effect would be seen in {told.en} of such tests.",
                fr=f"L’effet attendu serait vu dans {told.fr} de tels tests.",
            ),
            False: Text(
                en=f"The expected effect would be seen in only {told.en} of such tests: take more weeks, "
                "more units or a larger change.",
                fr=f"L’effet attendu ne serait vu que dans {told.fr} de tels tests : il faut plus de "
                "semaines, plus d’unités ou un changement plus fort.",
            ),
        },
    )


def _worth(design: Design) -> Check:
    least = design.registration.least_effect
    told, enough = _share(design.mde), _share(least)
    return _check(
        "mde",
        least == 0.0 or design.mde <= least,
        {
            True: Text(
                en=f"Effects from {told.en} are seen.",
                fr=f"Les effets à partir de {told.fr} sont vus.",
            ),
            False: Text(
                en=f"Effects below {told.en} are missed, though {enough.en} would be worth acting on.",
                fr=f"Les effets sous {told.fr} échappent, alors que {enough.fr} suffiraient.",
            ),
        },
        vital=False,
    )


def _cost(design: Design, budget: float | None) -> Check:
    affordable = budget is None or design.cost <= budget
    passed = affordable and (design.value is None or design.cost <= design.value)
    cost = _money(design.cost, design.currency)
    if design.value is None:
        says = Text(
            f"It costs {cost.en}; what its answer is worth is not known.",
            f"Il coûte {cost.fr} ; la valeur de sa réponse n’est pas connue.",
        )
        if passed:
            return Check(code="cost", passed=None, p=None, says=says, vital=True)
    value = _money(design.value or 0.0, design.currency)
    left = None if budget is None else _money(budget, design.currency)
    short = (
        Text(
            f"It costs {cost.en}: more than it is worth ({value.en}).",
            f"Il coûte {cost.fr} : plus que sa valeur ({value.fr}).",
        )
        if affordable or left is None
        else Text(
            f"It costs {cost.en}: more than what is left ({left.en}).",
            f"Il coûte {cost.fr} : plus que ce qui reste ({left.fr}).",
        )
    )
    return _check(
        "cost",
        passed,
        {
            True: Text(
                en=f"It costs {cost.en} and is expected to be worth {value.en}.",
                fr=f"Il coûte {cost.fr} et devrait rapporter {value.fr}.",
            ),
            False: short,
        },
    )


def _duration(design: Design) -> Check:
    days = (design.registration.ends_on - design.registration.starts_on).days + 1
    whole = days % 7 == 0
    return _check(
        "duration",
        whole and days <= LONGEST,
        {
            True: Text(
                en=f"It runs {days} days, in whole weeks.", fr=f"Il dure {days} jours, en semaines entières."
            ),
            False: Text(
                en=f"It runs {days} days: take whole weeks, at most {LONGEST} days.",
                fr=f"Il dure {days} jours : prendre des semaines entières, {LONGEST} jours au plus.",
            ),
        },
        vital=days > LONGEST,
    )


def _contamination(design: Design, others: Sequence[Design]) -> Check:
    shared = [other.registration.test for other in others if _meet(design, other) and _mixed(design, other)]
    told = ", ".join(shared)
    return _check(
        "contamination",
        not shared,
        {
            True: Text(
                en="No other test touches the same markets or the same channel.",
                fr="Aucun autre test ne touche les mêmes marchés ni le même canal.",
            ),
            False: Text(
                en=f"It touches what {told} touches at the same time: one of them must wait.",
                fr=f"Il touche ce que touche {told} en même temps : l’un des deux doit attendre.",
            ),
        },
    )


def _crowding(design: Design, others: Sequence[Design]) -> Check:
    """Draws of units do not bias one another, but an audience drawn twice is worn out."""
    shared = [
        other.registration.test
        for other in others
        if _meet(design, other)
        and not _mixed(design, other)
        and set(other.population) & set(design.population)
    ]
    told = ", ".join(shared)
    return _check(
        "crowding",
        not shared,
        {
            True: Text(
                en="No other test draws from the same people.",
                fr="Aucun autre test ne tire parmi les mêmes personnes.",
            ),
            False: Text(
                en=f"{told} draws from the same people at the same time: draw them apart, so that no effect "
                "is read through the other.",
                fr=f"{told} tire parmi les mêmes personnes en même temps : les tirer à part, pour qu’aucun "
                "effet ne se lise à travers l’autre.",
            ),
        },
        vital=False,
    )


def _meet(design: Design, other: Design) -> bool:
    """Whether two tests run at the same time."""
    own, its = design.registration, other.registration
    return its.test != own.test and its.starts_on <= own.ends_on and own.starts_on <= its.ends_on


def _mixed(design: Design, other: Design) -> bool:
    """Whether one test's change would be read as the other's effect."""
    own, its = set(design.population), set(other.population)
    both_drawn = {design.registration.kind, other.registration.kind} <= {Kind.UNITS, Kind.CREATIVE}
    everywhere = any(EVERY_REGION in one and _regions(two) for one, two in ((own, its), (its, own)))
    return not both_drawn and (bool(own & its) or everywhere)


def _regions(population: set[str]) -> set[str]:
    return {name for name in population if name.startswith("region:")}


def _split(design: Design) -> Check:
    """How large a slip of the draw would show: a small arm hides a broken assignment."""
    shares = [share for _, share in design.registration.shares]
    if not shares or design.units <= 0:
        says = Text(
            "Nothing is drawn unit by unit: no split to watch.",
            "Rien n’est tiré unité par unité : aucune répartition à surveiller.",
        )
        return Check(code="split", passed=True, p=None, says=says)
    least = min(shares)
    # About four standard errors of the count of the smallest arm: p < 0.001 in nine cases of ten.
    slip = 4.6 * sqrt(least * (1.0 - least) / design.units)
    told, due = _share(slip), round(least * design.units)
    enough = due >= LEAST_ARM
    return _check(
        "split",
        enough,
        {
            True: Text(
                en=f"A slip of the draw of {told.en} of the units would show.",
                fr=f"Un défaut de tirage de {told.fr} des unités se verrait.",
            ),
            False: Text(
                en=f"The smallest variant gets {due} units: a broken draw would not show, nor an effect.",
                fr=f"La plus petite variante reçoit {due} unités : un tirage cassé ne se verrait pas, un "
                "effet non plus.",
            ),
        },
        vital=False,
    )


def _late(late: Sequence[str]) -> Check:
    told = ", ".join(late)
    says = Text(
        f"{told} ended and was never decided: close it first, what it taught may change this design.",
        f"{told} : terminé et jamais tranché ; le clore d’abord, sa leçon peut changer ce test-ci.",
    )
    return Check(code="unclosed", passed=False, p=None, says=says, vital=True)


def _reading(design: Design) -> Check:
    registration = design.registration
    passed = registration.stopping is not Stopping.PLANNED_LOOKS or registration.looks >= 2
    return _check(
        "stopping_rule",
        passed,
        {
            True: Text(en="When it may be read is written down.", fr="Le moment de sa lecture est écrit."),
            False: Text(
                en="Planned looks are promised but only one is planned: write how many.",
                fr="Des lectures intermédiaires sont promises mais une seule est prévue : écrire combien.",
            ),
        },
    )


def _start(design: Design, today: date) -> Check:
    starts = design.registration.starts_on
    return _check(
        "registered_before",
        today <= starts,
        {
            True: Text(
                en=f"It is registered before its start on {starts}.",
                fr=f"Il est inscrit avant son début le {starts}.",
            ),
            False: Text(
                en=f"It started on {starts}, before it was registered: its result can only be exploratory.",
                fr=f"Il a commencé le {starts}, avant son inscription : son résultat n’est qu’exploratoire.",
            ),
        },
    )
