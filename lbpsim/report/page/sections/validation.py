"""Does the model hold: beside the trial, beside published national figures, and where it misses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from lbpsim.report.charts.restore import RECORD
from lbpsim.report.file_records import DamagedError, found_whole
from lbpsim.report.format import fixed, plain, scale_for, with_error
from lbpsim.report.page.figures import number
from lbpsim.report.page.material import VALIDATION, Material
from lbpsim.report.page.parts import Cell, Folded, Further, Head, Heading, Part, Picture, Section, Sheet, Words
from lbpsim.report.page.pictures import from_folder
from lbpsim.validation.verdicts import PASS_RULE, SURE

KEY, TITLE = "validation", "How it compares with the trial and with published figures"
COMMAND = "lbpsim validate scenarios/"
WITHOUT = "Whether the model reproduces the RESTORE trial and published national figures."
DAMAGED = "What was found cannot be shown: in the folder validation, {why}."
FILES = ("restore.csv", "targets.csv", "checks.csv")
ARMS = {"usual_care": "Usual care", "cft": "CFT", "biofeedback": "CFT with biofeedback", "both": "Both CFT arms"}
PICTURES = {
    # chart of `lbpsim validate`: title, where it belongs
    "trial_rmdq": ("Disability in the emulated trial", "trial"),
    "trial_pain": ("Pain in the emulated trial", "trial"),
    "trial_benefit": ("Benefit by disability at the start", "trial"),
    "trial_forest": ("CFT in other trials", "trial"),
    "targets": ("The country beside published figures", "country"),
}
READ = (
    "A figure that the model was calibrated to, or that it meets by construction, is "
    "no validation of it: only those marked as validation were not used to build it."
)


def section(material: Material) -> Section:
    """What `lbpsim validate` found: misses as plainly as passes."""
    folder = material.beside(VALIDATION)
    try:
        record = found_whole(folder / RECORD)
    except DamagedError as damaged:
        return Section(KEY, TITLE, (Further(DAMAGED.format(why=damaged), COMMAND),))
    if record is None:
        return Section(KEY, TITLE, (Further(WITHOUT, COMMAND),))
    restore, targets, checks = (pd.read_csv(folder / name) for name in FILES)
    parts: list[Part] = [Words(verdict(checks)), Words(PASS_RULE), Words(READ), *_judged(folder)]
    parts += [*_misses(checks), Heading("validation-trial", "The RESTORE trial")]
    parts += [*_pictures(folder, "trial"), _trial(restore)]
    parts += [Heading("validation-country", "The country"), *_pictures(folder, "country"), _country(targets)]
    parts += [Folded(f"All {len(checks)} figures that were judged", (_checks(checks),))]
    return Section(KEY, TITLE, tuple(parts))


def verdict(checks: pd.DataFrame) -> str:
    """How many figures pass and miss, and how many of them were not used to build the model."""
    only = checks[checks["role"] == "validation only"]
    counted = {word: int((checks["verdict"] == word).sum()) for word in ("pass", "miss", "inconclusive")}
    return (
        f"Of {len(checks)} published figures that were judged, the model meets {counted['pass']}, misses "
        f"{counted['miss']}, and {counted['inconclusive']} are inconclusive. {len(only)} of them were not used to "
        f"build it; of these it meets {int((only['verdict'] == 'pass').sum())} and misses "
        f"{int((only['verdict'] == 'miss').sum())}."
    )


def _judged(folder: Path) -> list[Part]:
    """What the folder says was judged: it may be another version or another study."""
    summary = folder / "summary.md"
    if not summary.exists():
        return []
    paragraphs = [each.strip() for each in summary.read_text(encoding="utf-8").split("\n\n")]
    return [Words(f"Judged: {paragraphs[1]}", "small")] if len(paragraphs) > 1 else []


def _misses(checks: pd.DataFrame) -> list[Part]:
    missed = checks[checks["verdict"] != "pass"]
    if missed.empty:
        return []
    return [Heading("validation-missed", "What it misses"), _sheet(missed, "misses", "Figures that the model misses")]


def _checks(checks: pd.DataFrame) -> Sheet:
    return _sheet(checks, "checks", "Every figure that was judged")


def _sheet(checks: pd.DataFrame, key: str, caption: str) -> Sheet:
    return Sheet(
        f"validation-{key}",
        caption,
        (
            *(Head("Figure"), Head("Published", number=True), Head("Passes within", number=True)),
            *(Head("Model", number=True), Head("Role"), Head("Verdict")),
        ),
        tuple(_judged_row(row, str(row["figure"]), str(row["part"])) for _, row in checks.iterrows()),
    )


def _judged_row(row: pd.Series, name: str, below: str) -> tuple[Cell, ...]:
    scale = scale_for(float(row["published"]))
    unit = f"{scale.word} {row['unit']}".strip()
    published, least, most = (number(float(row[each]) / scale.divisor) for each in ("published", "least", "most"))
    model = with_error(float(row["emulated"]) / scale.divisor, SURE * float(row["mcse"]) / scale.divisor)
    mark = str(row["verdict"])
    limits = f"{least} to {most}" if least and most else ""
    words = (Cell(published, below=unit), Cell(limits), Cell(model), Cell(str(row["role"])), Cell(mark, mark=mark))
    return (Cell(name, below=below), *words)


def _trial(restore: pd.DataFrame) -> Sheet:
    """Every published difference beside the emulated one, and with it the benefit by baseline."""
    told = restore[restore["published"].notna()]
    rows = tuple(_trial_row(row) for _, row in told.iterrows())
    columns = (
        *(Head("Figure"), Head("When"), Head("Published", number=True), Head("Emulated", number=True)),
        *(Head("Within the published interval"), Head("Role"), Head("Verdict")),
    )
    return Sheet(
        "validation-restore",
        "The emulated trial beside the published one",
        columns,
        rows,
        note="Differences are from usual care; below zero favours CFT. Below a published figure: its 95% interval. "
        "± is the 95% Monte Carlo interval of the emulation.",
    )


def _trial_row(row: pd.Series) -> tuple[Cell, ...]:
    interval = "" if pd.isna(row["low"]) else f"{plain(row['low'])} to {plain(row['high'])}"
    what = str(row["outcome"]).replace("_", " ").replace("rmdq", "RMDQ").replace("cft", "CFT")
    arm = ARMS.get(str(row["arm"]), str(row["arm"]))
    money = str(row["unit"]) == "AUD"
    published = fixed(float(row["published"]), 0) if money else plain(row["published"])
    return (
        Cell(f"{arm}: {what}", below=str(row["unit"])),
        Cell(_when(row["week"])),
        Cell(published, below=interval),
        Cell(with_error(float(row["emulated"]), SURE * float(row["mcse"]))),
        Cell("" if pd.isna(row["within"]) else str(row["within"])),
        Cell("" if pd.isna(row["role"]) else str(row["role"])),
        Cell(str(row["verdict"]), mark=str(row["verdict"])),
    )


def _when(week: float) -> str:
    if pd.isna(week) or week < 0:
        return ""
    return "year 3" if week == 156 else f"week {week:.0f}"


def _country(targets: pd.DataFrame) -> Sheet:
    columns = (
        *(Head("Figure"), Head("Published", number=True), Head("Passes within", number=True)),
        *(Head("Model", number=True), Head("Role"), Head("Verdict"), Head("Why they differ", long=True)),
    )
    rows = tuple(
        (*_judged_row(row, str(row["figure"]), str(row["period"])), Cell(_text(row["explained"]), below=_source(row)))
        for _, row in targets.iterrows()
    )
    return Sheet(
        "validation-targets",
        "The country under usual care beside published figures",
        columns,
        rows,
        note="Limits are for as many people as the published figure counts, carried to the model's. ± is the 95% Monte "
        "Carlo interval.",
    )


def _source(row: pd.Series) -> str:
    return f"{_text(row['source'])} Graded: {_text(row['grade'])}."


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _pictures(folder: Path, place: str) -> Sequence[Part]:
    found: list[Part] = []
    for name, (title, where) in PICTURES.items():
        if where == place:
            key = name.replace("_", "-")
            markup = from_folder(folder / "charts", name, key, title)
            if markup is not None:
                found.append(Picture(key, title, markup, "From `lbpsim validate`. The figures are in the table below."))
    return found
