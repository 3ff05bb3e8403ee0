"""Verification, is the model right: independent calculations beside the engine's and the model's, on one page.

python -m lbpsim.verification outputs/verification [--fast]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lbpsim.validation.verdicts import Verdict
from lbpsim.verification.check import Check, worst

TESTS_FILE, DELETIONS_FILE = "tests.xml", "mutants.csv"
LEFT_BY_VERIFY = "verification"
Tell = Callable[[str], None]


def write(folder: Path, *, fast: bool, tell: Tell | None = None) -> Verdict:
    """Do every check and write `verification.html` and `verification.csv` into `folder`; returns the worst verdict.

    `fast`: small samples, and no check that needs an emulated trial. Results of the package's tests, and of deleting
    branches of its rules, are taken from `tests.xml` and `mutants.csv`: in the folder, else in `verification` beside
    it, where `make verify` and `make mutants` leave them. An item of the checklist that fails, or that no test covers,
    is a miss. `tell` is called with the title of each check as it is done.

    Raises UnreadableResultsError where one of these files does not hold what it should.
    """
    from lbpsim.verification import page, tech_ver  # noqa: PLC0415 - slow imports, not needed to name the book

    started = time.perf_counter()
    tested = tech_ver.found_in(folder)
    found = list(checks(fast=fast, tell=tell))
    page.save(found, folder, tested, fast=fast, seconds=time.perf_counter() - started)
    return worst([*(check.verdict for check in found), tech_ver.verdict(tested)])


def checks(*, fast: bool, tell: Tell | None = None) -> Iterator[Check]:
    """Every check of the book, done one after another."""
    from lbpsim.verification import (  # noqa: PLC0415
        closed_forms,
        engines,
        model_checks,
        published_numbers,
        queues,
        randomness,
        time_to_event,
    )

    for chapter in (randomness, time_to_event, closed_forms, queues, engines, model_checks, published_numbers):
        for check in chapter.checks(fast=fast):
            if tell is not None:
                tell(check.title)
            yield check


__all__ = ["Check", "Verdict", "checks", "write"]
