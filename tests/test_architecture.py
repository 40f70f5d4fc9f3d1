"""The page that describes the house names every room, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_architecture_page_names_exactly_the_rooms_that_exist() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| [^|]+ \| `(\w+)` \|", page, flags=re.MULTILINE))
    rooms = {folder.parent.name for folder in (ROOT / "src" / "cmo").glob("*/__init__.py")}
    assert named == rooms


def test_the_architecture_page_fits_on_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 60
