"""A file of offers: ours and those of competitors, as a choice survey describes them."""

from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any

from cmo.measures import Problem
from cmo.value.choice_evidence import Survey
from cmo.workspace import Document

EXAMPLE = (
    "offers: [{name: Ours, ours: true, cost: 14, brand: …, price: 46}, {name: Theirs, brand: …, price: 42}]"
)
BRANDS = ("brand", "alternative", "marque")
WORDS = ("name", "ours", "cost", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer side by side with others.

    Attributes:
        name: Its name.
        ours: Whether it is the company's.
        cost: Cost of one sale, or None where it is not given.
        described: Its attributes; empty for taking none of them.
    """

    name: str
    ours: bool
    cost: float | None
    described: dict[str, float | str]


def read_offers(path: Path) -> tuple[Offer, ...]:
    """The offers of a YAML or JSON file.

    Raises:
        Problem: It cannot be read, names no offers, or two bear one name.
    """
    document = Document.read(path)
    listed = document.data.get("offers")
    if not isinstance(listed, list) or not listed:
        raise Problem(f"{path.name}, line 1: a list of offers was expected, as {EXAMPLE}")
    offers = tuple(_offer(document, at, one) for at, one in enumerate(listed))
    names = [offer.name for offer in offers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Problem(f"{path.name}: two offers are called {twice}; give each a name of its own")
    return offers


def our_offer(offers: tuple[Offer, ...], *, named: str | None) -> int:
    """Position of our offer: the one named, or the only one that says so.

    Raises:
        Problem: There is none, or it is not clear which.
    """
    mine = [at for at, offer in enumerate(offers) if (offer.ours if named is None else offer.name == named)]
    if len(mine) == 1:
        return mine[0]
    names = ", ".join(offer.name for offer in offers)
    if named is not None:
        raise Problem(f"no offer is called {named}; the offers are {names}")
    raise Problem(f"{len(mine)} offers say ours: true; name one with --ours (the offers are {names})")


def first_offers(survey: Survey, *, company: str) -> str:
    """A file of offers to begin from: one for each brand, or level of the first attribute, else alike."""
    made = survey.design.attributes
    worded = [one for one in made if one.levels]
    first = next((one for one in worded if one.name in BRANDS), worded[0] if worded else None)
    numbers = {one.name: float(f"{one.middle:.3g}") for one in made if not one.levels}
    same = {one.name: one.levels[0] for one in worded if one is not first} | numbers
    names = first.levels if first is not None else ("one", "other")
    ours = company if company in names else names[0]
    lines = ["# What could be shown; write one offer on each line, ours and those of competitors."]
    lines += [f"# {one.name}: {', '.join(one.levels) or 'a number'}" for one in made]
    if survey.design.none is not None:
        lines.append("# none: true is to take none of them")
    lines.append("offers:")
    for name in names:
        said: dict[str, object] = {"name": name} | ({"ours": True, "cost": 0} if name == ours else {})
        said |= {} if first is None else {first.name: name}
        lines.append("  - " + dumps(said | same, ensure_ascii=False))
    if survey.design.none is not None:
        lines.append('  - {"name": "none of them", "none": true}')
    return "\n".join(lines) + "\n"


def _offer(document: Document, at: int, one: Any) -> Offer:
    where = f"{document.name}, line {document.line_of(('offers', at))}"
    if not isinstance(one, dict):
        raise Problem(f"{where}: an offer with its attributes was expected, as {EXAMPLE}")
    cost = one.get("cost")
    if cost is not None and not isinstance(cost, int | float):
        raise Problem(f"{where}: cost == {cost!r}, must be a number")
    described = {
        str(name): value if isinstance(value, int | float) and not isinstance(value, bool) else _word(value)
        for name, value in one.items()
        if name not in WORDS
    }
    return Offer(
        name=str(one.get("name") or f"offer {at + 1}"),
        ours=one.get("ours") is True,
        cost=None if cost is None else float(cost),
        described={} if one.get("none") is True else described,
    )


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
