"""Log-likelihood of cells whose chance is a sum of terms: still alive, or gone after this or that occasion.

Every model with an unseen dropout has this shape. Exact derivatives follow from those of each term's
logarithm and the share each term has in the sum (Louis 1982, "Finding the observed information matrix when
using the EM algorithm", JRSS B 44(2)).
"""

from collections.abc import Mapping

import numpy as np

from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.newton import Surface


def mixture(
    logs: Floats, slopes: Floats, *, bends: Mapping[tuple[int, int], Floats], weight: Floats
) -> Surface:
    """Sum over cells of weight times log of the sum over terms of exp(log term), with derivatives.

    Args:
        logs: Logarithm of each term (minus infinity: impossible), shape (term, cell).
        slopes: Their first derivatives, shape (parameter, term, cell).
        bends: Their second derivatives that are not zero, by (row, column) with row <= column, (term, cell).
        weight: Customers in each cell, shape (cell,).
    """
    n_parameters = slopes.shape[0]
    top = logs.max(axis=0)
    share = np.exp(logs - top)
    total = share.sum(axis=0)
    share /= total
    part = (share * weight).ravel()
    slope = (slopes * share).sum(axis=1)
    wide = slopes.reshape(n_parameters, -1)
    hessian = (wide * part) @ wide.T - (slope * weight) @ slope.T
    for (row, column), bend in bends.items():
        bent = float((bend * share).sum(axis=0) @ weight)
        hessian[row, column] += bent
        if row != column:
            hessian[column, row] += bent
    return Surface(value=float(np.dot(weight, top + np.log(total))), gradient=slope @ weight, hessian=hessian)


def log_sum(logs: Floats) -> Floats:
    """Logarithm of the sum over the first axis of exp(logs), safe from overflow."""
    top = logs.max(axis=0)
    out: Floats = top + np.log(np.exp(logs - top).sum(axis=0))
    return out
