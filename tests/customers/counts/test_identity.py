import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.customers.counts.identity import identities, normal_email, normal_phone


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Ann@Example.ORG ", "ann@example.org"),
        ("ann.b+shop@example.org", "ann.b+shop@example.org"),
        ("ann at example.org", None),
        ("noreply@example.org", None),
        ("ann@localhost", None),
        ("a@b@c.org", None),
    ],
)
def test_an_address_is_known_as_its_owner_would_know_it(written: str, normal: str | None) -> None:
    assert normal_email(written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+33 6 12 34 56 78", "612345678"),
        ("06.12.34.56.78", "612345678"),
        ("1234", None),
        ("0000000000", None),
    ],
)
def test_a_phone_number_is_the_same_with_and_without_its_country(written: str, normal: str | None) -> None:
    assert normal_phone(written) == normal


def test_records_are_one_person_through_a_third() -> None:
    found = identities(
        {"email": [("a", "x@y.org"), ("b", "X@y.org")], "phone": [("b", "0612345678"), ("c", "+33612345678")]}
    )
    assert [one.records for one in found.persons] == [("a", "b", "c")]
    assert found.of_record == {"a": "a", "b": "a", "c": "a"}
    assert {link.key for link in found.persons[0].links} == {"email", "phone"}
    assert all(link.shown != "x@y.org" for link in found.persons[0].links)


def test_a_parting_is_kept_with_its_reason_and_can_be_taken_back() -> None:
    keys = {"email": [("a", "x@y.org"), ("b", "x@y.org")]}
    parted = identities(keys, undone=[("b", "a")])
    assert parted.persons == ()
    assert [(link.one, link.other) for link in parted.cut] == [("a", "b")]
    assert identities(keys).persons[0].records == ("a", "b")


def test_a_key_that_many_share_names_nobody() -> None:
    found = identities({"email": [(f"r{i}", "office@shop.org") for i in range(10)]})
    assert found.persons == ()
    assert list(found.crowded.values()) == [10]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["u@v.org", "w@v.org", "z@v.org"]))))
def test_the_order_of_records_does_not_matter_and_nobody_is_lost(pairs: list[tuple[str, str]]) -> None:
    there, back = identities({"email": pairs}), identities({"email": pairs[::-1]})
    assert there == back
    records = [record for one in there.persons for record in one.records]
    assert len(records) == len(set(records))
