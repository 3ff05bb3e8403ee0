"""Charts: one module each, with `draw`; all in one list in `catalogue`, and written by `drawing`."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from lbpsim.report.charts.page import NothingToDraw, our_look

RESOLUTION: float = 300.0  # dots per inch in print
LIGHTLY = 1  # how hard images are compressed: more takes three times as long and saves little
USUAL_KINDS = ("svg", "png")  # of files of a chart


@dataclass(frozen=True)
class Chart:
    """One chart of a study: its `files`, or, where it has none, why it was `skipped`."""

    name: str
    files: tuple[Path, ...] = ()
    skipped: str = ""


def left_out(charts: Sequence[Chart]) -> Iterator[str]:
    """A line for each reason why charts were left out, naming them.

    >>> list(left_out([Chart("ceac", skipped="no draws"), Chart("burden"), Chart("voi", skipped="no draws")]))
    ['Charts ceac, voi left out: no draws']
    """
    by_reason: dict[str, list[str]] = defaultdict(list)
    for chart in charts:
        if chart.skipped:
            by_reason[chart.skipped].append(chart.name)
    for reason, names in by_reason.items():
        yield f"{'Chart' if len(names) == 1 else 'Charts'} {', '.join(names)} left out: {reason}"


def picture(figure: Figure, kind: str, *, resolution: float | None = None) -> bytes:
    """A figure as an "svg" or "png" file, without date or software in it; `resolution` in dots per inch."""
    stream = io.BytesIO()
    with our_look():
        settings: dict[str, Any] = {"metadata": {"Date": None, "Creator": None}}
        if kind == "png":
            settings = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": LIGHTLY}}
        figure.savefig(stream, format=kind, dpi=resolution or RESOLUTION, **settings)
    return stream.getvalue()


def files_of(name: str, figure: Figure) -> dict[str, bytes]:
    """A chart as files of the usual kinds, by their names."""
    return {f"{name}.{kind}": picture(figure, kind) for kind in USUAL_KINDS}


__all__ = ["RESOLUTION", "USUAL_KINDS", "Chart", "NothingToDraw", "files_of", "left_out", "picture"]
