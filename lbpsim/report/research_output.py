"""What `lbpsim research` leaves in its folder: tables with their description, a chart of each study, and a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from lbpsim.evidence.output_tables import Table, output_table
from lbpsim.report.charts import USUAL_KINDS, files_of
from lbpsim.report.charts import evsi as chart
from lbpsim.report.data_package import About, described, write_package
from lbpsim.report.earlier_run import evidence
from lbpsim.report.file_names import CHARTS, RESEARCHED
from lbpsim.report.file_records import MADE_BY, record_all
from lbpsim.report.files import write_all, write_whole
from lbpsim.report.format import money_of
from lbpsim.report.research_page import page
from lbpsim.report.research_text import answer
from lbpsim.report.staging import aside
from lbpsim.study.phrasing import number_of, span
from lbpsim.voi.design import Design
from lbpsim.voi.research import Research

FOLDER, PAGE, PREFIX = "research", "research.html", "evsi_"


def write(found: Research, folder: Path, told: dict[str, Any]) -> None:
    """Write everything into a folder; it is whole when research.json is there, which comes last.

    `told`: what was asked, as `asked` says it.
    """
    with aside(folder, written_earlier, last=RESEARCHED) as new:
        write_package(new, list(_tables(found)), _about(found), found.study)
        for design in found.designs:
            write_all(new / CHARTS, files_of(f"{PREFIX}{design.name}", chart.draw(found, design)))
        write_whole(new / PAGE, page(found).encode())
        record_all(new / RESEARCHED, {**told, "sentences": answer(found), "study": found.study.resolved()})


def written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier analysis left in a folder, by the names that it gives."""
    charts = [path for kind in USUAL_KINDS for path in (folder / CHARTS).glob(f"{PREFIX}*.{kind}")]
    return [folder / RESEARCHED, folder / PAGE, *(folder / name for name in described(folder)), *charts]


def asked(designs: Sequence[Design], draws: object) -> dict[str, Any]:
    """What research.json says of the question, beside the study; `draws`: how many were asked for, or of which run."""
    numbers = {
        design.name: {
            **{each.name: each.canonical for each in design.numbers},
            "sizes": list(design.sizes),
            "arms": dict(design.arms),
            "measures": {one.name: {arm: text.text for arm, text in one.expects.items()} for one in design.measures},
        }
        for design in designs
    }
    return {MADE_BY: "lbpsim research", "designs": numbers, "draws": draws, **evidence()}


def _tables(found: Research) -> Iterator[tuple[Table, pd.DataFrame]]:
    yield output_table("evsi"), found.evsi
    yield output_table("design_numbers"), found.design_numbers
    if not found.implementation.empty:
        yield output_table("implementation"), found.implementation


def _about(found: Research) -> About:
    study, draws = found.study, found.draws
    return About(
        f"{study.name.lower().replace(' ', '-')}-{FOLDER}",
        f"{study.title}: what is worth finding out",
        f"What proposed studies are worth for the choice between {number_of(len(draws.scenarios), 'policy')} in "
        f"{study.place}, {span(study.calendar_years)}, from {number_of(len(draws.numbers), 'draw')} of all uncertain "
        f"parameters, each simulated with {number_of(draws.plan.people, 'person')}, seed {study.seed}. Money is in "
        f"{money_of(study)}.",
    )
