"""Tables of results are declared once: whole, used, and in the words of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.cea.frontier import threshold_column
from lbpsim.evidence import EvidenceError
from lbpsim.evidence.output_tables import FILE, Declarations, declared, frame_of, output_table, output_tables
from lbpsim.evidence.reading import HOME, read_text
from lbpsim.outcomes.lifetime import BEYOND, LIFETIME, WITHIN
from lbpsim.outcomes.per_thousand_treated import AMONG, TREATMENTS

TABLE = """
phrases: {often: "that many read"}
columns:
  year: {kind: integer, nature: input, meaning: "Calendar year."}
  error: {name: "{column}_mcse", kind: number, nature: statistic, meaning: "Error {error}."}
tables:
  few:
    counts:
      title: Counts
      description: A table {often}.
      key: [year]
      columns:
        - year
        - cost: {kind: number, unit: AUD, nature: flow, meaning: "What is paid.", error: of that}
    more: {title: More, description: As the other., like: counts}
"""


def written(folder: Path, text: str) -> Declarations:
    (folder / FILE).write_text(text, encoding="utf-8")
    return declared(Declarations, folder / FILE)


def test_a_table_is_told_with_shared_columns_errors_and_phrases(tmp_path: Path) -> None:
    counts, more = (written(tmp_path, TABLE).table(name, ()) for name in ("counts", "more"))
    assert counts.description == "A table that many read."
    assert [column.name for column in counts.columns] == ["year", "cost", "cost_mcse"]
    error = counts.columns[-1]
    assert (error.meaning, error.unit, error.nature) == ("Error of that.", "AUD", "statistic")
    assert (more.columns, more.key) == (counts.columns, counts.key)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("- year", "- yaer", r"tables\.yaml.*counts has columns that are not declared: yaer"),
        ("like: counts", "like: count", r"more has columns that are not declared: count"),
        ("nature: input, ", "", r"tables\.yaml, line 4: columns\.year: .*a number has a nature"),
        ("title: Counts", "titel: Counts", r"tables\.yaml, line 9: tables\.few\.counts\.titel: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    with pytest.raises(EvidenceError, match=said):
        written(tmp_path, TABLE.replace(right, wrong))


def test_every_shared_column_and_phrase_is_used() -> None:
    shipped, text = declared(Declarations, HOME / FILE), read_text(HOME / FILE)
    used = {item for entry in shipped.entries.values() for item in entry.columns if isinstance(item, str)}
    assert used | {"error"} == set(shipped.columns)
    assert [phrase for phrase in shipped.phrases if f"{{{phrase}}}" not in text] == []


def test_every_table_is_whole() -> None:
    groups = {group: output_tables(group, (28_033.0,)) for group in declared(Declarations, HOME / FILE).tables}
    assert all(len({table.name for table in tables}) == len(tables) for tables in groups.values())
    for table in (table for tables in groups.values() for table in tables):
        names = [column.name for column in table.columns]
        assert set(table.key) <= set(names) and len(set(names)) == len(names), table.name
        assert all(column.meaning.endswith(".") and "{" not in column.meaning for column in table.columns), table.name
        assert "{" not in table.description


@pytest.mark.parametrize("threshold", [50_000.0, 28_033.5])
def test_a_column_for_every_threshold(threshold: float) -> None:
    columns = output_table("frontier", (28_033.0, threshold)).columns
    cheap, dear = (column for column in columns if column.name.startswith("net_benefit"))
    assert (cheap.name, dear.name) == (threshold_column(28_033.0), threshold_column(threshold))
    assert "money 28,033 each" in cheap.meaning


def test_meanings_name_the_values_of_their_columns() -> None:
    meanings = {column.name: column.meaning for column in output_table("per_thousand").columns}
    for name, values in (("treatment", TREATMENTS), ("among", AMONG)):
        for value, words in values.items():
            assert f"{value}, {words[:1].lower() if words[1:2].islower() else words[:1]}{words[1:]}" in meanings[name]
    part = {column.name: column.meaning for column in output_table("lifetime_summary").columns}["part"]
    assert all(value in part for value in (WITHIN, BEYOND, LIFETIME))


@pytest.mark.parametrize("row", [{"direction": 1}, (1, 0.5, "yes"), {"direction": 1, "more": 2, "told": "", "x": ""}])
def test_rows_with_other_columns_are_refused(row: dict[str, object] | tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"a row of the table directions has .*; tables\.yaml declares direction, "):
        frame_of("directions", [row])


def test_rows_become_the_declared_table() -> None:
    rows = [(1, 0.5, "no", "a"), (2, 0.1, "no", "b")]
    named = [dict(zip(output_table("directions").names, row, strict=True)) for row in rows]
    assert frame_of("directions", rows).equals(frame_of("directions", named))
    assert list(frame_of("directions", []).columns) == output_table("directions").names
