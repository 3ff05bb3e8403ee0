"""Every chart of a study in one list: what it is called, what it needs, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from lbpsim.outcomes.results import Results
from lbpsim.report.charts import (
    NothingToDraw,
    budget,
    burden,
    capacity,
    ce_plane,
    ceac,
    convergence,
    costs,
    equity,
    harms,
    pain_impact,
    per_thousand_treated,
    portraits,
    projection,
    psa_scatter,
    restore,
    severity,
    voi,
    waiting,
)
from lbpsim.report.charts.policy_selection import READABLE, Kind, choices, few
from lbpsim.report.charts.styles import Style
from lbpsim.voi.decision_analysis import Decision

BOOK = "charts.pdf"
VALIDATION = "validation"


class UnknownChartError(LookupError):
    """A name that no chart has."""


@dataclass(frozen=True)
class Material:
    """What charts are drawn from: `results`, the `decision` from them (None: not made), the folder of a `validation`,
    and the file of the `people` whose lives are shown.
    """

    results: Results
    decision: Decision | None
    validation: Path
    people: Path

    def few(self, subject: CatalogueEntry) -> Material:
        """As much of it as the chart of a subject shows readably."""
        results = choices(self.results) if subject.choices else self.results
        return replace(self, results=few(results, subject.most, subject.kind))

    @property
    def decided(self) -> Decision:
        """The decision; raises NothingToDraw where there is none."""
        if self.decision is None:
            raise NothingToDraw("what follows for decisions has not been worked out")
        return self.decision


@dataclass(frozen=True)
class CatalogueEntry:
    """A chart that a study can have: `name` of its files, `title` for lists, `needs` beside results ("draws",
    "decision", "validation", "people" kept by the run, "" for none), and how it is drawn; `most`: how many policies it
    shows readably (None: it is not about single ones), of which `kind` (None: of any); `choices`: whether benchmarks
    are left out, whose lines would press all others flat.
    """

    name: str
    title: str
    needs: str
    draw: Callable[[Material, Style], Figure]
    most: int | None = READABLE
    kind: Kind | None = None
    choices: bool = False


def _plain(
    name: str, title: str, draw: Callable[[Results, Style], Figure], needs: str = "", **which: Any
) -> CatalogueEntry:
    return CatalogueEntry(name, title, needs, lambda material, style: draw(material.results, style), **which)


def _decided(name: str, title: str, draw: Callable[[Results, Decision, Style], Figure], **which: Any) -> CatalogueEntry:
    return CatalogueEntry(
        name, title, "decision", lambda material, style: draw(material.results, material.decided, style), **which
    )


PANELS = 6  # policies of a chart whose panels are large
QUEUED = Kind("with a CFT waiting list", lambda policy: policy.cft.queues)
OFFERING = Kind("that treat with CFT", lambda policy: policy.cft.delivers)


CATALOGUE: tuple[CatalogueEntry, ...] = (
    _plain("burden", "Years lived with disability (YLDs, without deaths)", burden.draw, choices=True),
    _plain("burden_dalys", "Disability-adjusted life years (DALYs)", burden.draw_dalys, choices=True),
    _plain("impact", "People by impact level", pain_impact.draw, most=PANELS),
    _plain("severity", "Mean disability and mean pain", severity.draw, choices=True),
    _plain("waiting", "Waiting for CFT", waiting.draw, kind=QUEUED),
    _decided("capacity", "The capacity that CFT takes", capacity.draw, kind=OFFERING),
    _plain("costs", "Costs by payer", costs.draw, choices=True),
    _decided("budget", "Budget impact by payer", budget.draw, choices=True),
    _plain("harms", "Deaths from overdose and lumbar fusions", harms.draw, choices=True),
    _plain("per_thousand", "Per 1,000 people treated", per_thousand_treated.draw, most=None),
    _plain("plane", "Cost and QALYs", ce_plane.draw),
    _plain("plane_dalys", "Cost and DALYs averted", ce_plane.draw_dalys),
    _plain("plane_draws", "Cost and QALYs in every draw", psa_scatter.draw, "draws"),
    _decided("ceac", "Which policy is best, by what a QALY is worth", ceac.draw),
    _decided("voi", "What it would be worth to know more", voi.draw, most=None),
    _decided("equity", "Who gains, by socioeconomic fifth", equity.draw),
    _decided("equity_plane", "Worth of policies by aversion to inequality", equity.draw_plane, choices=True),
    _plain("projection", "What each policy changes, with its uncertainty", projection.draw, "draws", choices=True),
    _plain("settling", "How probabilities settle as draws are added", convergence.draw, "draws"),
    CatalogueEntry("trial", "The emulated RESTORE trial", "validation",
            lambda found, style: restore.draw(found.validation, style), most=None),
    CatalogueEntry("lives", "Life lines of a few people", "people",
            lambda found, style: portraits.draw(found.results.study, found.people, style), most=None),
)  # fmt: skip
NAMES = tuple(subject.name for subject in CATALOGUE)


def chosen(only: Iterable[str] | None) -> tuple[CatalogueEntry, ...]:
    """The charts of these names, in the order of the list; all for None.

    Raises UnknownChartError, which lists the names that there are, for any that no chart has.
    """
    asked = list(NAMES if only is None else only)
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        raise UnknownChartError(f"there is no chart {', '.join(unknown)}; the charts are {', '.join(NAMES)}")
    return tuple(subject for subject in CATALOGUE if subject.name in asked)


def beside(folder: Path) -> Path:
    """Where the validation that belongs to a folder of results stands: in it, or next to it."""
    return folder / VALIDATION if (folder / VALIDATION).exists() else folder.parent / VALIDATION
