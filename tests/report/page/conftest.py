"""Pages of made-up results: of the least there can be, and of everything."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lbpsim import __version__
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.file_records import write_record
from lbpsim.report.page import page_text
from lbpsim.voi.decision_analysis import decide
from tests.report.decided import drawn
from tests.report.page.reading import Element, read

RESTORE = pd.DataFrame(
    [
        ("usual_care", 13, "rmdq", "RMDQ points", 10.4, 0.02, None, None, None, None, None, None, "not judged", None),
        ("cft", 13, "rmdq_difference", "RMDQ points", -4.57, 0.01, -4.6, -5.9, -3.4, "yes", -4.9, -4.3, "pass",
         "calibrated to"),
    ],
    columns=["arm", "week", "outcome", "unit", "emulated", "mcse", "published", "low", "high", "within", "least",
             "most", "verdict", "role"],
)  # fmt: skip
CHECKS = pd.DataFrame(
    [
        ("country", "Adults in pain", "people", 2.78e6, 1.7e6, 4.3e6, 2.85e6, 0.0, "pass", "calibrated to"),
        ("country", "Lumbar fusions", "operations", 5550.0, 4960.0, 7440.0, 4515.0, 115.0, "miss", "validation only"),
    ],
    columns=["part", "figure", "unit", "published", "least", "most", "emulated", "mcse", "verdict", "role"],
)
TARGETS = CHECKS.assign(period="2026", explained="Other people are counted.", source="A survey.", grade="cohort")


def validated(folder: Path) -> Path:
    """A folder like that of `lbpsim validate`, with one pass and one miss."""
    folder.mkdir(parents=True)
    for name, frame in {"restore": RESTORE, "checks": CHECKS, "targets": TARGETS}.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    (folder / "summary.md").write_text("# Does it hold?\n\nlbpsim 0.0, study other: 1,000 people.\n", encoding="utf-8")
    write_record(folder / VALIDATED, {"lbpsim": __version__}, sorted(path.name for path in folder.iterdir()))
    return folder


@pytest.fixture(scope="session")
def bare(results: Results, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a run without draws, decisions, validation or sensitivity."""
    return page_text(results, None, tmp_path_factory.mktemp("bare") / "study")


@pytest.fixture(scope="session")
def full_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "study"
    validated(folder / "validation")
    return folder


@pytest.fixture(scope="session")
def probabilistic(results: Results) -> ProbabilisticResults:
    return ProbabilisticResults.join(results, drawn(results, 80, 3))


@pytest.fixture(scope="session")
def full(probabilistic: ProbabilisticResults, full_folder: Path) -> str:
    """The page of a run with draws, its decision, and a validation beside it."""
    return page_text(probabilistic, decide(probabilistic, probabilistic.draws), full_folder)


@pytest.fixture(scope="session", params=["bare", pytest.param("full", marks=pytest.mark.gate)])
def page(request: pytest.FixtureRequest) -> str:
    text: str = request.getfixturevalue(request.param)
    return text


@pytest.fixture(scope="session")
def tree(page: str) -> Element:
    return read(page)
