"""The ledger as Django knows it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Tables of the ledger; their names start with `ledger_`."""

    name = "cmo.ledger"
    label = "ledger"
