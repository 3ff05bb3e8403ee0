"""Running a made-up study to its page, at a small price: all code of ours, and rendering by Matplotlib when asked."""

from __future__ import annotations

import base64
import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from unittest import mock

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from rich.console import Console

from lbpsim.commands.run import run_and_write
from lbpsim.commands.session import Session
from lbpsim.outcomes.results import Results
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.report.file_names import PAGE_FILE, WORKBOOK
from lbpsim.report.page.sections import changes, cost_effectiveness, who_gains
from lbpsim.report.provenance import RUN_FILE
from lbpsim.study import Study

Charts = Literal["none", "drawn", "rendered"]
DRAW_PEOPLE = 10
MEANS_OF_SOME = {"cft_wait_mean", "cft_uptake"}  # of those who start, or are offered; of nobody there is none
PICTURES = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="1.0pt" height="1.0pt"></svg>',
    "png": base64.b64decode(
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
    ),
}


def empty_page() -> bytes:
    """A page of a PDF file with nothing on it."""
    page = io.BytesIO()
    Figure(figsize=(1.0, 1.0)).savefig(page, format="pdf")
    return page.getvalue()


@contextlib.contextmanager
def unrendered() -> Iterator[None]:
    """Charts are drawn by all of our code, but Matplotlib's rendering, which takes most of the time, is left out."""
    pictures = {**PICTURES, "pdf": empty_page()}

    def saved(figure: Figure, stream: Any, *, format: str, **_: Any) -> None:
        stream.write(pictures[format])

    with mock.patch.object(Figure, "savefig", saved):
        yield


@contextlib.contextmanager
def undrawn() -> Iterator[None]:
    """No charts: their subjects are taken as absent, which every study has to bear."""
    with contextlib.ExitStack() as patches:
        patches.enter_context(mock.patch("lbpsim.report.outputs.write_charts", lambda *_, **__: ()))
        for section in (changes, cost_effectiveness, who_gains):
            patches.enter_context(mock.patch.object(section, "inlined", lambda *_, **__: None))
        yield


SHORTCUTS = {"none": undrawn, "drawn": unrendered, "rendered": contextlib.nullcontext}


def run_to_the_page(study: Study, folder: Path, *, draws: int | None, charts: Charts) -> Results:
    """Run and write a study; warnings of computing and of drawing are errors. What it wrote is there and whole."""
    asked = DrawRequest(draws, None, DRAW_PEOPLE if draws else None)
    with SHORTCUTS[charts](), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("error", UserWarning)
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from")  # a font without a sign of a title
        console = Console(file=io.StringIO(), width=100)
        results = run_and_write(study, Session(folder, console), workers=1, asked=asked)
    _whole(results, folder)
    return results


def _whole(results: Results, folder: Path) -> None:
    for name in (RUN_FILE, WORKBOOK, PAGE_FILE):
        assert (folder / name).stat().st_size > 0, name
    assert (folder / PAGE_FILE).read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert not (folder / "unfinished").exists()
    summary = pd.read_csv(folder / "tables" / "summary.csv")
    assert set(summary["scenario"]) == {policy.name for policy in results.study.policies}
    unknown = summary[~np.isfinite(summary["value"]) & ~summary["outcome"].isin(MEANS_OF_SOME)]
    assert unknown.empty, f"not finite: {unknown[['scenario', 'outcome', 'value']].to_dict('records')}"
