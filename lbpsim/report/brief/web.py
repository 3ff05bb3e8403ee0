"""The brief as one HTML file that opens offline, prints on one page of A4, and can be read on a phone."""

from __future__ import annotations

from functools import partial

from lbpsim.report.brief.chart import alone, in_words
from lbpsim.report.brief.content import Brief
from lbpsim.report.page.pictures import inlined
from lbpsim.report.page.templates import rendered


def html(brief: Brief) -> str:
    """The brief as text of a file."""
    chart = inlined("brief", in_words(brief.results), partial(alone, brief.results, brief.best))
    return rendered("brief.html", brief=brief, chart=chart)
