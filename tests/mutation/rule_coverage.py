"""Whether tests run every line of the model's rules: in a scratch copy where these are plain Python.

    python -m tests.mutation.rule_coverage

Compiled rules leave no trace of the lines that they run. Exit status 0 where every line is run, 1 where one is not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutation.mutants import RULES, scratch_copy

TESTS = ("tests/pathways", "-m", "not slow and not gate")
LONGEST_TEST = "1"  # seconds of the processor
SETTINGS = f"""
[run]
source = {RULES}
[report]
exclude_also = if TYPE_CHECKING:
fail_under = 100
show_missing = true
"""


def main() -> int:
    """Run the tests of the rules as plain Python, and print the lines that none of them runs."""
    with tempfile.TemporaryDirectory(prefix="rules-") as home:
        copy = scratch_copy(Path(home), plain=True)
        settings = copy / "rules.coveragerc"
        settings.write_text(SETTINGS, encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": str(copy), "LONGEST_TEST": LONGEST_TEST}
        tests = ["pytest", *TESTS, "-n", "auto", "--tb=no", "--cov", f"--cov-config={settings}", "--cov-report="]
        # Tests that need many lives fail as plain Python, which says nothing against the rules.
        told = subprocess.DEVNULL
        subprocess.run([sys.executable, "-m", *tests], cwd=copy, env=environment, stdout=told, check=False)
        report = [sys.executable, "-m", "coverage", "report", f"--rcfile={settings}", "--skip-covered"]
        return subprocess.run(report, cwd=copy, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
