"""Fills in the tables of docs/validation.md from what `lbpsim validate` wrote.

lbpsim validate
python docs/validation.py [outputs/validation]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pages import DOCS, filled, table

from lbpsim.evidence import parameters
from lbpsim.outcomes.estimate import SURE
from lbpsim.report.format import plain, with_error
from lbpsim.validation.national_targets import texts
from lbpsim.validation.summary import ARM_NAMES, when
from lbpsim.validation.treatment_effects import VISIT_WEEKS
from lbpsim.validation.trial import ARMS
from lbpsim.validation.verdicts import GATE_RULE, PASS_RULE

PAGE = DOCS / "validation.md"
OUTPUTS = Path(__file__).parents[1] / "outputs" / "validation"
COMPARED = ("Figure", "Published", "Grade", "Limits", "Model", "Role", "Verdict")


def number(value: float) -> str:
    """A number as people write it; nothing where it is missing."""
    return "" if np.isnan(value) else plain(value)


def interval(low: float, high: float) -> str:
    """Two ends; nothing where they are missing."""
    return "" if np.isnan(low) and np.isnan(high) else f"{number(low)} to {number(high)}"


def model(row: Any) -> str:
    """The model's figure and half of its 95% Monte Carlo interval."""
    return with_error(row["emulated"], SURE * row["mcse"])


def verdict(checks: pd.DataFrame) -> str:
    """How many checks end how, by role."""
    words = ("pass", "miss", "inconclusive")
    counts = checks.groupby(["gate", "role", "verdict"]).size()
    rows = []
    for gate, role in sorted({(gate, role) for gate, role, _ in counts.index}, reverse=True):
        what = "decide the exit status" if gate else "are reported"
        rows.append((what, str(role), *(str(counts.get((gate, role, word), 0)) for word in words)))
    return table(("Checks that", "Role", "Pass", "Miss", "Inconclusive"), rows)


def by_verdict(checks: pd.DataFrame, *words: str) -> str:
    """Checks that ended with these verdicts."""
    chosen = checks[checks["verdict"].isin(words)]
    rows = [
        (
            row["figure"] + (" **(decides)**" if row["gate"] else ""),
            number(row["published"]),
            row["grade"],
            interval(row["least"], row["most"]),
            model(row),
            row["role"],
            row["verdict"],
        )
        for _, row in chosen.iterrows()
    ]
    return table(COMPARED, rows) if rows else "None."


def participants(baseline: pd.DataFrame) -> str:
    """Who takes part, beside the published characteristics and those of all who qualify."""
    rows = [
        (
            f"{row['characteristic']} ({row['unit']})",
            number(row["published"]),
            model(row),
            plain(row["unselected"]),
            row["role"] if isinstance(row["role"], str) else "not published",
            row["verdict"],
        )
        for _, row in baseline.iterrows()
    ]
    return table(("At the start", "Published", "Emulated", "All who qualify", "Role", "Verdict"), rows)


def _of(restore: pd.DataFrame, arm: str, outcome: str) -> pd.DataFrame:
    return restore[(restore["arm"] == arm) & (restore["outcome"] == outcome)].set_index("week")


def visits(restore: pd.DataFrame) -> str:
    """Mean disability and pain of each arm, visit by visit, and differences from usual care."""
    header = ["Visit", *(f"{what}, {ARM_NAMES[arm]}" for what in ("RMDQ", "pain") for arm in ARMS)]
    columns = [_of(restore, arm, what)["emulated"] for what in ("rmdq", "pain") for arm in ARMS]
    rows = [(when(week), *(f"{column.loc[week]:.2f}" for column in columns)) for week in VISIT_WEEKS]
    return table(header, rows)


def differences(restore: pd.DataFrame) -> str:
    """Differences from usual care at the visits for which one was published."""
    known = restore[restore["outcome"].str.endswith("_difference") & restore["gate"]]
    rows = [
        (
            f"{row['outcome'].split('_')[0].replace('rmdq', 'RMDQ')}, {ARM_NAMES[row['arm']]}, {when(row['week'])}",
            number(row["published"]),
            parameters()[row["parameter"]].grade,
            interval(row["low"], row["high"]),
            model(row),
            row["role"],
            row["verdict"],
        )
        for _, row in known.iterrows()
    ]
    header = ("Difference from usual care", "Published", "Grade", "95% interval", "Emulated", "Role", "Verdict")
    return table(header, rows)


def falls(restore: pd.DataFrame) -> str:
    """Usual care's fall with remission and without."""
    whole, alone = (_of(restore, "usual_care", name) for name in ("rmdq_fall", "rmdq_fall_without_remission"))
    rows = [(when(week), model(whole.loc[week]), model(alone.loc[week])) for week in VISIT_WEEKS[1:]]
    return table(("Fall of RMDQ under usual care", "as emulated", "if nobody's pain remitted"), rows)


def money(restore: pd.DataFrame) -> str:
    """Costs and QALYs against usual care after one and three years."""
    names = [name for name in restore["outcome"].unique() if name.startswith(("cost_", "qalys", "cft_sessions"))]
    columns = [(arm, week) for arm in ARMS[1:] for week in (52, VISIT_WEEKS[-1])]
    rows = [
        (
            name.removeprefix("cost_").removesuffix("_difference").replace("_", " "),
            *(model(_of(restore, arm, name).loc[week]) for arm, week in columns),
        )
        for name in names
    ]
    header = ["Less usual care, a participant", *(f"{ARM_NAMES[a]}, year {1 if w == 52 else 3}" for a, w in columns)]
    return table(header, rows)


def spreads(restore: pd.DataFrame) -> str:
    """Standard errors of trials of the real size beside those behind the published intervals."""
    found = restore[restore["outcome"].str.endswith("_standard_error") & ~restore["published"].isna()]
    rows = [
        (
            f"{row['outcome'].split('_')[0].replace('rmdq', 'RMDQ')}, {ARM_NAMES[row['arm']]}, {when(row['week'])}",
            f"{row['published']:.2f}",
            model(row),
        )
        for _, row in found.iterrows()
    ]
    return table(("Standard error of a difference", "Published", "Emulated trials of 492"), rows)


def others(other_trials: pd.DataFrame) -> str:
    """Other trials of CFT."""
    rows = [
        (
            f"{row['trial']}, {when(row['week'])}, against {row['comparator']}",
            row["outcome"].replace("rmdq", "RMDQ"),
            number(row["published"]),
            interval(row["low"], row["high"]),
            model(row),
            row["grade"],
        )
        for _, row in other_trials.iterrows()
    ]
    return table(("Trial", "Outcome", "Published", "95% interval", "Emulated, against usual care", "Grade"), rows)


def gains(qaly_gains: pd.DataFrame) -> str:
    """QALY gains beside the corridor of another model."""
    rows = [
        (row["who"], row["scale"], interval(row["published_low"], row["published_high"]), model(row), row["within"])
        for _, row in qaly_gains.iterrows()
    ]
    return table(("Who", "Scale", "Corridor", "Emulated gain of the first year", "Within"), rows)


def country(targets: pd.DataFrame) -> str:
    """National targets with their denominators."""
    rows = [
        (
            f"{row['figure']}, {row['period']} ({row['unit']})",
            number(row["published"]),
            number(row["comparable"]),
            interval(row["least"], row["most"]),
            model(row),
            row["role"],
            row["verdict"],
        )
        for _, row in targets.iterrows()
    ]
    header = ("Figure", "Published", "On the model's denominator", "Limits", "Model", "Role", "Verdict")
    return table(header, rows)


def gaps(targets: pd.DataFrame) -> str:
    """Of whom each figure is, and why model and published figure differ."""
    return table(("Figure", "Published: of whom", "Model: of whom", "Gap", "Why"), list(_gaps(targets)))


def _gaps(targets: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for _, row in targets.iterrows():
        people = "" if np.isnan(row["gap_people"]) else f"denominator {number(row['gap_people'])}, "
        ends = [
            f"{row[who]} ({number(row[many])})" if not np.isnan(row[many]) else str(row[who] or "")
            for who, many in (("published_of", "published_people"), ("model_of", "model_people"))
        ]
        yield f"{row['figure']}, {row['period']}", *ends, f"{people}level {number(row['gap_level'])}", row["explained"]


def left_out() -> str:
    """Registered figures that are not compared, and why."""
    return table(
        ("Target", "Why it is not compared"), [(f"`{name}`", why) for name, why in texts().not_compared.items()]
    )


def size(folder: Path) -> str:
    """The line of the summary that says how large the run was."""
    return (folder / "summary.md").read_text(encoding="utf-8").split("\n\n")[1]


def parts(folder: Path) -> dict[str, str]:
    """Generated parts of the page by name, from the tables in `folder`."""

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv")

    checks, restore = read("checks"), read("restore")
    targets = read("targets").fillna({"published_of": "", "model_of": ""})
    return {
        "size": size(folder),
        "rules": f"{PASS_RULE}\n\n{GATE_RULE}",
        "verdict": verdict(checks),
        "missed": by_verdict(checks, "miss", "inconclusive"),
        "opening": (folder / "summary.md").read_text(encoding="utf-8").split("\n\n")[2],
        "validated": by_verdict(checks[checks["role"] == "validation only"], "pass"),
        "participants": participants(read("restore_baseline")),
        "visits": visits(restore),
        "differences": differences(restore),
        "falls": falls(restore),
        "money": money(restore),
        "spreads": spreads(restore),
        "others": others(read("other_trials")),
        "gains": gains(read("qaly_gains")),
        "country": country(targets),
        "gaps": gaps(targets),
        "left-out": left_out(),
    }


def main() -> None:
    """Fill in the page."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("folder", type=Path, nargs="?", default=OUTPUTS)
    folder = asked.parse_args().folder
    if not (folder / "summary.md").exists():
        raise SystemExit(f"{folder} does not hold what `lbpsim validate` writes: run that first")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), parts(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
