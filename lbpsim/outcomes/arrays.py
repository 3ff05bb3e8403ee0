"""The type of arrays of figures, whatever they are of; their shapes are told where they are used."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
