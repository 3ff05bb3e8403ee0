"""Fills the tables of docs/verification.md from what `make verify` and `make mutants` left in outputs/verification.

    python docs/verification.py [--write] [--from FOLDER]

Parts of which nothing was left stay as they are.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
from pages import DOCS, filled, table

from lbpsim import __version__
from lbpsim.report.verification_page import TABLE_FILE
from lbpsim.verification import tech_ver

PAGE = DOCS / "verification.md"
FOLDER = DOCS.parent / "outputs" / "verification"
WORDS = {"pass": "passes", "miss": "**fails**", "fail": "**fails**", "missing": "**missing**"}
WORST = ("miss", "inconclusive", "pass", "not judged")


def checks(file: Path) -> str:
    """Every check of the book with its rule and verdict."""
    found = pd.read_csv(file)
    rows = []
    for _, lines in found.groupby("check", sort=False):
        verdict = next(word for word in WORST if word in set(lines["verdict"]))
        first = lines.iloc[0]
        words = WORDS.get(verdict, verdict)
        rows.append((first["part"][3:], first["title"], first["against"], str(len(lines)), words))
    return table(("Part", "Check", "Against", "Figures", "Verdict"), rows)


def checklist(file: Path) -> str:
    """Every item of TECH-VER with its tests and their result."""
    tested = tech_ver.found_in(file.parent)
    rows = [
        (
            row.item.group,
            row.item.text + (f". {row.item.note}" if row.item.note else ""),
            "; ".join(f"`{name.split('::')[-1]}`" for name in row.tests) or "none",
            WORDS.get(row.status, row.status),
        )
        for row in tech_ver.table(tested)
    ]
    return table(("Part", "Item", "Tests", "Result"), rows)


def counts(folder: Path) -> str:
    """One sentence on all of it."""
    verdicts = pd.read_csv(folder / TABLE_FILE).groupby("check")["verdict"].agg(set)
    worst = Counter(next(word for word in WORST if word in found) for found in verdicts)
    items = Counter(row.status for row in tech_ver.table(tech_ver.found_in(folder)))
    return (
        f"lbpsim {__version__}: of {len(verdicts)} checks {worst['pass']} pass, {worst['miss']} fail, "
        f"{worst['inconclusive']} are inconclusive and {worst['not judged']} cannot be judged; of "
        f"{sum(items.values())} items of the checklist {items['pass']} pass, {items['fail']} fail and "
        f"{items['missing'] + items['not run']} have no result yet."
    )


def mutants(file: Path) -> str:
    """Which deletions no test noticed, and by which tests they were tried."""
    found = pd.read_csv(file, keep_default_na=False)
    survived = found[found["verdict"].str.startswith("survived")]
    text = f"{len(found) - len(survived)} of {len(found)} deletions were noticed."
    if survived.empty:
        return text
    quick = int((survived["verdict"] == "survived the quick tests").sum())
    if quick:
        text += f" {quick} were put to the quick tests alone, not yet to those on the compiled engine."
    rows = [
        (f"`{row.file}`, `{row.function}`", str(row.line), row.deleted, row.verdict) for row in survived.itertuples()
    ]
    return f"{text} Not noticed:\n\n{table(('Rule', 'Line', 'Deleted', 'Verdict'), rows)}"


def parts(folder: Path) -> dict[str, str]:
    """Every generated part for which there is something in the folder."""
    made = {"checks": (checks, folder / TABLE_FILE), "tech-ver": (checklist, folder / tech_ver.TESTS_FILE)}
    made["mutants"] = (mutants, folder / tech_ver.DELETIONS_FILE)
    found = {name: write(file) for name, (write, file) in made.items() if file.exists()}
    if {"checks", "tech-ver"} <= set(found):
        found["counts"] = counts(folder)
    return found


def main() -> int:
    """Print the tables, or write them into the page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--from", dest="folder", type=Path, default=FOLDER, help="where the results are")
    options.add_argument("--write", action="store_true", help="put the tables into docs/verification.md")
    chosen = options.parse_args()
    found = parts(chosen.folder)
    if not found:
        print(f"Nothing to write: {chosen.folder} holds no results. `make verify` makes them.", file=sys.stderr)
        return 1
    if chosen.write:
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    else:
        print("\n\n".join(found.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
