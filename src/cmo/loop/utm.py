"""Links with UTM parameters: made by rule, and looked through."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cmo.briefs.answers import Answer, Data
from cmo.measures import Language, Problem, Text
from cmo.warehouse.utm import URL, Level, Remark, build_link, group_of, lint_link


def build(url: str, values: Mapping[str, str], *, language: Language) -> Answer:
    """A link with its parameters, what was written in another way, and the channel it counts for.

    Raises:
        Problem: A value is missing or cannot be used.
    """
    link, told = build_link(url, values)
    group = group_of(link)
    lines = [
        Text(f"{name} was written as {value}", f"{name} a été écrit {value}").in_(language)
        for name, value in told.items()
    ]
    said = Text(f"GA4 counts its visits as {group}.", f"GA4 comptera ses visites en {group}.")
    return Answer(
        data={"url": link, "written": dict(told), "group": str(group)},
        lines=(link, *lines, said.in_(language)),
    )


def lint(targets: Sequence[str], *, site: str | None, language: Language) -> Answer:
    """The rules that links break, of links given or found in files.

    Raises:
        Problem: A file cannot be read, or holds no link.
    """
    links: list[Data] = []
    lines: list[str] = []
    n_errors = 0
    for where, url in _links(targets):
        remarks = lint_link(url, site=site)
        n_errors += sum(one.level is Level.ERROR for one in remarks)
        links.append(_data(where, url, remarks, language))
        if remarks:
            lines.append(f"{where}{url}")
            lines += [f"  {one.level}: {one.says.in_(language)}" for one in remarks]
    said = Text(f"{len(links)} links, {n_errors} errors.", f"{len(links)} liens, {n_errors} erreurs.")
    return Answer(data={"links": links, "errors": n_errors}, lines=(*lines, said.in_(language)))


def _links(targets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each link with where it stands."""
    for target in targets:
        if "://" in target:
            yield "", target
            continue
        try:
            text = Path(target).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(
                f"{target[:200]}: a link, or a text file of links in UTF-8, was expected"
            ) from error
        found = [
            (number, match[0])
            for number, line in enumerate(text.splitlines(), start=1)
            for match in URL.finditer(line)
        ]
        if not found:
            raise Problem(f"{target}: there is no link in it")
        yield from ((f"{target}, {number}: ", url) for number, url in found)


def _data(where: str, url: str, remarks: Sequence[Remark], language: Language) -> Data:
    return {
        "where": where.removesuffix(": ") or None,
        "url": url,
        "group": str(group_of(url)),
        "remarks": [
            {
                "rule": one.rule,
                "level": str(one.level),
                "parameter": one.parameter,
                "says": one.says.in_(language),
            }
            for one in remarks
        ],
    }
