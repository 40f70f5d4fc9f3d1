"""How the brand is known and seen."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

BRAND: Final = (
    Measure(
        name="brand.awareness",
        unit="share",
        by=("brand",),
        label=Text("Awareness", "Notoriété"),
        says=Text("Share of people who know the brand.", "Part des gens qui connaissent la marque."),
        tables=("brand_survey",),
    ),
    Measure(
        name="brand.consideration",
        unit="share",
        by=("brand",),
        label=Text("Consideration", "Considération"),
        says=Text(
            "Share of people who would consider the brand.", "Part des gens qui envisageraient la marque."
        ),
        tables=("brand_survey",),
    ),
    Measure(
        name="brand.conversion",
        unit="share",
        by=("brand",),
        label=Text("Funnel conversion", "Conversion de l'entonnoir"),
        says=Text("Share of those aware who buy.", "Part de ceux qui connaissent et qui achètent."),
        tables=("brand_survey",),
    ),
    Measure(
        name="brand.share_of_search",
        unit="share",
        by=("brand",),
        label=Text("Share of search", "Part de recherche"),
        says=Text("Share of the market's brand searches.", "Part des recherches de marques du marché."),
        tables=("market",),
    ),
    Measure(
        name="brand.share_of_voice",
        unit="share",
        by=("brand",),
        label=Text("Share of voice", "Part de voix"),
        says=Text(
            "Share of the market's advertising or mentions.",
            "Part de la publicité ou des mentions du marché.",
        ),
        tables=("market",),
    ),
    Measure(
        name="brand.image",
        unit="share",
        by=("attribute",),
        label=Text("Brand image", "Image de marque"),
        says=Text(
            "Share of people who associate the brand with an attribute.",
            "Part des gens qui associent la marque à un attribut.",
        ),
        tables=("brand_survey",),
    ),
)
