import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
ROOM = ROOT / "src" / "cmo" / "simulation"


def test_every_mechanism_names_files_and_parameters_that_exist() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if re.match(r"\| .* \| `\w+\.py`", line)]
    assert len(rows) > 15
    company = (ROOM / "company.py").read_text(encoding="utf-8")
    for row in rows:
        files = re.findall(r"`(\w+\.py)`", row[1])
        source = company + "".join((ROOM / name).read_text(encoding="utf-8") for name in files)
        for parameter in re.findall(r"`([\w.]+)`", row[2]):
            assert re.search(rf"\b{parameter.rsplit('.', 1)[-1]}\b", source), (files, parameter)


def test_the_code_of_the_page_runs() -> None:
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(block, "simulation.md", "exec"), {})  # noqa: S102 - the page's own code
