"""What `lbpsim validate` leaves in its folder: tables, people, charts and a summary, and what it says on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from rich.table import Table

from lbpsim.outcomes.estimate import SURE
from lbpsim.report.charts import USUAL_KINDS, files_of, targets, trial, trial_findings, trial_forest
from lbpsim.report.earlier_run import evidence
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.file_records import MADE_BY
from lbpsim.report.files import plain_csv
from lbpsim.report.format import Scale, money_of, people_asked, plain, scale_for, with_error
from lbpsim.report.page.templates import rendered
from lbpsim.report.staging import leave
from lbpsim.report.terminal import plain_table
from lbpsim.study import Study
from lbpsim.validation.summary import Assessment
from lbpsim.validation.trial import where_it_was
from lbpsim.validation.verdicts import GATE_RULE, PASS_RULE

SUMMARY, PEOPLE = "summary.md", "restore_people.parquet"
TABLES = {
    # name of the file: of the table in a Judgement
    "restore": "restore",
    "restore_baseline": "baseline",
    "targets": "targets",
    "other_trials": "other_trials",
    "qaly_gains": "gains",
    "checks": "checks",
}
CHARTS: Mapping[str, Callable[[Assessment], Figure]] = {
    "trial_rmdq": trial.draw_rmdq,
    "trial_pain": trial.draw_pain,
    "trial_benefit": trial_findings.draw_benefit,
    "trial_costs": trial_findings.draw_costs,
    "trial_forest": trial_forest.draw_forest,
    "trial_gains": trial_forest.draw_gains,
    "targets": targets.draw,
}
LETTERS = {
    "calibrated to": "C",
    "matched by construction": "M",
    "drift from its start": "D",
    "upper bound": "U",
    "validation only": "V",
}


def write(assessment: Assessment, folder: Path) -> None:
    """Write everything; the outputs are whole when validation.json is there, which comes last."""
    contents = {f"{name}.csv": plain_csv(frame) for name, frame in frames(assessment).items()}
    contents[PEOPLE] = assessment.people.to_parquet(index=False)
    for name, draw in CHARTS.items():
        contents |= files_of(f"charts/{name}", draw(assessment))
    contents[SUMMARY] = summary(assessment).encode()
    told = {**asked(), "study": assessment.study.of_comparator.resolved()}
    leave(folder, contents, written_earlier, record=VALIDATED, told=told)


def asked() -> dict[str, Any]:
    """What validation.json says of the question, beside the study with its comparator."""
    return {MADE_BY: "lbpsim validate", **evidence()}


def written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier validation left in a folder, by the names that it gives."""
    charts = (f"charts/{name}.{kind}" for name in CHARTS for kind in USUAL_KINDS)
    return [folder / name for name in (VALIDATED, SUMMARY, PEOPLE, *(f"{name}.csv" for name in TABLES), *charts)]


def frames(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Tables that are written as CSV, by the name of their file."""
    return {name: getattr(assessment, field) for name, field in TABLES.items()}


def verdict_in_words(assessment: Assessment) -> str:
    """The verdict, what it rests on, and what it leaves out."""
    gates, others = assessment.gates, assessment.checks[~assessment.checks["gate"].astype(bool)]
    missed, shown = _count(gates, "miss"), _count(gates, "pass")
    used = int((gates["role"] != "validation only").sum())
    opening = (
        f"PASS: every check that gates passes. {used} of {len(gates)} were used to build the model: for them it says "
        "that the model still reproduces what it was built to reproduce."
    )
    if missed:
        opening = f"FAIL: {missed} of {len(gates)} checks that gate miss."
    elif not assessment.passed:
        opening = f"NOT SHOWN: only {shown} of {len(gates)} checks that gate pass for sure; simulate more people."
    only = assessment.checks[assessment.checks["role"] == "validation only"]
    rest = (
        f"Of {len(others)} other figures, {_count(others, 'pass')} pass, {_count(others, 'miss')} miss, "
        f"{_count(others, 'inconclusive')} are inconclusive. Only {len(only)} of all {len(assessment.checks)} figures "
        f"are validation, not used to build the model; of these {_count(only, 'pass')} pass."
    )
    return "\n".join((opening, rest, PASS_RULE, GATE_RULE))


def summary(assessment: Assessment) -> str:
    """The page that says what was found, in Markdown."""
    study = assessment.study
    checks = [(row, *_cells(row)) for _, row in assessment.checks.iterrows()]
    return rendered(
        "validation.md",
        **{"assessment": assessment, "study": study, "people": people_asked(study), "trial": _of_the_trial(study)},
        words=verdict_in_words(assessment).split("\n"),
        checks=checks,
    )


def _of_the_trial(study: Study) -> str:
    """Where the trial was emulated and in which money; nothing where both are the study's."""
    trial = where_it_was(study)
    return "" if trial is study else f"; the trial is emulated in {trial.country}, in {money_of(trial)}"


def checks_table(assessment: Assessment, *, gates: bool) -> Table:
    """Checks that gate, or those that are only reported."""
    chosen = assessment.checks[assessment.checks["gate"].astype(bool) == gates]
    title = "Checks that decide the exit status" if gates else "Reported, whatever they say"
    keys = ", ".join(f"{letter}: {role}" for role, letter in LETTERS.items())
    caption = f"Limits and model are in the unit of the published figure. {keys}."
    table = plain_table(title, caption, "Figure", ("Published", "Limits", "Model"))
    table.add_column("", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    for _, row in chosen.iterrows():
        style = {"pass": "green", "miss": "bold red"}.get(row["verdict"], "yellow")
        figure, published, limits, _ = _cells(row)
        table.add_row(
            figure,
            published,
            limits,
            plain(row["emulated"] / _scale(row).divisor),
            LETTERS[row["role"]],
            f"[{style}]{row['verdict']}[/]",
        )
    return table


def _cells(row: pd.Series) -> tuple[str, str, str, str]:
    """Figure, published, limits and model of a check, in words."""
    scale = _scale(row)
    word = {"billion": " bn", "million": " m", "thousand": " k"}.get(scale.word, "")
    published, least, most = (plain(row[name] / scale.divisor) for name in ("published", "least", "most"))
    model = with_error(row["emulated"] / scale.divisor, SURE * row["mcse"] / scale.divisor)
    return row["figure"], published + word, f"{least} to {most}", model


def _scale(row: pd.Series) -> Scale:
    """The scale in which a check's figures read best."""
    return scale_for(row["published"])


def _count(checks: pd.DataFrame, verdict: str) -> int:
    return int((checks["verdict"] == verdict).sum())
