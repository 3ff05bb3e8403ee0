"""What `lbpsim why` leaves in its folder, and reads back: tables, a chart, and what was asked, in why.json."""

from __future__ import annotations

import dataclasses
import logging
import math
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from lbpsim.evidence import in_force
from lbpsim.evidence.output_tables import Table, output_table, output_tables
from lbpsim.explain.attribution import Attribution, DecompositionSetup, Lead
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import USUAL_KINDS, files_of
from lbpsim.report.charts import decomposition as chart
from lbpsim.report.data_package import About, described, read_table, write_package
from lbpsim.report.earlier_run import evidence
from lbpsim.report.file_names import WHY as WHY_FILE
from lbpsim.report.file_records import MADE_BY, found_whole, record_all
from lbpsim.report.files import write_all
from lbpsim.report.staging import aside
from lbpsim.study.phrasing import number_of, span

CHART = "why"
LOG = logging.getLogger("lbpsim")
STORED = {
    # name of a table of `Attribution`: of its file
    "contributions": "why",
    "by_year": "why_yearly",
    "by_payer": "why_payers",
    "held_back": "held_back",
    "reached": "reached",
}


def asked() -> dict[str, Any]:
    """What why.json says of the question, beside the study, which holds the policy and its parts."""
    return {MADE_BY: "lbpsim why", **evidence()}


def home(study: str, policy: str) -> Path:
    """Where what is found of a policy of a study is kept, unless another folder is asked for."""
    return Path("outputs") / study / "why" / policy


def write_why(why: Attribution, results: Results, folder: Path) -> None:
    """Write tables, chart and question of a policy taken apart; they are whole when why.json is there.

    `results`: of its plan, for the source line of the chart.
    """
    told = {
        **asked(),
        "question": dataclasses.asdict(why.question),
        "lead": _lead_as_told(why.lead),
        "study": results.study.resolved(),
    }
    with aside(folder, written_earlier, last=WHY_FILE) as new:
        write_package(new, _tables(why), _about(why), results.study)
        write_all(new, files_of(CHART, chart.draw(results, why)))
        record_all(new / WHY_FILE, told)


def written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier analysis left in a folder, by the names that it gives."""
    names = (WHY_FILE, *described(folder), *(f"{CHART}.{kind}" for kind in USUAL_KINDS))
    return [folder / name for name in names]


def read_why(folder: Path) -> Attribution | None:
    """What `lbpsim why` left in a folder; None where that is nothing, and, with a word, where it is not as written."""
    try:
        record = found_whole(folder / WHY_FILE)
        if record is None:
            return None
        frames = {name: read_table(record, output_table(file)) for name, file in STORED.items()}
        frames["reached"] = frames["reached"].drop(columns="place")
        question = TypeAdapter(DecompositionSetup).validate_python(record.told["question"])
        return Attribution(question=question, lead=_lead(record.told["lead"]), **frames)
    except (ValueError, KeyError, TypeError) as problem:
        LOG.warning("What `lbpsim why` left in %s is left out: %s.", folder, problem)
        return None


def _tables(why: Attribution) -> list[tuple[Table, pd.DataFrame]]:
    question = why.question
    parts = [(part.level, part.key, part.label, part.pathway) for part in question.parts]
    holds = [(hold.name, hold.label, hold.if_not) for hold in question.holds]
    frames = {file: getattr(why, name) for name, file in STORED.items()}
    frames["reached"] = frames["reached"].assign(place=range(len(why.reached)))
    frames["changes"] = pd.DataFrame(parts, columns=["level", "part", "label", "pathway"])
    frames["relaxations"] = pd.DataFrame(holds, columns=["relaxation", "label", "meaning"])
    return [(table, frames[table.name]) for table in output_tables("explain")]


def _about(why: Attribution) -> About:
    question = why.question
    description = (
        f"The policy {question.policy} taken apart: simulated outcomes of its changes alone, together and left out, "
        f"against {question.comparator}, in {question.country}, {span(question.years)}, from "
        f"{number_of(question.people, 'simulated person')} in {number_of(question.replications, 'replication')} "
        f"with seed {question.seed}. "
        f"Money is in {in_force.currency().name} of {question.price_year}. "
        "Errors are Monte Carlo standard errors of paired differences, without parameter uncertainty."
    )
    name = f"{question.study}-why-{question.policy}".lower()
    return About(name, f"Why {question.title} does what it does", description)


def _lead_as_told(lead: Lead | None) -> dict[str, Any] | None:
    if lead is None:
        return None
    return {**dataclasses.asdict(lead), "mcse": None if math.isnan(lead.mcse) else lead.mcse}


def _lead(told: dict[str, Any] | None) -> Lead | None:
    return None if told is None else Lead(**{**told, "mcse": math.nan if told["mcse"] is None else told["mcse"]})
