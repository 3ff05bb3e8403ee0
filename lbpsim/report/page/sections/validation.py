"""Does the model hold: beside the trial, beside published national figures, and where it misses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from lbpsim.evidence.currency import is_money
from lbpsim.outcomes.estimate import SURE
from lbpsim.report.charts.catalogue import beside
from lbpsim.report.charts.restore import judged
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.file_records import DamagedError, found_whole
from lbpsim.report.format import fixed, plain, scale_for, with_error
from lbpsim.report.page.figures import number
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import from_folder
from lbpsim.validation.verdicts import PASS_RULE

KEY, TITLE = "validation", "Trial and nation"
FILES = ("restore.csv", "targets.csv", "checks.csv")
ARMS = {"usual_care": "Usual care", "cft": "CFT", "biofeedback": "CFT with biofeedback", "both": "Both CFT arms"}
OF_THE_TRIAL = {
    # chart of `lbpsim validate`: title
    "trial_rmdq": "Disability in the emulated trial",
    "trial_pain": "Pain in the emulated trial",
    "trial_benefit": "Benefit by disability at the start",
    "trial_forest": "CFT in other trials",
}
OF_THE_COUNTRY = {"targets": "The country beside published figures"}


def section(material: Material) -> Section:
    """What `lbpsim validate` found: misses as plainly as passes; where it was not run, how to fill the section."""
    folder = beside(material.folder)
    try:
        record = found_whole(folder / VALIDATED)
    except DamagedError as damaged:
        return Section(KEY, TITLE, "validation.html", {"damaged": str(damaged)})
    if record is None:
        return Section(KEY, TITLE, "validation.html", {"missing": True})
    restore, targets, checks = (pd.read_csv(folder / name) for name in FILES)
    values = {
        "counts": _counts(checks),
        "unused": _counts(checks[checks["role"] == "validation only"]),
        "rule": PASS_RULE,
        "judged": judged(folder),
        "misses": _checked(checks[checks["verdict"] != "pass"]),
        "trial_charts": _charts(folder, OF_THE_TRIAL),
        "trial": [_trial_row(row) for _, row in restore[restore["published"].notna()].iterrows()],
        "country_charts": _charts(folder, OF_THE_COUNTRY),
        "country": [_country_row(row) for _, row in targets.iterrows()],
        "checks": _checked(checks),
    }
    return Section(KEY, TITLE, "validation.html", values)


def _counts(checks: pd.DataFrame) -> dict[str, int]:
    """How many figures were judged, pass, miss and are inconclusive."""
    counted = {word: int((checks["verdict"] == word).sum()) for word in ("pass", "miss", "inconclusive")}
    return {"judged": len(checks), **counted}


def _checked(checks: pd.DataFrame) -> list[Row]:
    return [_judged_row(row, str(row["part"])) for _, row in checks.iterrows()]


def _judged_row(row: pd.Series, below: str) -> Row:
    scale = scale_for(float(row["published"]))
    unit = f"{scale.word} {row['unit']}".strip()
    published, least, most = (number(float(row[each]) / scale.divisor) for each in ("published", "least", "most"))
    model = with_error(float(row["emulated"]) / scale.divisor, SURE * float(row["mcse"]) / scale.divisor)
    mark = str(row["verdict"])
    limits = f"{least} to {most}" if least and most else ""
    name = Cell(str(row["figure"]), below=below)
    return (name, Cell(published, below=unit), limits, model, str(row["role"]), Cell(mark, mark=mark))


def _country_row(row: pd.Series) -> Row:
    why = Cell(_text(row["explained"]), below=f"{_text(row['source'])} Graded: {_text(row['grade'])}.")
    return (*_judged_row(row, str(row["period"])), why)


def _trial_row(row: pd.Series) -> Row:
    interval = "" if pd.isna(row["low"]) else f"{plain(row['low'])} to {plain(row['high'])}"
    what = str(row["outcome"]).replace("_", " ").replace("rmdq", "RMDQ").replace("cft", "CFT")
    arm = ARMS.get(str(row["arm"]), str(row["arm"]))
    money = is_money(str(row["unit"]))
    published = fixed(float(row["published"]), 0) if money else plain(row["published"])
    return (
        Cell(f"{arm}: {what}", below=str(row["unit"])),
        _when(row["week"]),
        Cell(published, below=interval),
        with_error(float(row["emulated"]), SURE * float(row["mcse"])),
        _text(row["within"]),
        _text(row["role"]),
        Cell(str(row["verdict"]), mark=str(row["verdict"])),
    )


def _when(week: float) -> str:
    if pd.isna(week) or week < 0:
        return ""
    return "year 3" if week == 156 else f"week {week:.0f}"


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _charts(folder: Path, titles: dict[str, str]) -> list[tuple[str, str, str | None]]:
    """Key, title and markup of each."""
    keyed = [(name, name.replace("_", "-"), title) for name, title in titles.items()]
    return [(key, title, from_folder(folder / "charts", name, key, title)) for name, key, title in keyed]
