"""Outputs with few charts, or without page, workbook and brief: what takes long in a small run and has its tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from lbpsim.report import outputs
from lbpsim.report.charts import catalogue

FEW = ("burden", "waiting", "ceac", "lives")  # of results, of results of some policies, of draws, of people


@contextmanager
def few_charts(names: Sequence[str] = FEW) -> Iterator[None]:
    """Let runs draw the charts of these names alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "CATALOGUE", catalogue.chosen(names))
        yield


@contextmanager
def few_files() -> Iterator[None]:
    """Let runs draw few charts, and write neither page nor workbook nor brief."""
    with few_charts(), pytest.MonkeyPatch.context() as patch:
        for writer in ("write_page", "write_workbook", "write_brief"):
            patch.setattr(outputs, writer, lambda *_, **__: None)
        yield
