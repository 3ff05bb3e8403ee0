"""Writes the verification book: `python -m lbpsim.verification FOLDER [--fast]`; exit status 1 unless it passes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lbpsim.verification import TESTS_FILE, write
from lbpsim.verification.page import PAGE_FILE
from lbpsim.verification.tech_ver import UnreadableResultsError


def main() -> int:
    """Read the arguments, write the book, say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m lbpsim.verification", description="Write the verification book.")
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
