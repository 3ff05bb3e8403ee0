"""Charts as files of a style: each at its size on paper, on a slide or in a column, and all bound into one PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader, PdfWriter

from lbpsim.report import charts
from lbpsim.report.charts.page import our_look
from lbpsim.report.charts.styles import Style

KINDS = ("svg", "png", "pdf")
DIGITS = 6
SIZE_OF_SVG = re.compile(r'(<svg [^>]*?)width="([\d.]+)pt" height="([\d.]+)pt"')
# Nothing that differs from run to run, or tells of a machine.
PDF_METADATA = {"CreationDate": None, "Creator": None, "Producer": None}


class UnknownKindError(ValueError):
    """A kind of file in which no chart is written."""


def kind_of(path: Path) -> str:
    """The kind of a chart's file by the end of its name; raises UnknownKindError for any that is not one of KINDS."""
    kind = path.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise UnknownKindError(
            f"{path}: a chart is written as {', '.join(KINDS[:-1])} or {KINDS[-1]}, by the file's name"
        )
    return kind


def picture_in(figure: Figure, kind: str, style: Style) -> bytes:
    """A figure as the bytes of an "svg", "png" or "pdf" file, as large as its style wants it."""
    if kind == "pdf":
        return binding([figure], style)
    larger = style.magnification(float(figure.get_figwidth()))
    if kind == "svg":
        return _resized(charts.picture(figure, kind).decode(), larger).encode()
    return charts.picture(figure, kind, resolution=charts.RESOLUTION * larger)


def binding(figures: Iterable[Figure], style: Style) -> bytes:
    """All figures as one PDF, a page each; each is written as it comes, so that none has to be kept."""
    stream, widths = io.BytesIO(), []
    with our_look(), PdfPages(stream, metadata=PDF_METADATA) as pages:
        for figure in figures:
            pages.savefig(figure, dpi=charts.RESOLUTION)
            widths.append(float(figure.get_figwidth()))
    content = stream.getvalue()
    return content if style.name == "print" or not widths else _scaled(content, widths, style)


def _scaled(content: bytes, widths: Sequence[float], style: Style) -> bytes:
    """The PDF with each page magnified as its style wants it; `widths` in inches."""
    book, stream = PdfWriter(clone_from=PdfReader(io.BytesIO(content))), io.BytesIO()
    for page, width in zip(book.pages, widths, strict=True):
        page.scale_by(style.magnification(width))
    book.metadata = None
    book.write(stream)
    return stream.getvalue()


def _resized(svg: str, larger: float) -> str:
    """An SVG at another size: what it draws stays, what it measures on paper changes."""

    def size(found: re.Match[str]) -> str:
        width, height = (round(float(inches) * larger, DIGITS) for inches in found.groups()[1:])
        return f'{found[1]}width="{width:g}pt" height="{height:g}pt"'

    return svg if larger == 1.0 else SIZE_OF_SVG.sub(size, svg, count=1)
