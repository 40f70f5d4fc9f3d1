"""What value drivers are called when one speaks to customers, and how customers speak of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cmo.measures import Text

DRIVERS: Final[Mapping[str, tuple[Text, tuple[str, ...]]]] = MappingProxyType(
    {
        "brand": (Text("the brand", "la marque"), ("marque", "brand", "maison")),
        "delivery": (Text("the delivery", "la livraison"), ("livraison", "colis", "deliver", "parcel")),
        "efficacy": (Text("how well it works", "l'efficacité"), ("efficac", "résultat", "works", "result")),
        "ingredients": (
            Text("the ingredients", "les ingrédients"),
            ("ingrédient", "composition", "naturel", "ingredient", "natural"),
        ),
        "packaging": (Text("the packaging", "l'emballage"), ("emballage", "flacon", "packag", "bottle")),
        "price": (Text("the price", "le prix"), ("prix", "price")),
        "refill": (Text("the refill", "la recharge"), ("recharge", "refill")),
        "scent": (Text("the scent", "le parfum"), ("odeur", "parfum", "scent", "smell")),
        "service": (Text("the service", "le service"), ("service", "conseil", "écoute", "advice")),
        "texture": (Text("the texture", "la texture"), ("texture", "fondant", "melting")),
    }
)
"""Name for people, and beginnings of words by which it is recognised; of drivers that many companies have."""


def named(driver: str) -> Text:
    """The name of a driver; its identifier where the field has no word for it."""
    known = DRIVERS.get(driver)
    return Text.same(driver.replace("_", " ")) if known is None else known[0]


def recognised_by(driver: str) -> tuple[str, ...]:
    """Beginnings of words by which an opinion is seen to speak of a driver."""
    known = DRIVERS.get(driver)
    return (driver.replace("_", " "),) if known is None else known[1]
