"""The page put together: one file with style, script and charts in it; the same bytes from the same results.

Sections that need another command's results are left out where it was not run; the last section says how to add them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

import lbpsim
from lbpsim.cea.choice_set import choosable
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.charts.policy_selection import few
from lbpsim.report.file_names import PAGE_FILE
from lbpsim.report.files import write_whole
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.page.sections import (
    answers,
    cost_effectiveness,
    costs,
    horizons,
    inputs,
    limits,
    per_thousand_treated,
    policies,
    projections,
    reproducibility,
    sensitivity,
    validation,
    waiting,
    who_gains,
)
from lbpsim.report.page.templates import rendered
from lbpsim.study.phrasing import number_of, span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

HERE = Path(__file__).parent
SECTIONS: tuple[Callable[[Material], Section], ...] = (
    answers.section,
    per_thousand_treated.section,
    horizons.section,
    projections.section,
    waiting.section,
    costs.section,
    cost_effectiveness.section,
    sensitivity.section,
    validation.section,
    who_gains.section,
    policies.section,
    inputs.section,
    limits.section,
    reproducibility.section,
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
    every = [section(material) for section in SECTIONS]
    script = _ours("page.js")
    return rendered(
        "page.html",
        study=results.study,
        subtitle=_subtitle(results),
        draws=_draws(results),
        part=material.results.part,
        brief=len(choosable(results.study)) > 1,
        version=lbpsim.__version__,
        sections=[(section, section_html(section, material)) for section in every if section.further is None],
        others=[section for section in every if section.further is not None],
        style=_ours("page.css"),
        script=script,
        allowed=_hash(script),
    )


def section_html(section: Section, material: Material) -> Markup:
    """What a section shows, below its title."""
    return rendered(section.template, material=material, study=material.results.study, **section.values)


def _subtitle(results: Results) -> str:
    return (
        f"{results.study.country}, {span(results.years)}: {number_of(len(results.scenarios), 'policy')}, from "
        f"{number_of(results.people, 'simulated person')}"
    )


def _draws(results: Results) -> str:
    """What the intervals on the page can be, in a line at its top."""
    if isinstance(results, ProbabilisticResults):
        return (
            f"With {number_of(len(results.draws.numbers), 'draw')} of all uncertain inputs: intervals are of "
            "parameter uncertainty."
        )
    return (
        "At point estimates of all inputs. Parameter uncertainty was not run (--draws 0): intervals are of Monte Carlo "
        "error alone."
    )


def _ours(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """The one script that the page lets run, by its hash: whatever a title holds, it is not run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
