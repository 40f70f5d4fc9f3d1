"""Arrays as bytes: little-endian, and for draws compressed."""

import zlib

import numpy as np
import numpy.typing as npt


def pack(draws: npt.NDArray[np.float32]) -> bytes:
    """Compress draws, byte plane by byte plane.

    The exponents of draws are much alike and their mantissas are noise: kept apart, the former shrink to
    almost nothing, and exact subjects (no deviation at all) cost nothing.
    """
    flat = np.ascontiguousarray(draws, dtype="<f4").reshape(-1)
    planes = flat.view(np.uint8).reshape(-1, 4).T
    return zlib.compress(np.ascontiguousarray(planes).tobytes(), level=1)


def unpack(packed: bytes, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Return the draws that `pack` was given."""
    planes = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(4, -1)
    return np.ascontiguousarray(planes.T).view("<f4").astype(np.float32, copy=False).reshape(shape)


def exact(values: npt.NDArray[np.float64]) -> bytes:
    """Keep values as they are, eight bytes each."""
    return np.ascontiguousarray(values, dtype="<f8").tobytes()


def of_exact(kept: bytes, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Return the values that `exact` was given."""
    return np.frombuffer(kept, dtype="<f8").astype(np.float64).reshape(shape)
