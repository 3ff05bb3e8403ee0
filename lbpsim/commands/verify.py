"""Write the verification book: `python -m lbpsim.commands.verify FOLDER [--fast]`; exit status 1 unless it passes."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from lbpsim.report.verification_page import PAGE_FILE, save
from lbpsim.validation.verdicts import Verdict
from lbpsim.verification import tech_ver
from lbpsim.verification.book import Tell, checks
from lbpsim.verification.check import worst
from lbpsim.verification.tech_ver import TESTS_FILE, UnreadableResultsError

PROGRAM = "python -m lbpsim.commands.verify"


def write(folder: Path, *, fast: bool, tell: Tell | None = None) -> Verdict:
    """Do every check and write `verification.html` and `verification.csv` into `folder`; returns the worst verdict.

    `fast`: small samples, and no check that needs an emulated trial. Results of the package's tests, and of deleting
    branches of its rules, are taken from `tests.xml` and `mutants.csv`: in the folder, else in `verification` beside
    it, where `make verify` and `make mutants` leave them. An item of the checklist that fails, or that no test covers,
    is a miss. `tell` is called with the title of each check as it is done.

    Raises UnreadableResultsError where one of these files does not hold what it should.
    """
    started = time.perf_counter()
    tested = tech_ver.found_in(folder)
    found = list(checks(fast=fast, tell=tell))
    save(found, folder, tested, fast=fast, seconds=time.perf_counter() - started)
    return worst([*(check.verdict for check in found), tech_ver.verdict(tested)])


def main() -> int:
    """Read the arguments, write the book, say what came of it."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Write the verification book.")
    parser.add_argument("folder", type=Path, help=f"where it goes; results of tests are read from its {TESTS_FILE}")
    parser.add_argument("--fast", action="store_true", help="small samples, no emulated trial")
    options = parser.parse_args()
    watched = sys.stderr.isatty()
    try:
        verdict = write(options.folder, fast=options.fast, tell=_say if watched else None)
    except (OSError, UnreadableResultsError) as problem:
        print(f"Could not write the book: {problem}", file=sys.stderr)
        return 1
    print(f"Verification: {verdict}. The book is {options.folder / PAGE_FILE}")
    return 0 if verdict == "pass" else 1


def _say(title: str) -> None:
    print(f"  {title}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
