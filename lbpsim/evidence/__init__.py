"""What is known: every parameter with unit, distribution, source and grade, and the data tables behind the model."""

from __future__ import annotations

from lbpsim.evidence.reading import EvidenceError
from lbpsim.evidence.registry import Parameter, base_values, parameters

__all__ = ["EvidenceError", "Parameter", "base_values", "parameters"]
