"""The charts of the lab, drawn by a thread of its own: the newest that there is of each that somebody looks at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from lbpsim.lab.live_run import Figures
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import burden, costs, per_thousand_treated, waiting
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.charts.styles import COLUMN, PRINT, Style
from lbpsim.report.page.pictures import inlined

Draw = Callable[[Results, Style], Figure]
SUBJECTS: dict[str, tuple[str, Draw]] = {
    # name: title of its tab, and how it is drawn
    "burden": ("Burden by year", burden.draw),
    "waiting": ("Waiting", waiting.draw),
    "costs": ("Cost by payer", costs.draw),
    "per_thousand": ("Per 1,000 treated", per_thousand_treated.draw),
}
STYLES = {"wide": PRINT, "narrow": COLUMN}
FOLLOWED_AT_THE_END = "per_thousand"
TWICE = 2
NOT_YET = "People are followed once untreated and once treated as soon as all replications are done."


@dataclass(frozen=True)
class Wanted:
    """A chart that somebody looks at: its `subject`, and whether the page is "wide" or "narrow"."""

    subject: str
    style: str


@dataclass(frozen=True)
class Picture:
    """A chart as markup, of `figures`; why there is none, in words, as `absent`."""

    figures: Figures = field(repr=False)
    markup: str = ""
    absent: str = ""


WRONG = Picture(Figures(0), absent="There is no chart while something is wrong at a lever.")


class Painter:
    """Draws what is wanted of the newest figures; charts are drawn one at a time, in another thread."""

    def __init__(self, figures: Callable[[], Figures]) -> None:
        self._figures = figures
        self._news = threading.Condition()
        self._wanted: dict[Wanted, None] = {}
        self._drawn: dict[Wanted, Picture] = {}
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="lbpsim-lab-charts", daemon=True)
        self._thread.start()

    def look(self, wanted: Wanted) -> Picture | None:
        """The newest picture that there is of a chart, which is drawn anew where figures are newer."""
        with self._news:
            drawn = self._drawn.get(wanted)
            if drawn is None or _worth_drawing(self._figures(), drawn.figures):
                self._wanted[wanted] = None
                self._news.notify_all()
            return drawn

    def close(self) -> None:
        """End the work."""
        with self._news:
            self._ended = True
            self._news.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._wanted and not self._ended:
                    self._news.wait()
                if self._ended:
                    return
                wanted, _ = self._wanted.popitem()
            figures = self._figures()
            if figures.results is not None:
                picture = _draw(wanted, figures.results, figures)
                with self._news:
                    self._drawn[wanted] = picture


def _worth_drawing(figures: Figures, drawn: Figures) -> bool:
    """Whether a chart would be another for a reader: of other policies, from twice the replications, or from all."""
    if figures.study != drawn.study:
        return figures.results is not None
    return figures.stamp != drawn.stamp and (figures.done >= TWICE * drawn.done or figures.done == figures.whole)


def _draw(wanted: Wanted, results: Results, figures: Figures) -> Picture:
    title, draw = SUBJECTS[wanted.subject]
    if wanted.subject == FOLLOWED_AT_THE_END and results.treated is None:
        return Picture(figures, absent=NOT_YET)
    try:
        figure = draw(results, STYLES[wanted.style])
    except NothingToDraw as absent:
        return Picture(figures, absent=f"{str(absent)[:1].upper()}{str(absent)[1:]}.")
    return Picture(figures, inlined(wanted.subject, title, lambda: figure) or "")
