"""lbpsim: the policy laboratory for chronic low back pain."""

from __future__ import annotations

__version__ = "0.1.0"
