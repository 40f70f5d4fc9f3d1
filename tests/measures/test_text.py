"""Words and figures as each language writes them."""

import pytest

from cmo.measures import Text, Unit, chances, french

NB, NN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("unit", "value", "en", "fr"),
    [
        ("EUR", 1_234_567.4, "€1,234,567", f"1{NN}234{NN}567{NB}€"),
        ("EUR", 12.3, "€12.30", f"12,30{NB}€"),
        ("EUR", -0.001, "€0.00", f"0,00{NB}€"),
        ("GBP", -1_234.0, "-£1,234", f"-1{NN}234{NB}£"),
        ("USD", 99.5, "$99.50", f"99,50{NB}$"),
        ("EUR/EUR", 1.4, "1.40", "1,40"),
        ("share", 0.1234, "12.3%", f"12,3{NN}%"),
        ("share", 1.0, "100%", f"100{NN}%"),
        ("count", 4312.0, "4,312", f"4{NN}312"),
        ("weeks", 2.346, "2.35 weeks", "2,35 semaines"),
        ("points", 31.27, "31.3 points", "31,3 points"),
        ("orders/customer", 1.5, "1.50", "1,50"),
    ],
)
def test_a_value_is_written_as_its_language_writes_it(unit: str, value: float, en: str, fr: str) -> None:
    assert Unit(unit).write(value, "en") == en
    assert Unit(unit).write(value, "fr") == fr


@pytest.mark.parametrize(
    ("plain", "set_right"),
    [
        ("Vraiment ?", f"Vraiment{NN}?"),
        ("Le fait : « oui » ; 12 %", f"Le fait{NN}: «{NN}oui{NN}»{NN}; 12{NN}%"),
        ("à 10:30 sur https://exemple.fr", "à 10:30 sur https://exemple.fr"),
    ],
)
def test_french_gets_its_no_break_spaces(plain: str, set_right: str) -> None:
    assert french(plain) == set_right
    assert french(french(plain)) == french(plain)
    assert Text("x", plain).in_("fr") == set_right


@pytest.mark.parametrize(
    ("probability", "en"),
    [
        (0.0, "almost impossible"),
        (0.02, "about 2 chances in 100"),
        (0.1, "about 1 chance in 10"),
        (0.5, "about 5 chances in 10"),
        (0.97, "about 97 chances in 100"),
        (1.0, "almost certain"),
    ],
)
def test_chances_are_said_in_numbers_people_can_count(probability: float, en: str) -> None:
    assert chances(probability).en == en
