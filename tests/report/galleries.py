"""A gallery with few charts: drawing them all takes most of the time of a small run, and the gallery has its tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from lbpsim.report.charts import catalogue

FEW = ("burden", "waiting", "ceac", "lives")  # of results, of results of some policies, of draws, of people


@contextmanager
def few_charts(names: Sequence[str] = FEW) -> Iterator[None]:
    """Let runs draw the charts of these names alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "CATALOGUE", catalogue.chosen(names))
        yield
