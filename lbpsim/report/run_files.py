"""Which files of a folder are those of a run, by the names that runs give."""

from __future__ import annotations

from pathlib import Path

from lbpsim.report.charts.catalogue import BOOK, NAMES
from lbpsim.report.charts.chart_files import KINDS
from lbpsim.report.charts.styles import STYLES
from lbpsim.report.data_package import described
from lbpsim.report.decision_files import KEPT_SWITCHES, SAMPLED
from lbpsim.report.draw_matrices import FILES as MATRICES
from lbpsim.report.file_names import BRIEF_PAGE, BRIEF_SHEET, CHARTS, PAGE_FILE, STORED, TABLES, WORKBOOK
from lbpsim.report.lives_file import KEPT
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.psa_files import FILES as DRAW_FILES

READ_AGAIN = (STORED, KEPT_SWITCHES, *DRAW_FILES, *SAMPLED.values(), KEPT)  # what is made from them can be made again


def outputs_in(folder: Path) -> list[Path]:
    """Every file of a folder that a run leaves there, by the names that runs give."""
    names = (RUN_FILE, *READ_AGAIN, *MATRICES, WORKBOOK, PAGE_FILE, BRIEF_PAGE, BRIEF_SHEET)
    homes = (folder / CHARTS, *(folder / CHARTS / style for style in STYLES))
    charts = [home / f"{name}.{kind}" for home in homes for name in NAMES for kind in KINDS]
    books = [home / BOOK for home in homes]
    tables = [folder / TABLES / name for name in described(folder / TABLES)]
    return [path for path in (*(folder / name for name in names), *tables, *charts, *books) if path.is_file()]
