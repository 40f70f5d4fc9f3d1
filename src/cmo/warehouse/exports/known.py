"""The exports that are known: to know another one, add it here."""

from collections.abc import Mapping
from types import MappingProxyType

from cmo.warehouse.exports.export import Export
from cmo.warehouse.exports.ga4 import GA4
from cmo.warehouse.exports.google_ads import GOOGLE_ADS
from cmo.warehouse.exports.hubspot import HUBSPOT_COMPANIES, HUBSPOT_CONTACTS, HUBSPOT_DEALS
from cmo.warehouse.exports.mailing_lists import ACTIVECAMPAIGN, BREVO, KIT, MAILCHIMP, SYSTEME_IO
from cmo.warehouse.exports.meta_ads import META_ADS
from cmo.warehouse.exports.search_console import SEARCH_CONSOLE
from cmo.warehouse.exports.shopify import SHOPIFY_CUSTOMERS, SHOPIFY_ORDERS
from cmo.warehouse.exports.stripe import STRIPE

KNOWN: tuple[Export, ...] = (
    GOOGLE_ADS,
    META_ADS,
    GA4,
    SEARCH_CONSOLE,
    SHOPIFY_ORDERS,
    SHOPIFY_CUSTOMERS,
    STRIPE,
    HUBSPOT_CONTACTS,
    HUBSPOT_DEALS,
    HUBSPOT_COMPANIES,
    MAILCHIMP,
    BREVO,
    ACTIVECAMPAIGN,
    KIT,
    SYSTEME_IO,
)


def _named() -> Mapping[str, tuple[Export, ...]]:
    names: dict[str, tuple[Export, ...]] = {}
    for export in (export for export in KNOWN if export is not HUBSPOT_COMPANIES):
        for name in dict.fromkeys((export.name, export.family)):
            names[name] = (*names.get(name, ()), export)
    return MappingProxyType(names)


FORMATS: Mapping[str, tuple[Export, ...]] = _named()
"""What `format:` may say, and the exports that it may then be; their header tells which."""
