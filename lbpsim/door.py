"""The one door upward: a study can be run and results saved, though their rooms know nothing of simulation or report.

What studies and results offer to their users is in `lbpsim.api`. It is opened here, when it is called, and never when
lbpsim is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

if TYPE_CHECKING:
    from lbpsim.optimisation.optimum import Optimum
    from lbpsim.outcomes.results import Results
    from lbpsim.study import Study
    from lbpsim.voi.research import Research

__all__ = [
    "Optimum",
    "Research",
    "Results",
    "RunRequest",
    "brief",
    "optimise",
    "research",
    "run",
    "save",
    "save_optimum",
]


class RunRequest(TypedDict):
    """What `Study.run` asks beside the study itself: draws, and who does the work."""

    draws: int | None
    precision: float | None
    draw_people: int | None
    engine: str
    workers: int | None
    scheduler: str | None


def run(study: Study, **asked: Unpack[RunRequest]) -> Results:
    """As `lbpsim.api.run`."""
    from lbpsim import api  # noqa: PLC0415

    return api.run(study, **asked)


def optimise(
    study: Study, goal: str, within: Sequence[str], policy: str | None, vary: Sequence[str], workers: int | None
) -> Optimum:
    """As `lbpsim.api.optimise`."""
    from lbpsim import api  # noqa: PLC0415

    return api.optimise(study, goal, within, policy=policy, vary=vary, workers=workers)


def save(results: Results, folder: Path, *, overwrite: bool) -> None:
    """As `lbpsim.api.save`."""
    from lbpsim import api  # noqa: PLC0415

    api.save(results, folder, overwrite=overwrite)


def save_optimum(found: Optimum, folder: Path) -> None:
    """As `lbpsim.api.save_optimum`."""
    from lbpsim import api  # noqa: PLC0415

    api.save_optimum(found, folder)


def brief(results: Results, folder: Path, policies: Sequence[str]) -> tuple[Path, Path]:
    """As `lbpsim.api.brief`."""
    from lbpsim import api  # noqa: PLC0415

    return api.brief(results, folder, policies)


class ResearchRequest(TypedDict):
    """What `Study.research` asks beside the study and the designs."""

    results: Results | None
    draws: int | None
    draw_people: int | None
    workers: int | None


def research(study: Study, designs: Sequence[str | Path], **asked: Unpack[ResearchRequest]) -> Research:
    """As `lbpsim.api.research`."""
    from lbpsim import api  # noqa: PLC0415

    return api.research(study, designs, **asked)
