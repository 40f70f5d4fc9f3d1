"""From the attributes of a questionnaire to coefficients, and back to what people value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PRICE = "price"
NONE = "none"  # the alternative that is described by nothing: to take none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute of the alternatives and the columns it takes in the design.

    Attributes:
        name: Its name.
        levels: Its levels, the first the reference; empty for a number.
        columns: Columns of the design: one per level after the first, or one for a number.
        reach: Difference between the greatest and the least value of a number, >= 0; 0 for levels.
        middle: Mean of a number, from which its column counts; 0 for levels.
    """

    name: str
    levels: tuple[str, ...]
    columns: tuple[int, ...]
    reach: float
    middle: float = 0.0

    def worths(self, coefficients: Floats) -> Floats:
        """Worth of each level over the first (of the number's two ends), shape (draws, levels)."""
        mine = coefficients[:, list(self.columns)]
        zero = np.zeros((coefficients.shape[0], 1))
        return np.hstack([zero, mine if self.levels else mine * self.reach])

    def scope(self, coefficients: Floats) -> Floats:
        """Difference in utility between the best and the worst level, shape (draws,)."""
        worths = self.worths(coefficients)
        return np.asarray(worths.max(axis=1) - worths.min(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The alternatives as numbers.

    Attributes:
        attributes: What the columns mean.
        matrix: One row per alternative, shape (alternatives, columns).
        none: Column of "none of them", or None where everybody had to choose.
    """

    attributes: tuple[Attribute, ...]
    matrix: Floats
    none: int | None = None

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, or None."""
        return next((one for one in self.attributes if one.name == name), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """What each column stands for: `attribute=level`, the name of a number, or `none`."""
        named = {column: one.name for one in self.attributes for column in one.columns if not one.levels}
        for one in self.attributes:
            named |= {
                column: f"{one.name}={level}"
                for column, level in zip(one.columns, one.levels[1:], strict=False)
            }
        if self.none is not None:
            named[self.none] = NONE
        return tuple(named[column] for column in range(self.matrix.shape[1]))

    def code(self, offers: Sequence[Mapping[str, float | str]]) -> Floats:
        """Offers as rows of the design, shape (offers, columns).

        Args:
            offers: Attribute → value; an offer without any is to take none of them.

        Raises:
            ValueError: An offer lacks an attribute, or has one or a level that was never shown.
        """
        made = np.zeros((len(offers), self.matrix.shape[1]))
        for row, offer in zip(made, offers, strict=True):
            strange = set(offer) - {one.name for one in self.attributes}
            if strange:
                raise ValueError(
                    f"{min(strange)} is no attribute of the survey; it has "
                    f"{', '.join(one.name for one in self.attributes)}"
                )
            if offer:
                for one in self.attributes:
                    _describe(row, one, offer)
            elif self.none is None:
                raise ValueError("to take none of them was never shown in the survey; describe the offer")
            else:
                row[self.none] = 1.0
        return made


def _describe(row: Floats, one: Attribute, offer: Mapping[str, float | str]) -> None:
    """Write what an offer is in one attribute into its row of the design."""
    if one.name not in offer:
        raise ValueError(f"the attribute {one.name} is missing; give it for each offer")
    value = offer[one.name]
    if not one.levels:
        try:
            row[one.columns[0]] = float(value) - one.middle
        except ValueError:
            raise ValueError(f"{one.name} == {value!r}, must be a number") from None
        return
    if str(value) not in one.levels:
        raise ValueError(
            f"{one.name} == {value!r} was never shown; the survey showed {', '.join(one.levels)}"
        )
    place = one.levels.index(str(value))
    if place:
        row[one.columns[place - 1]] = 1.0


def design(described: Mapping[str, Sequence[float | str | None]]) -> Design:
    """Dummy-code levels, keep numbers (less their mean), and add a constant for "none of them".

    Args:
        described: Attribute → its value in each alternative: numbers, or names of levels; None in all
            attributes where the alternative is to take none.

    Returns:
        The design, without the attributes that never change.
    """
    attributes: list[Attribute] = []
    blocks: list[Floats] = []
    for name, values in described.items():
        block, levels, (reach, middle) = _coded(values)
        if block.shape[1]:
            first = sum(one.shape[1] for one in blocks)
            columns = tuple(range(first, first + block.shape[1]))
            attributes.append(
                Attribute(name=name, levels=levels, columns=columns, reach=reach, middle=middle)
            )
            blocks.append(block)
    empty = np.array([all(value is None for value in row) for row in zip(*described.values(), strict=True)])
    none = None
    if empty.any() and not empty.all():
        none = sum(one.shape[1] for one in blocks)
        blocks.append(empty.astype(np.float64)[:, None])
    matrix = np.hstack(blocks) if blocks else np.zeros((empty.size, 0))
    return Design(attributes=tuple(attributes), matrix=matrix, none=none)


def importance(design: Design, coefficients: Floats) -> Floats:
    """Share of the range of utility that each attribute spans.

    Args:
        design: What the coefficients mean.
        coefficients: Draws, shape (draws, columns).

    Returns:
        Shares that add up to 1, shape (draws, attributes).

    References:
        Orme (2010), "Getting Started with Conjoint Analysis", 2nd ed., chapter 9.
    """
    scopes = np.column_stack([one.scope(coefficients) for one in design.attributes])
    return np.asarray(scopes / scopes.sum(axis=1, keepdims=True), dtype=np.float64)


def willingness_to_pay(design: Design, coefficients: Floats) -> tuple[tuple[str, ...], Floats]:
    """What each level is worth in money over the least liked level of its attribute.

    Args:
        design: What the coefficients mean, with a `price`.
        coefficients: Draws, shape (draws, columns), the price's below 0.

    Returns:
        Subjects `attribute=level` (for a number: the attribute, per unit), and draws, shape
        (draws, subjects).

    Raises:
        ValueError: There is no price, or it does not deter in every draw.
    """
    price = design.attribute(PRICE)
    if price is None or price.levels or np.any(coefficients[:, price.columns[0]] >= 0):
        raise ValueError("willingness to pay needs a price whose coefficient is below 0 in every draw")
    money = -coefficients[:, price.columns[0]]
    subjects: list[str] = []
    worths: list[Floats] = []
    for one in design.attributes:
        if one.name == PRICE:
            continue
        if not one.levels:
            subjects.append(one.name)
            worths.append(coefficients[:, one.columns[0]] / money)
            continue
        each = one.worths(coefficients)
        least = int(each.mean(axis=0).argmin())
        for i, level in enumerate(one.levels):
            if i != least:
                subjects.append(f"{one.name}={level}")
                worths.append((each[:, i] - each[:, least]) / money)
    return tuple(subjects), np.column_stack(worths) if worths else np.zeros((coefficients.shape[0], 0))


def _coded(
    values: Sequence[float | str | None],
) -> tuple[Floats, tuple[str, ...], tuple[float, float]]:
    """Columns of an attribute, its levels, and a number's reach and mean."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) for value in known):
        numbers = np.array([np.nan if value is None else float(value) for value in values])
        reach = float(np.nanmax(numbers) - np.nanmin(numbers))
        middle = float(np.nanmean(numbers))
        column = np.nan_to_num(numbers - middle)[:, None]
        return (column if reach > 0 else column[:, :0]), (), (reach, middle)
    levels = tuple(sorted({str(value) for value in known}))
    named = np.array([None if value is None else str(value) for value in values], dtype=object)
    columns = [(named == level).astype(np.float64) for level in levels[1:]]
    return (np.column_stack(columns) if columns else np.zeros((named.size, 0))), levels, (0.0, 0.0)
