"""Refused rows: what was expected, and where to put it right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq

from cmo.measures import Text
from cmo.warehouse.opened import LEFT_OUT

RULES: Mapping[str, Text] = MappingProxyType(
    {
        "missing": Text(en="a value is required", fr="une valeur est obligatoire"),
        "number": Text(en="a number was expected", fr="un nombre était attendu"),
        "day": Text(en="a date from 1900 to 2199 was expected", fr="une date de 1900 à 2199 était attendue"),
        "instant": Text(
            en="a date from 1900 to 2199 was expected", fr="une date de 1900 à 2199 était attendue"
        ),
        "flag": Text(en="yes or no was expected", fr="oui ou non était attendu"),
        "finite": Text(en="a finite number was expected", fr="un nombre fini était attendu"),
        "at_least": Text(en="at least {bound} was expected", fr="au moins {bound} était attendu"),
        "at_most": Text(en="at most {bound} was expected", fr="au plus {bound} était attendu"),
        "exceeds": Text(en="no more than {bound} was expected", fr="pas plus que {bound} était attendu"),
        "cells": Text(
            en="as many cells as in the header were expected", fr="il faut autant de cellules que l'en-tête"
        ),
        "object": Text(en="a JSON object was expected", fr="un objet JSON était attendu"),
        "currency": Text(
            en="an amount in {bound} was expected; cmo converts no currency",
            fr="un montant en {bound} était attendu ; cmo ne convertit aucune devise",
        ),
        "order": Text(
            en="a row of its order with the order's own fields was expected",
            fr="il manque la ligne qui porte les champs de la commande",
        ),
        "preamble": Text(en="left out: a line before the header", fr="écartée : ligne avant l'en-tête"),
        "total": Text(en="left out: a total of other rows", fr="écartée : total d'autres lignes"),
        "cancelled": Text(en="left out: a cancelled order", fr="écartée : commande annulée"),
        "unpaid": Text(en="left out: never paid", fr="écartée : jamais payée"),
        "trial": Text(en="left out: a payment in test mode", fr="écartée : paiement en mode test"),
        "open": Text(en="left out: a deal that is not won", fr="écartée : affaire non gagnée"),
        "repeated": Text(
            en="left out: the same figures in another table", fr="écartée : mêmes chiffres que plus haut"
        ),
    }
)
"""What each rule says, by the code that refused rows carry (what follows a colon there is the bound)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refused row.

    Attributes:
        origin: File or table it stands in.
        table: The canonical table.
        row: Its number; the header is row 1.
        column: The canonical column at fault, or None for the whole row.
        value: The text at fault, or None.
        rule: Code of the rule it breaks.
    """

    origin: str
    table: str
    row: int
    column: str | None
    value: str | None
    rule: str

    @property
    def says(self) -> Text:
        """What was expected."""
        code, _, bound = self.rule.partition(":")
        text = RULES[code]
        return Text(en=text.en.replace("{bound}", bound), fr=text.fr.replace("{bound}", bound))


def refused_rows(path: Path, *, limit: int) -> Iterator[dict[str, Any]]:
    """The first refused rows of a part, without those that are left out."""
    rows = (row for batch in pq.ParquetFile(path).iter_batches(1000) for row in batch.to_pylist())
    return islice((row for row in rows if row["rule"] not in LEFT_OUT), max(limit, 0))
