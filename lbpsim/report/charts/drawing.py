"""The charts of a study drawn and written, each as a task of its own, by however many processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from lbpsim.outcomes.results import Results
from lbpsim.report import charts
from lbpsim.report.charts import USUAL_KINDS, Chart, NothingToDraw
from lbpsim.report.charts.catalogue import BOOK, Material, beside, chosen
from lbpsim.report.charts.chart_files import KINDS, bound, picture_in
from lbpsim.report.charts.styles import PRINT, Style
from lbpsim.report.files import write_whole
from lbpsim.report.lives_file import KEPT
from lbpsim.report.processes import handed
from lbpsim.simulation.workers import Here
from lbpsim.voi.decision_analysis import Decision

Ask = Callable[[], Material]


@dataclass(frozen=True)
class Form:
    """How charts are written: into which `folder`, as what `kinds` of files, in what `style`, with how many dots an
    inch (`resolution`), and whether also as pages of a book (`bound`).
    """

    folder: Path
    kinds: tuple[str, ...] = USUAL_KINDS
    style: Style = PRINT
    bound: bool = True
    resolution: float = 0.0

    def file(self, name: str, kind: str) -> Path:
        """The file of a chart."""
        return self.folder / f"{name}.{kind}"


def draw_chart(ask: Ask, name: str, form: Form) -> tuple[Chart, bytes]:
    """Draw a chart and write its files: the work of one task; returns its page, too, where it is to be bound.

    Where its subject is absent, earlier files of it go.
    """
    (subject,) = chosen([name])
    charts.RESOLUTION = form.resolution or charts.RESOLUTION
    material = ask()
    try:
        figure = subject.draw(material.few(subject), form.style)
    except NothingToDraw as absent:
        for kind in KINDS:
            form.file(name, kind).unlink(missing_ok=True)
        return Chart(name, skipped=str(absent)), b""
    for kind in form.kinds:
        write_whole(form.file(name, kind), picture_in(figure, kind, form.style))
    page = picture_in(figure, "pdf", form.style) if form.bound else b""
    return Chart(name, tuple(form.file(name, kind) for kind in form.kinds)), page


def write_charts(
    results: Results,
    decision: Decision | None,
    folder: Path,
    *,
    only: Sequence[str] | None = None,
    kinds: Sequence[str] = USUAL_KINDS,
    style: Style = PRINT,
    validation: Path | None = None,
    people: Path | None = None,
    pool: Executor | None = None,
    ask: Ask | None = None,
) -> tuple[Chart, ...]:
    """Write charts into `folder`, the same bytes from the same results; all of them also as one file, charts.pdf.

    Args:
        results: of a study, with or without draws.
        decision: what follows from them; None leaves out the charts that need it.
        folder: for the files.
        only: names of charts; None for all. Of a few, no charts.pdf is made.
        kinds: of files for each chart, among "svg", "png" and "pdf".
        style: for print, a slide or a column of text.
        validation: folder of `lbpsim validate`; None: validation beside the folder of the results.
        people: file of those whose lives are shown; None: lives.json beside `folder`.
        pool: of processes that draw; None: this process.
        ask: how the processes have the material, where it was handed to them already.

    A chart whose subject is absent is not drawn: its entry says why, and files of that name from an earlier run go.
    Raises UnknownChartError for a name that no chart has.
    """
    subjects = chosen(only)
    form = Form(folder, tuple(kinds), style, only is None, charts.RESOLUTION)
    material = Material(
        results,
        decision,
        validation if validation is not None else beside(folder.parent),
        people if people is not None else folder.parent / KEPT,
    )
    pool = pool or Here()
    with nullcontext(ask) if ask is not None else handed(pool, material) as mine:
        tasks = [pool.submit(draw_chart, mine, subject.name, form) for subject in subjects]
        drawn = [task.result() for task in tasks]
    if pages := [page for _, page in drawn if page]:
        write_whole(folder / BOOK, bound(pages))
    return tuple(chart for chart, _ in drawn)
