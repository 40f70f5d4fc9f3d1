"""Charts become drawings: Vega-Lite in, SVG out, without a browser and without the network."""

import re
from typing import Final, Literal

import vl_convert

from cmo.briefs.document import Spec
from cmo.measures import Language

_VERSION: Final = "6.4"
_LOCALE: Final[dict[Language, Literal["en-GB", "fr-FR"]]] = {"en": "en-GB", "fr": "fr-FR"}
_ENGLISH_ROLES: Final = re.compile(r' aria-roledescription="[^"]*"')
_ENGLISH_AXIS: Final = re.compile(r'aria-label="([XY])-axis(?: titled \'([^"]*)\')? for a [^"]*"')
_AXES: Final = {
    ("X", "en"): "Horizontal axis",
    ("Y", "en"): "Vertical axis",
    ("X", "fr"): "Axe horizontal",
    ("Y", "fr"): "Axe vertical",
}
_EMPTY_SYMBOL: Final = re.compile(r'(<g [^<>]*) role="graphics-symbol"([^<>]*(?:/>|></g>))')
_IDENTIFIER: Final = re.compile(r'(\bid="|url\(#|href="#)')


def svg(spec: Spec, *, language: Language, name: str) -> str:
    """The drawing of a chart.

    Args:
        spec: Its specification; data must stand inside it, nothing is fetched.
        language: Language of numbers and dates on the axes.
        name: Prefix of the identifiers inside the drawing, so that several can share a page.
    """
    drawing = vl_convert.vegalite_to_svg(
        dict(spec),
        vl_version=_VERSION,
        allowed_base_urls=[],
        format_locale=_LOCALE[language],
        time_format_locale=_LOCALE[language],
    )
    drawing = _ENGLISH_ROLES.sub("", drawing)
    drawing = _EMPTY_SYMBOL.sub(r"\1\2", drawing)  # what shows nothing has no name to be read out
    drawing = _ENGLISH_AXIS.sub(lambda found: _axis_label(found, language), drawing)
    return _IDENTIFIER.sub(rf"\g<1>{name}-", drawing)


def _axis_label(found: re.Match[str], language: Language) -> str:
    """What is said of an axis; layered charts lose the descriptions that axes were given."""
    name, title = _AXES[found[1], language], found[2]
    return f'aria-label="{name}"' if title is None else f'aria-label="{name}, {title}"'
