"""What regions differ in, as a witness of its own: whatever moves all regions in a week cancels out.

A region's outcome per head, less the nation's, keeps nothing of season, holidays or demand that everybody
shares: weekly effects are integrated out without a prior. What is left are levels, trends, seasons and
controls of regions, the response to differences in spend, and how much stronger a channel works here than
there. All but the response is Gaussian and integrated out. Weights are heads, as for sums of independent
people.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.media.witness import Baselines, Witness

Floats = npt.NDArray[np.float64]

_NOISE = 5.0
_LEVEL, _TREND, _SEASON, _CONTROL = 10.0, 1.0, 0.3, 1.0
UNEVEN = 0.5
"""How unevenly a channel works over regions, as a part of its typical effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The outcome by region.

    Attributes:
        names: Regions.
        heads: People, or what else stands for the size of a region, shape (regions,), > 0.
        outcome: Outcome by region and week, shape (regions, weeks).
        controls: Other movers by region and week, each of shape (regions, weeks).
    """

    names: tuple[str, ...]
    heads: Floats
    outcome: Floats
    controls: tuple[Floats, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a panel that cannot be compared."""
        if len(self.names) < 2 or self.outcome.shape[0] != len(self.names):
            raise ValueError(
                f"{len(self.names)} regions and outcomes of {self.outcome.shape[0]}, need 2 at least"
            )
        if self.heads.shape != (len(self.names),) or (self.heads <= 0).any():
            raise ValueError("every region needs a positive number of heads")

    def differences(self, panels: Floats) -> Floats:
        """Panels (regions, weeks, columns) as differences from the nation per head, (rows, columns).

        A panel is in sums by region; its rows are weighted so that their noise is alike.
        """
        share = self.heads / self.heads.sum()
        level = panels / share[:, None, None]
        apart = np.sqrt(share)[:, None, None] * (level - panels.sum(axis=0))
        return np.asarray(apart.reshape(-1, panels.shape[2]), dtype=np.float64)


def regional_witness(
    regions: Regions,
    *,
    bases: tuple[Floats, ...],
    width: int,
    typical: Floats,
    levels: Floats,
    seen: npt.NDArray[np.bool_],
) -> Witness:
    """The likelihood of what regions differ in.

    Args:
        regions: The outcome by region.
        bases: Each channel's reduced basis, shape (regions * weeks, rank).
        width: Width of a channel's part of the media vector.
        typical: A typical effect of each channel by region and week, in standard deviations of the outcome,
            shape (channels, regions, weeks).
        levels: Level of each region by link, in its share of the nation's and in standard deviations of the
            nation's outcome, shape (links, regions, weeks).
        seen: Weeks whose outcome may be used, shape (weeks,).

    Returns:
        The witness.
    """
    n_regions, n_weeks = regions.outcome.shape
    media = np.zeros((n_regions, n_weeks, len(bases), width))
    for c, basis in enumerate(bases):
        media[:, :, c, : basis.shape[1]] = basis.reshape(n_regions, n_weeks, -1)
    uneven = np.einsum("crt,rs->srtc", typical, np.eye(n_regions))
    slopes = regions.differences(np.moveaxis(uneven, 0, 2).reshape(n_regions, n_weeks, -1)[:, seen])
    columns = np.concatenate([_shared(regions, seen), UNEVEN * slopes], axis=1)
    return Witness(
        regions.differences(np.moveaxis(levels, 0, 2)[:, seen]).T,
        regions.differences(media.reshape(n_regions, n_weeks, -1)[:, seen]),
        baselines=Baselines.of_columns((columns,), weights=np.ones(1)),
        noise_scale=_NOISE,
        n_rows=(n_regions - 1) * int(seen.sum()),
    )


def _shared(regions: Regions, seen: npt.NDArray[np.bool_]) -> Floats:
    """Levels, trends and seasons of each region, and controls, as differences scaled by their priors."""
    n_regions, n_weeks = regions.outcome.shape
    time = np.linspace(-0.5, 0.5, n_weeks)
    angle = 2 * np.pi * np.arange(n_weeks) * 7 / 365.2425
    shapes = [np.full(n_weeks, _LEVEL), _TREND * time]
    shapes += [_SEASON * wave(k * angle) for k in (1, 2) for wave in (np.sin, np.cos)]
    share = regions.heads / regions.heads.sum()
    own = np.einsum("kt,rs->rtsk", np.array(shapes), np.diag(share)).reshape(n_regions, n_weeks, -1)
    columns = [regions.differences(own[:, seen])]
    for control in regions.controls:
        column = regions.differences((share[:, None] * control)[:, seen, None])
        spread = column.std()
        if spread > 0:
            columns.append(_CONTROL * column / spread * np.sqrt(share.mean()))
    return np.concatenate(columns, axis=1)
