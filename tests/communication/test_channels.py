import pytest

from cmo.communication.channels import CHANNELS, Way, graphemes, size_on, sms_places


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("👍🏽", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("🇫🇷🇩🇪", 2),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1),
        ("❤️", 1),
        ("a\r\nb", 3),
        ("नि", 1),
    ],
)
def test_graphemes_are_counted_as_a_reader_does(text: str, n: int) -> None:
    assert graphemes(text) == n


@pytest.mark.parametrize(
    ("text", "used", "most"),
    [
        ("a" * 160, 160, 160),
        ("Prix : 10 €", 12, 160),
        ("déjà vu à Nîmes", 15, 70),
        ("ok 👍", 5, 70),
    ],
)
def test_places_of_an_sms_follow_its_alphabet(text: str, used: int, most: int) -> None:
    assert sms_places(text) == (used, most)


def test_a_link_on_mastodon_counts_for_twenty_three_and_on_bluesky_as_written() -> None:
    text = "https://example.org/" + "x" * 100
    assert size_on(CHANNELS["mastodon"], text).used == 23
    assert size_on(CHANNELS["bluesky"], text).used == 120


def test_limits_are_those_that_publishing_tools_apply() -> None:
    limits = {name: one.most for name, one in CHANNELS.items()}
    assert limits["mastodon"] == 500
    assert limits["bluesky"] == 300
    assert limits["linkedin"] == 3000
    assert limits["threads"] == 500
    assert limits["facebook"] == 63_206
    assert limits["instagram"] == 2200


def test_channels_by_hand_say_where_to_open_them() -> None:
    assert all(one.address.startswith("https://") for one in CHANNELS.values() if one.way is Way.HAND)
