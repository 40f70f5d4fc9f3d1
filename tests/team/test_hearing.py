"""Whose turn it is, and whom nobody has heard."""

from datetime import date

from cmo.strategy.staff import Member
from cmo.team.hearing import EXPECTED, Met, heard, quotas

TODAY = date(2026, 11, 23)


def member(name: str, **more: object) -> Member:
    return Member.model_validate({"id": name, "name": name, **more})


def test_executives_are_counted_too_and_streaks_are_whole_months() -> None:
    team = [member("ceo", executive=True, contacts_per_month=1), member("awa")]
    met = [Met(who="ceo", on=date(2026, month, 3), segment="once") for month in (8, 9, 10, 11)]
    first, second = quotas(team, met, today=TODAY)
    assert (first.who, first.owes, first.expected, first.streak) == ("awa", EXPECTED, EXPECTED, 0)
    assert (second.executive, second.met, second.owes, second.streak) == (True, 1, 0, 3)


def test_nothing_is_owed_by_who_owes_nothing() -> None:
    (one,) = quotas([member("awa", contacts_per_month=0)], [], today=TODAY)
    assert (one.owes, one.streak) == (0, 0)


def test_segments_never_heard_come_first_then_the_longest_ago() -> None:
    met = [
        Met(who="awa", on=date(2026, 11, 20), segment="champions"),
        Met(who="awa", on=date(2026, 6, 1), segment="once"),
        Met(who="awa", on=date(2026, 11, 30), segment="lost"),  # still to come
        Met(who="awa", on=date(2026, 11, 20), segment="dealers"),
    ]
    found = heard(["once", "champions", "lost"], met, today=TODAY)
    assert [(one.segment, one.days, one.long_ago) for one in found] == [
        ("lost", None, True),
        ("once", 175, True),
        ("champions", 3, False),
        ("dealers", 3, False),
    ]
