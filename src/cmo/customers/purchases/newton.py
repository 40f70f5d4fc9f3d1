"""Damped Newton ascent with exact derivatives: five to ten passes over the cells fit any model here."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats

LONGEST_STEP = 1.5  # in log-parameters: a factor of 4.5 at once is far enough from any start
DIFFERENCE = 1e-4  # of log-parameters, for central differences
SUFFICIENT = 1e-4  # share of the promised gain that a step must deliver (Armijo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """A function at one point, with its exact derivatives.

    Attributes:
        value: The function.
        gradient: First derivatives, shape (parameter,).
        hessian: Second derivatives, shape (parameter, parameter), symmetric.
    """

    value: float
    gradient: Floats
    hessian: Floats

    def __add__(self, other: "Surface") -> "Surface":
        """The surface of a sum of functions."""
        return Surface(
            value=self.value + other.value,
            gradient=self.gradient + other.gradient,
            hessian=self.hessian + other.hessian,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """Where an ascent ended.

    Attributes:
        at: The point, shape (parameter,).
        surface: The function and its derivatives there.
        n_evaluations: Passes over the data that it took.
        converged: Whether the promised further gain is negligible and the surface is curved downwards.
    """

    at: Floats
    surface: Surface
    n_evaluations: int
    converged: bool


def maximised(
    function: Callable[[Floats], Surface], start: Floats, *, tolerance: float = 1e-9, max_steps: int = 80
) -> Maximum:
    """Climbs from `start` by Newton steps, made safe by |eigenvalues| and halving.

    Args:
        function: The function to maximise, with its derivatives.
        start: Where to begin, shape (parameter,).
        tolerance: Promised gain (in the function's unit) below which the ascent ends.
        max_steps: Steps after which it gives up and says so.
    """
    at, here, n_evaluations = start, function(start), 1
    for _ in range(max_steps):
        step, curved = _newton_step(here)
        promised = float(step @ here.gradient)
        if promised < tolerance:
            return Maximum(at=at, surface=here, n_evaluations=n_evaluations, converged=curved)
        moved = False
        for shrink in 0.5 ** np.arange(24):
            there = function(at + shrink * step)
            n_evaluations += 1
            floor = here.value + SUFFICIENT * shrink * promised - 1e-13 * abs(here.value)
            if np.isfinite(there.value) and there.value >= floor:
                at, here, moved = at + shrink * step, there, True
                break
        if not moved:
            flat = promised < 1e-6 + 1e-10 * abs(here.value)
            return Maximum(at=at, surface=here, n_evaluations=n_evaluations, converged=curved and flat)
    return Maximum(at=at, surface=here, n_evaluations=n_evaluations, converged=False)


def in_logarithms(surface: Surface, parameters: Floats) -> Surface:
    """The same function seen in the logarithms of its positive parameters."""
    gradient = surface.gradient * parameters
    return Surface(
        value=surface.value,
        gradient=gradient,
        hessian=surface.hessian * np.outer(parameters, parameters) + np.diag(gradient),
    )


def log_slopes(function: Callable[[Floats], Floats], theta: Floats) -> Floats:
    """Derivatives of log `function` by central differences, to eight digits, shape (parameter, case)."""
    return np.stack(
        [
            (np.log(function(theta + step)) - np.log(function(theta - step))) / (2 * DIFFERENCE)
            for step in np.eye(theta.size) * DIFFERENCE
        ]
    )


def _newton_step(here: Surface) -> tuple[Floats, bool]:
    curvature, axes = np.linalg.eigh(-here.hessian)
    curved = bool(curvature[0] > 1e-9 * curvature[-1])
    safe = np.maximum(np.abs(curvature), max(1e-9 * np.abs(curvature).max(), 1e-300))
    step = axes @ ((axes.T @ here.gradient) / safe)
    longest = float(np.abs(step).max())
    return (step * (LONGEST_STEP / longest) if longest > LONGEST_STEP else step), curved
