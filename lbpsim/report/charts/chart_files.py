"""Charts as files of a style: each at its size on paper, on a slide or in a column, and all bound into one PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from lbpsim.report import charts
from lbpsim.report.charts.page import our_look
from lbpsim.report.charts.styles import Style

if TYPE_CHECKING:
    from pypdf import PdfWriter

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
        return _page(figure, style)
    larger = style.magnification(float(figure.get_figwidth()))
    if kind == "svg":
        return _resized(charts.picture(figure, kind).decode(), larger).encode()
    return charts.picture(figure, kind, resolution=charts.RESOLUTION * larger)


def _page(figure: Figure, style: Style) -> bytes:
    """A figure as a PDF of one page, magnified as its style wants it."""
    stream = io.BytesIO()
    with our_look():
        figure.savefig(stream, format="pdf", dpi=charts.RESOLUTION, metadata=PDF_METADATA)
    content = stream.getvalue()
    return content if style.name == "print" else _scaled(content, style.magnification(float(figure.get_figwidth())))


def _scaled(content: bytes, larger: float) -> bytes:
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - of PDFs that are bound or scaled alone

    book = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in book.pages:
        page.scale_by(larger)
    return _written(book)


def bound(pages: Iterable[bytes]) -> bytes:
    """PDFs as one, one after the other."""
    from pypdf import PdfWriter  # noqa: PLC0415 - as in `_scaled`

    book = PdfWriter()
    for each in pages:
        book.append(io.BytesIO(each), import_outline=False)
    book.compress_identical_objects()  # each page brings the fonts that all have
    return _written(book)


def _written(book: PdfWriter) -> bytes:
    stream = io.BytesIO()
    book.metadata = None
    book.write(stream)
    return stream.getvalue()


def _resized(svg: str, larger: float) -> str:
    """An SVG at another size: what it draws stays, what it measures on paper changes."""

    def size(found: re.Match[str]) -> str:
        width, height = (round(float(inches) * larger, DIGITS) for inches in found.groups()[1:])
        return f'{found[1]}width="{width:g}pt" height="{height:g}pt"'

    return svg if larger == 1.0 else SIZE_OF_SVG.sub(size, svg, count=1)
