"""What options of `cmo tests` are written like: names, shares, cells, creatives."""

import typer


def names_in(written: str) -> tuple[str, ...]:
    """Names with commas between."""
    return tuple(name.strip() for name in written.split(",") if name.strip())


def arms_in(written: str) -> tuple[tuple[str, float], ...]:
    """Variants with their planned shares, as `control=0.5,blue=0.5`."""
    try:
        pairs = [part.split("=") for part in names_in(written)]
        return tuple((name.strip(), float(share)) for name, share in pairs)
    except ValueError:
        raise typer.BadParameter(f"{written!r}: write variants as control=0.5,blue=0.5") from None


def cells_in(
    written: list[str],
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[tuple[str, float], ...]]:
    """Cells with their regions, and the spend of those that say one."""
    cells, changes = [], []
    for one in written:
        head, _, regions = one.partition(":")
        name, equals, change = (part.strip() for part in head.partition("="))
        try:
            if equals:
                changes.append((name, float(change)))
        except ValueError:
            raise typer.BadParameter(f"{one!r}: write a cell as 'double=2: north, south'") from None
        cells.append((name, names_in(regions)))
    if len(cells) == 1 or len({name for name, _ in cells}) < len(cells):
        raise typer.BadParameter("cells are at least two, each with its own name")
    return tuple(cells), tuple(changes)


def creative_in(written: str) -> tuple[str, dict[str, str]]:
    """A creative with its traits."""
    name, _, traits = written.partition(":")
    pairs = [part.partition("=") for part in names_in(traits)]
    if not name.strip() or any(not equals or not value.strip() for _, equals, value in pairs):
        raise typer.BadParameter(f"{written!r}: write a creative as 'sun: format=video, topic=price'")
    return name.strip(), {trait.strip(): value.strip() for trait, _, value in pairs}
