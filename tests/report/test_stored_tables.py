"""Tables of a small run of the shipped study are those that are stored, to the last digit.

Code that is only moved changes none of them. Where results are meant to change, store them anew, and say what changed
under "Results change" in CHANGELOG.md:

    python -m tests.report.test_stored_tables
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from lbpsim.report.tables import write_tables
from lbpsim.study import load, shipped

STORED = Path(__file__).with_name("stored_tables.txt")
POLICY, PEOPLE, YEARS, REPLICATIONS, DRAWS = "cft-rollout", 200, 3, 2, 3
MEANT = (
    "Tables of a small run have other digits than are stored: {names}. If that is meant, it is a change of results: "
    "tell it in CHANGELOG.md, and store them with `python -m tests.report.test_stored_tables`."
)


def digests(folder: Path) -> str:
    """SHA-256 of each table of the run, a line each, as `sha256sum` writes them."""
    study = (
        load(shipped.files()[0].parent)
        .only([POLICY])
        .with_changes(people=PEOPLE, years=YEARS, replications=REPLICATIONS)
    )
    write_tables(study.run(draws=DRAWS, draw_people=PEOPLE, workers=1), folder)
    tables = sorted(folder.glob("*.csv"))
    return "".join(f"{hashlib.sha256(table.read_bytes()).hexdigest()}  {table.name}\n" for table in tables)


def test_no_digit_of_any_table_changes(tmp_path: Path) -> None:
    found, stored = digests(tmp_path).splitlines(), STORED.read_text("utf-8").splitlines()
    assert len(stored) > 20
    changed = sorted({line.split()[1] for line in {*found} ^ {*stored}})
    assert not changed, MEANT.format(names=", ".join(changed))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        STORED.write_text(digests(Path(folder)), "utf-8")
