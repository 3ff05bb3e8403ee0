"""Printed charts inside a page: as SVG made small, or as an image where that is smaller still.

Not here: drawing. Charts come from `lbpsim.report.charts`, or from the folder of another command.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from lbpsim.report.charts import NothingToDraw, picture

MOST_SVG = 300_000  # bytes of markup from which an image is smaller
DOTS = 140  # an inch, of images: sharp at the width of a page
OWN = 5  # digits that make names in a chart its own: they stand at every letter of it
COORDINATES = re.compile(r'\b(d|x|y|x1|x2|y1|y2|points)="([^"]*)"')
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def inlined(key: str, name: str, draw: Callable[[], Figure]) -> str | None:
    """A chart as markup; `key` makes its names the page's own, `name` tells it to those who do not see it.

    None where the chart has no subject in these results.
    """
    try:
        figure = draw()
    except NothingToDraw:
        return None
    markup = svg_markup(picture(figure, "svg").decode(), key, name)
    return markup if len(markup) <= MOST_SVG else image_markup(picture(figure, "png", resolution=DOTS), name)


def from_folder(folder: Path, chart: str, key: str, name: str) -> str | None:
    """As `inlined`, a chart that another command left in `folder` as SVG and PNG; None where it did not."""
    vector, image = folder / f"{chart}.svg", folder / f"{chart}.png"
    if vector.exists():
        markup = svg_markup(vector.read_text(encoding="utf-8"), key, name)
        if len(markup) <= MOST_SVG or not image.exists():
            return markup
    return image_markup(image.read_bytes(), name) if image.exists() else None


def svg_markup(svg: str, key: str, name: str) -> str:
    """An SVG file as an element inside a page: no names that others have, no needless digits, a name to be read out.

    >>> svg_markup('<svg xmlns="http://www.w3.org/2000/svg"><path id="a" d="M1.2345 2"/></svg>', "k", "A chart")
    '<svg role="img" aria-label="A chart"><path d="M1.2 2"/></svg>'
    """
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\s(xmlns(:\w+)?|version)="[^"]*"', "", svg)
    svg = svg.replace("xlink:href", "href")
    own = f"{zlib.crc32(key.encode()):x}"[:OWN]
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    svg = re.sub(r'\sid="([^"]+)"', lambda found: f' id="c{own}-{found[1]}"' if found[1] in used else "", svg)
    svg = re.sub(r'(href="|url\()#', rf"\g<1>#c{own}-", svg).replace("-DejaVuSans-", "-")
    svg = COORDINATES.sub(lambda found: f'{found[1]}="{_shortened(found[2])}"', svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(name)}"', 1)


def image_markup(content: bytes, name: str) -> str:
    """A PNG image inside a page."""
    data = base64.b64encode(content).decode()
    return f'<img alt="{escape(name)}" src="data:image/png;base64,{data}">'


def _shortened(text: str) -> str:
    return " ".join(LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}", text).split())
