"""What a report says in words, made from the results by rules that cannot claim more than the results bear."""

from __future__ import annotations

from lbpsim.report.narrative.doubts import Doubt
from lbpsim.report.narrative.finding import Finding, Headline, finding

__all__ = ["Doubt", "Finding", "Headline", "finding"]
