"""Heavy tails brought down to a threshold common to all arms, with what that changed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.experiments.adjustment import contrast
from cmo.experiments.contrast import TWO_SIDED, Effect, Inference, absolute_effect
from cmo.experiments.metric import Mean
from cmo.experiments.moments import Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Winsorised:
    """An effect with and without the heaviest values.

    Attributes:
        threshold: Values above were brought down to it.
        share_cut: Share of units above it, over all arms.
        raw: The effect on the values as they are.
        cut: The effect on the winsorised values.
    """

    threshold: float
    share_cut: float
    raw: Effect
    cut: Effect

    @property
    def precision_gained(self) -> float:
        """By how much the standard error fell, as a share of the raw one."""
        return 1.0 - self.cut.se / self.raw.se


def winsorised_effect(
    arms: Mapping[str, npt.ArrayLike],
    *,
    control: str,
    treated: str,
    share: float = 0.999,
    inference: Inference = TWO_SIDED,
) -> Winsorised:
    """Effect on a mean after cutting at a quantile of all arms pooled, beside the effect before.

    One threshold for all arms: thresholds by arm would cut away part of the effect.

    Args:
        arms: Values by arm, each of shape (units,).
        control: Name of the control arm.
        treated: Name of the treated arm.
        share: Quantile above which values are cut, in (0, 1).
        inference: The test to invert.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share == {share}, must lie between 0 and 1")
    values = {name: np.asarray(of, dtype=np.float64) for name, of in arms.items()}
    everyone = np.concatenate(list(values.values()))
    threshold = float(np.quantile(everyone, share))

    def effect(ceiling: float) -> Effect:
        moments = {name: Moments.of_rows(np.minimum(of, ceiling), ("value",)) for name, of in values.items()}
        return absolute_effect(contrast(moments, Mean("value"), control=control, treated=treated), inference)

    return Winsorised(
        threshold=threshold,
        share_cut=float(np.mean(everyone > threshold)),
        raw=effect(np.inf),
        cut=effect(threshold),
    )
