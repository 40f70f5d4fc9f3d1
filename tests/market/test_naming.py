import pytest

from cmo.market.naming import speaks_of


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        ("Les Cosmétiques solides montent", "cosmétique solide", True),
        ("Solid soap sells", "solid soap", True),
        ("A solid case for soap", "solid soap", False),
        ("Le savon-solide arrive", "savon solide", True),
        ("Mascarade", "mascara", False),
        ("refills are coming", "refill", True),
    ],
)
def test_words_of_a_topic_are_found_side_by_side(text: str, topic: str, found: bool) -> None:  # noqa: FBT001 - a case
    assert speaks_of(text, topic) is found
