"""What the radar learned from the hiring terms; `benchmarks/market_trend.py --learn` writes the figures."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from cmo.market.trend import Radar

LEARNED = Path(__file__).with_name("radar.json")
SHARES, VOLUMES = "shares", "volumes"


@cache
def radars() -> Mapping[str, Radar]:
    """The radars as shipped: `SHARES` where all that was counted is known, else `VOLUMES`."""
    said = json.loads(LEARNED.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: Radar(**{part: np.array(values) for part, values in one.items()})
            for name, one in said.items()
        }
    )
