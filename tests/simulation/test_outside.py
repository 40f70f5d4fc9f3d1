from datetime import date

from cmo.simulation.calendar import mondays
from cmo.simulation.episode import rng_of
from cmo.simulation.outside import FADING, RISING, SUMMER, TOPICS, category_sales, topic_levels
from cmo.simulation.workspace import History

WEEKS = mondays(date(2023, 11, 20), 156)


def test_one_topic_alone_rises_over_the_last_year() -> None:
    growth = {}
    for topic in TOPICS:
        levels = topic_levels(topic, dates=WEEKS)
        growth[topic] = levels[-52:].mean() / levels[-104:-52].mean()
    assert [topic for topic, factor in growth.items() if factor > 1.1] == [RISING]
    assert growth[FADING] < 0.7


def test_the_summer_topic_peaks_in_summer() -> None:
    levels = topic_levels(SUMMER, dates=WEEKS)
    assert WEEKS[int(levels.argmax())].month in {6, 7}


def test_the_brand_is_a_small_part_of_its_category(history: History) -> None:
    ours, theirs = category_sales(history.market, history.lived[-52:])
    assert 0.02 < ours / (ours + theirs.sum()) < 0.15
    assert rng_of(1, 2).random() == rng_of(1, 2).random()
