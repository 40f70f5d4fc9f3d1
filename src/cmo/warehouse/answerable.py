"""What can be answered with the tables at hand, and which table would unlock the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cmo.measures import Text, listing
from cmo.warehouse.field import canonical_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a measure can be answered.

    Attributes:
        measure: Name of the measure.
        possible: Whether all that it needs is there.
        lacks: What is not there, `table` or `table.column`, in the order it was asked for.
        says: The sentence for people.
    """

    measure: str
    possible: bool
    lacks: tuple[str, ...]
    says: Text


def answerable(
    columns: Mapping[str, Iterable[str]], needs: Iterable[tuple[str, tuple[str, ...]]]
) -> tuple[Answer, ...]:
    """Hold what measures need against the tables there are.

    Args:
        columns: Columns of each canonical table the company has.
        needs: Pairs of a measure and what it needs: `orders`, or a column of a table, `orders.margin`.

    Returns:
        One answer per pair, in the order given.

    Raises:
        Problem: A need names no canonical table.
    """
    there = {table: frozenset(names) for table, names in columns.items()}
    return tuple(_answer(measure, wanted, there=there) for measure, wanted in needs)


def unlocks(answers: Iterable[Answer]) -> Mapping[str, tuple[str, ...]]:
    """What each missing table or column would unlock by itself.

    Args:
        answers: What can and cannot be answered.

    Returns:
        Missing table or column → measures that lack nothing else, the most useful first.
    """
    found: dict[str, list[str]] = {}
    for answer in answers:
        if len(answer.lacks) == 1:
            found.setdefault(answer.lacks[0], []).append(answer.measure)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return {lacking: tuple(measures) for lacking, measures in ranked}


def _answer(measure: str, wanted: tuple[str, ...], *, there: Mapping[str, frozenset[str]]) -> Answer:
    lacks = tuple(need for need in wanted if not _has(need, there=there))
    if not lacks:
        says = Text(f"{measure} can be answered.", f"{measure} peut être estimé.")
    else:
        names = listing(lacks)
        says = Text(
            f"{measure} cannot be answered without {names.en}.",
            f"{measure} ne peut pas être estimé sans {names.fr}.",
        )
    return Answer(measure=measure, possible=not lacks, lacks=lacks, says=says)


def _has(need: str, *, there: Mapping[str, frozenset[str]]) -> bool:
    table, _, column = need.partition(".")
    canonical_table(table)
    return table in there and (not column or column in there[table])
