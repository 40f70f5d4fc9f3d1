import numpy as np
import pytest

from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import Cells
from cmo.customers.purchases.fitting import fit
from cmo.customers.purchases.prediction import Customers
from cmo.customers.segmentation.segments import SEGMENTS, portrait, segment_of, sentence
from cmo.measures import Text

NAMES = [segment.name for segment in SEGMENTS]


@pytest.mark.parametrize(
    ("x", "t_x", "age", "name"),
    [
        (0, 0, 300, "once"),
        (12, 395, 400, "champions"),
        (2, 380, 400, "regulars"),
        (25, 100, 400, "lost"),
    ],
)
def test_a_customer_belongs_to_the_segment_one_would_say(
    x: float, t_x: float, age: float, name: str, base_cells: Cells
) -> None:
    one = Customers(frequency=np.array([x]), recency=np.array([t_x]), age=np.array([age]))
    assert NAMES[segment_of(fit(BG_NBD, base_cells), one)[0]] == name


def test_segments_get_overdue_before_they_are_lost(base_cells: Cells) -> None:
    silent = np.arange(0.0, 400.0, 5.0)
    people = Customers(
        frequency=np.full(silent.size, 10.0), recency=np.full(silent.size, 300.0), age=300.0 + silent
    )
    path = [NAMES[at] for at in segment_of(fit(BG_NBD, base_cells), people)]
    assert list(dict.fromkeys(path)) == ["champions", "overdue", "lost"]


def test_a_segment_is_said_in_a_sentence_in_both_languages() -> None:
    overdue = SEGMENTS[NAMES.index("overdue")]
    people = Customers(
        frequency=np.array([2.0, 4.0]), recency=np.array([46.0, 92.0]), age=np.array([117.0, 163.0])
    )
    found = portrait(people, np.array([1_000.0, 412.0]), alive=np.array([0.5, 0.4]))
    said = sentence(overdue, found, worth=Text("61 k€", "61 k€"))
    assert said.en == (
        "1,412 customers worth 61 k€ have come back before but are silent for longer than they used to be: "
        "usual gap 23 days, silent for 71."
    )
    assert said.fr.startswith("1\N{NARROW NO-BREAK SPACE}412 clients valant 61 k€ étaient revenus")
    assert found.alive == pytest.approx((500 + 0.4 * 412) / 1_412)


def test_an_empty_segment_has_no_portrait() -> None:
    nobody = Customers(frequency=np.zeros(0), recency=np.zeros(0), age=np.zeros(0))
    with pytest.raises(ValueError, match="holds no customer"):
        portrait(nobody, np.zeros(0), alive=np.zeros(0))
