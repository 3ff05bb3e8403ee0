"""What the sheets of the workbook say: declared once, used, and of outcomes and tables that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.evidence import EvidenceError
from lbpsim.evidence.output_tables import declared, output_table
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.workbook import sheet_texts as module
from lbpsim.report.workbook.sheet_texts import FILE, SheetTexts, sheet_texts

SHIPPED = Path(module.__file__).with_name(FILE).read_text(encoding="utf-8")


def test_every_shared_column_and_phrase_is_used() -> None:
    texts = sheet_texts()
    used = {item for sheet in texts.sheets.values() for item in sheet.columns if isinstance(item, str)}
    assert used == set(texts.columns)
    assert [phrase for phrase in texts.phrases if f"{{{phrase}}}" not in SHIPPED] == []


def test_outcomes_and_tables_are_there() -> None:
    texts = sheet_texts()
    drawn = {each.outcome for each in texts.projections if not each.waiting}
    assert {*texts.by_year, *texts.who_gains, *(line.outcome for line in texts.headline), *drawn} <= set(OUTCOMES)
    assert drawn <= set(texts.by_year)
    assert all(output_table(sheet.table) for sheet in texts.sheets.values() if sheet.table)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("[payer, policy,", "[payer, polcy,", r"sheets\.yaml.*Budget impact has columns that are not declared: polcy"),
        ("like: Totals", "like: Total", r"Undiscounted has columns that are not declared: Total"),
        ("frozen: 3", "frozen: much", r"sheets\.yaml, line \d+: sheets\.Costs by payer\.frozen: "),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    (tmp_path / FILE).write_text(SHIPPED.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(EvidenceError, match=said):
        declared(SheetTexts, tmp_path / FILE)
