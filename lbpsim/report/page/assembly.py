"""The page put together: one file with style, script and charts in it; the same bytes from the same results.

What needs another command's results is left out where that was not run.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from lbpsim.cea.choice_set import choosable
from lbpsim.report.charts.policy_selection import few
from lbpsim.report.file_names import PAGE_FILE
from lbpsim.report.files import write_whole
from lbpsim.report.page.material import Material
from lbpsim.report.page.sections import (
    best_within,
    burden,
    changes,
    cost_effectiveness,
    first_screen,
    methods,
    payers,
    per_thousand_treated,
    reach,
    validation,
    who_gains,
)
from lbpsim.report.page.templates import rendered, section_html
from lbpsim.study.borrowed import DEMONSTRATION
from lbpsim.study.phrasing import number_of, span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

HERE = Path(__file__).parent
SECTIONS = (
    *(first_screen, burden, reach, payers, per_thousand_treated, cost_effectiveness, changes, who_gains),
    best_within,
    *(validation, methods),
)


def write_page(results: Results, decision: Decision | None, folder: Path, into: Path | None = None) -> Path:
    """Write `report.html` into the folder of a study's outputs, whole or not at all, and return its path.

    Args:
        results: of the study, with or without draws.
        decision: what follows from them, of `lbpsim.voi.decision_analysis.decide`; None where that was not worked out.
        folder: outputs of the study; what other commands left in or beside it is shown too.
        into: folder to write into, where that is another.
    """
    path = (into or folder) / PAGE_FILE
    write_whole(path, page_text(results, decision, folder).encode())
    return path


def page_text(results: Results, decision: Decision | None, folder: Path) -> str:
    """The page as text; arguments as of `write_page`."""
    material = Material(few(results), decision, folder)
    every = filter(None, (topic.section(material) for topic in SECTIONS))
    first, *others = [(section, section_html(section, material)) for section in every]
    script = (HERE / "page.js").read_text(encoding="utf-8")
    return rendered(
        "page.html",
        study=results.study,
        demonstration=DEMONSTRATION,
        subtitle=_subtitle(results),
        part=material.results.part,
        brief=len(choosable(results.study)) > 1,
        first=first,
        sections=others,
        script=script,
        allowed=_hash(script),
    )


def _subtitle(results: Results) -> str:
    return (
        f"{results.study.place}, {span(results.years)}: {number_of(len(results.scenarios), 'policy')}, from "
        f"{number_of(results.people, 'simulated person')}"
    )


def _hash(script: str) -> str:
    """The one script that the page lets run, by its hash: whatever a title holds, it is not run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
