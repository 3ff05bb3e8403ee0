"""What `lbpsim optimise` leaves in its folder: the policy as a file, tables with their description, chart and page."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from lbpsim.evidence.output_tables import output_tables
from lbpsim.optimisation.limits import Limit, amount
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.question import Question
from lbpsim.report.charts import USUAL_KINDS, NothingToDraw, files_of
from lbpsim.report.charts import optimum as chart
from lbpsim.report.data_package import About, described, write_package
from lbpsim.report.earlier_run import evidence
from lbpsim.report.file_names import OPTIMISED
from lbpsim.report.file_records import MADE_BY, record_all
from lbpsim.report.files import write_all, write_whole
from lbpsim.report.format import money_of
from lbpsim.report.narrative.choosing import sentences
from lbpsim.report.optimum_page import page
from lbpsim.report.optimum_tables import FOUND, tables
from lbpsim.report.provenance import machine
from lbpsim.report.staging import aside
from lbpsim.study.phrasing import number_of, span

BY_OPTIMISE, GROUP = "lbpsim optimise", "optimum"
PAGE, POLICY, CHART = "optimum.html", f"{FOUND}.yaml", "budget_frontier"


def write(found: Optimum, folder: Path) -> None:
    """Write everything; the outputs are whole when optimum.json is there, which comes last."""
    frames = tables(found)
    with aside(folder, written_earlier, last=OPTIMISED) as new:
        write_package(
            new, [(one, frames[one.name]) for one in output_tables(GROUP)], about(found), found.question.study
        )
        write_whole(new / POLICY, policy_text(found).encode())
        with suppress(NothingToDraw):
            write_all(new, files_of(CHART, chart.draw(found)))
        write_whole(new / PAGE, page(found, policy_text(found), POLICY).encode())
        record_all(new / OPTIMISED, {**asked(found.question), **_told(found)})


def written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier search left in a folder, by the names that it gives; trials are no part."""
    names = (OPTIMISED, PAGE, POLICY, *(f"{CHART}.{kind}" for kind in USUAL_KINDS), *described(folder))
    return [folder / name for name in names]


def policy_text(found: Optimum) -> str:
    """The file of the policy that was found."""
    question, title = found.question, f"{found.question.space.base.title}, the best within limits"
    within = "; ".join(map(_in_words, question.limits)) or "no limit"
    description = (
        f"Found by `lbpsim optimise` from {question.space.base.name}: the best {question.goal.label} within {within}. "
        "Its numbers are a choice of policy, not evidence."
    )
    return found.question.space.text(found.values, title, description)


def _in_words(limit: Limit) -> str:
    """A limit with what is allowed, by year where that differs."""
    each = [amount(float(limit.allowed[period]), limit.unit) for period in limit.known]
    told = each[0] if len(set(each)) == 1 else f"{each[0]} to {each[-1]} by year"
    return f"{limit.label} {told}{' at least' if limit.at_least else ''}"


def asked(question: Question) -> dict[str, Any]:
    """What optimum.json says of the question, beside the study."""
    return {MADE_BY: BY_OPTIMISE, "asked": question.asked, "plan": question.plan.model_dump(mode="json"), **evidence()}


def _told(found: Optimum) -> dict[str, Any]:
    study = found.question.study
    pairs = zip(found.question.space.levers, found.values, strict=True)
    return {
        "found": {lever.label: lever.words(value) for lever, value in pairs},
        "leads": found.lead,
        "seconds": round(found.seconds, 1),
        "policies_tried": found.trials,
        "repairs": found.repairs,
        "sentences": list(sentences(found)),
        "file_hashes": dict(study.file_hashes),
        "machine": machine(),
        "study": study.resolved(),
    }


def about(found: Optimum) -> About:
    """What the package of tables is."""
    study, check = found.question.study, found.question.plan.report
    return About(
        f"{study.name.lower().replace(' ', '-')}-{GROUP}",
        f"{study.title}: the best policy within limits",
        f"The best {found.question.goal.label} of {found.trials} policies tried from {found.question.space.base.name}, "
        f"{span(study.calendar_years)}, judged in {number_of(check.draws, 'draw')} of "
        f"{number_of(check.people, 'person')} each, seed {study.seed}. Money is in {money_of(study)}. Errors (mcse) "
        "are those of means over draws.",
    )
