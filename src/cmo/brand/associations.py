"""What a brand stands for beyond its size: associations held against those that its size would bring."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.brand.funnel import share_of_people

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Associations:
    """How far a brand's associations lie above or below those of its size.

    Attributes:
        ratio: Share of people who associate the brand with the attribute, over what the brand's and the
            attribute's totals would bring, less one; draws of shape (draws, brands, attributes).
    """

    ratio: Floats

    def standing_out(self, level: float = 0.9) -> npt.NDArray[np.bool_]:
        """Whether the interval leaves out zero, shape (brands, attributes)."""
        low, high = np.quantile(self.ratio, [(1 - level) / 2, (1 + level) / 2], axis=0)
        return np.asarray((low > 0) | (high < 0), dtype=np.bool_)


def associations(positive: Floats, asked: Floats, *, rng: np.random.Generator, draws: int) -> Associations:
    """Hold each association against the one expected from size: large brands have more of everything.

    Args:
        positive: Persons who associate each brand with each attribute, shape (brands, attributes).
        asked: Persons asked, > 0, same shape.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        The ratios less one.

    References:
        Romaniuk and Sharp (2000), "Using known patterns in image data to determine brand positioning".
    """
    shares = share_of_people(positive, asked, rng=rng, draws=draws)
    expected = (
        shares.sum(axis=2, keepdims=True)
        * shares.sum(axis=1, keepdims=True)
        / shares.sum(axis=(1, 2), keepdims=True)
    )
    return Associations(ratio=np.asarray(shares / expected - 1, dtype=np.float64))
