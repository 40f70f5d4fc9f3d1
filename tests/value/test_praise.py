import pytest

from cmo.value.praise import praise


@pytest.mark.parametrize(
    ("clause", "tone"),
    [
        ("emballage magnifique", 1),
        ("flacon peu pratique", -1),
        ("ce n'est pas agréable", -1),
        ("fast delivery", 1),
        ("much too expensive", -1),
        ("la peau est plus douce", 1),
        ("reçu mardi", 0),
    ],
)
def test_words_of_praise_and_blame(clause: str, tone: float) -> None:
    assert praise(clause) == tone
