"""Everything a run leaves in its folder: tables, charts, the sums they were made from, and how it came about."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from rich.console import Console

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.lives import Portrait
from lbpsim.outcomes.measures import COUNTED
from lbpsim.outcomes.per_thousand_treated import read_treated, stored_treated
from lbpsim.outcomes.results import Results
from lbpsim.psa.parameter_sampling import DEPENDENT_GROUPS
from lbpsim.report.brief import NothingToChooseError, write_brief
from lbpsim.report.charts import Chart, left_out
from lbpsim.report.charts.catalogue import Material, beside
from lbpsim.report.charts.drawing import Ask, write_charts
from lbpsim.report.decision_files import keep_tables, kept_switches, with_sampled
from lbpsim.report.draw_matrices import write_matrices
from lbpsim.report.file_names import CHARTS, STORED, TABLES, WORKBOOK
from lbpsim.report.file_records import MADE_BY, DamagedError, Record, read_record
from lbpsim.report.files import write_whole
from lbpsim.report.folder_lock import held
from lbpsim.report.lives_file import KEPT, keep_lives
from lbpsim.report.page import write_page
from lbpsim.report.processes import handed
from lbpsim.report.progress import Answered
from lbpsim.report.provenance import BY_RUN, RUN_FILE, write_run
from lbpsim.report.psa_files import read_draws, write_draws
from lbpsim.report.run_files import READ_AGAIN, outputs_in
from lbpsim.report.staging import aside
from lbpsim.report.tables import write_tables
from lbpsim.report.workbook import write_workbook
from lbpsim.simulation.checkpoints import npz
from lbpsim.simulation.workers import Here
from lbpsim.study import Study
from lbpsim.voi.decision_analysis import Decision, decide


class NoResultsError(FileNotFoundError):
    """A folder does not hold the results of a run."""


def write(
    results: Results,
    portraits: Sequence[Portrait],
    folder: Path,
    *,
    started: datetime,
    console: Console | None = None,
    answered: Answered | None = None,
    pool: Executor | None = None,
    charts: bool = True,
) -> None:
    """Write everything aside and move it in; the outputs are whole when run.json is there, which comes last.

    `portraits`: people whose lives are shown; `started`: when the work began; `console`: where it is said which charts
    are left out; `answered`: called with how many questions of the value of information are answered, and of how many;
    `pool`: of processes that draw and write, None for this one; `charts`: whether charts are written as files.
    """
    with aside(folder, outputs_in, last=RUN_FILE) as new:
        store(results, new)
        if isinstance(results, ProbabilisticResults):
            write_draws(results.draws, new)
            write_matrices(results.draws, new)
        decision = decided(results, answered)
        keep_tables(results, decision, new)
        keep_lives(portraits, new)
        _write(results, decision, folder, console, into=new, pool=pool, charts=charts)
        write_run(results, new, started=started, files=[name for name in READ_AGAIN if (new / name).exists()])


def rewrite(folder: Path, *, console: Console) -> Results:
    """Write tables, workbook, charts and report again from the results stored in `folder`.

    Raises NoResultsError where the folder does not hold a whole run, or one of another version's, FolderInUseError
    where a run writes there.
    """
    with to_be_read(folder):
        results = read(folder)
        _write(results, decided_earlier(results, folder), folder, console)
    console.print(f"Tables, workbook, charts and report written again in {folder}", soft_wrap=True)
    return results


@contextmanager
def to_be_read(folder: Path) -> Iterator[None]:
    """Have a folder of results to oneself, which is not made where it is not there; raises as `rewrite`."""
    if not folder.is_dir():
        raise NoResultsError(f"{folder} is no folder of results: it is not there, or is a file")
    with held(folder):
        yield


def store(results: Results, folder: Path) -> None:
    """Keep the sums from which everything else is made."""
    kept: dict[str, Any] = {"totals": results.totals, "scales": results.scales, "national": results.national}
    if results.beyond is not None:
        kept["beyond"] = results.beyond
    write_whole(folder / STORED, npz({**kept, **stored_treated(results.treated)}))


def read(folder: Path) -> Results:
    """The results stored in a folder of outputs; every file of them is as it was written.

    Raises NoResultsError where the folder does not hold a whole run, where a file was changed, or for one of another
    version's.
    """
    return results_of(record_of(folder))


def record_of(folder: Path) -> Record:
    """The record of the run in a folder of outputs, all of whose files are as they were written; raises as `read`."""
    for name in (RUN_FILE, STORED):
        if not (folder / name).exists():
            raise NoResultsError(f"{folder} does not hold the results of a finished run: {name} is missing")
    try:
        record = read_record(folder / RUN_FILE)
        if record.told.get(MADE_BY) != BY_RUN:
            raise NoResultsError(f"{folder} holds what `{record.told.get(MADE_BY)}` found, not the results of a run")
        record.check()
    except DamagedError as problem:
        raise _unreadable(folder, problem) from problem
    return record


def results_of(record: Record) -> Results:
    """The results that were written with the record of a run; raises as `read`."""
    told, folder = record.told, record.path.parent
    try:
        with np.load(io.BytesIO(record.content(STORED))) as stored:
            arrays = {name: stored[name] for name in ("totals", "scales", "national", "beyond") if name in stored}
            treated = read_treated(stored)
        results = Results(
            study=replace(Study.from_resolved(told["study"]), folder=told.get("folder", "")),
            **arrays,
            treated=treated,
            **{key: told[key] for key in ("people", "country_cases", "in_remission", "engine", "events", "seconds")},
            switches=kept_switches(record),
        )
        _check_shapes(results)
        if "draws" in told:
            results = ProbabilisticResults.join(results, read_draws(record, results.study))
    except (KeyError, TypeError, ValueError, AttributeError, EOFError, BadZipFile) as problem:
        raise _unreadable(folder, problem) from problem
    return results


def _unreadable(folder: Path, problem: Exception) -> NoResultsError:
    return NoResultsError(
        f"the results in {folder} cannot be read: {problem}. Put back what was written, or run the study again"
    )


def _check_shapes(results: Results) -> None:
    policies, years = len(results.study.policies), len(results.study.calendar_years)
    expected = (policies, results.replications, 2, years, COUNTRY_WIDE + 1, len(COUNTED))
    if results.totals.shape != expected:
        raise ValueError(f"their sums have the shape {results.totals.shape}, and this study needs {expected}")
    if results.scales.shape != expected[1:2] or results.national.shape != (policies, 2, years, len(COUNTED)):
        raise ValueError("their parts do not fit together")
    beyond = None if results.beyond is None else results.beyond.shape
    if beyond != ((*expected[:3], *expected[4:]) if results.study.to_death else None):
        raise ValueError("what lies beyond the study's years does not fit how long people are followed")


def _write(
    results: Results,
    decision: Decision,
    folder: Path,
    console: Console | None,
    *,
    into: Path | None = None,
    pool: Executor | None = None,
    charts: bool = True,
) -> None:
    """Write what is made from results.

    `folder`: of their outputs, `into`: where it is written, if elsewhere; `pool`: of processes that do it, None for
    this one; `charts`: whether charts are written as files.
    """
    home, pool = into or folder, pool or Here()
    material = Material(results, decision, beside(folder), home / KEPT)
    with handed(pool, material) as ask:
        tasks = [pool.submit(_page, ask, folder, home)]
        tasks += [pool.submit(make, ask, home) for make in (_tables, _book, _brief)]
        drawn: tuple[Chart, ...] = ()
        if charts:
            drawn = write_charts(results, decision, home / CHARTS, validation=material.validation, pool=pool, ask=ask)
        for task in tasks:
            task.result()
    if console is not None:
        for line in left_out(drawn):
            console.print(line, markup=False, soft_wrap=True)


def _page(ask: Ask, folder: Path, home: Path) -> None:
    write_page(ask().results, ask().decision, folder, home)


def _tables(ask: Ask, home: Path) -> None:
    write_tables(ask().results, home / TABLES, ask().decision)


def _book(ask: Ask, home: Path) -> None:
    write_workbook(ask().results, ask().decided, home / WORKBOOK)


def _brief(ask: Ask, home: Path) -> None:
    with suppress(NothingToChooseError):
        write_brief(ask().results, home, information=ask().decided.voi)


def decided(results: Results, answered: Answered | None = None) -> Decision:
    """What follows from the results for those who decide; of draws, too, where there are any."""
    draws = results.draws if isinstance(results, ProbabilisticResults) else None
    return decide(results, draws, together={group.title: group.members for group in DEPENDENT_GROUPS}, tell=answered)


def decided_earlier(results: Results, folder: Path) -> Decision:
    """As `decided`, from the tables kept in the folder where there are some; raises NoResultsError where damaged."""
    if not isinstance(results, ProbabilisticResults) or not (folder / RUN_FILE).exists():
        return decided(results)
    kept = with_sampled(decide(results), record_of(folder), len(results.draws.numbers))
    return decided(results) if kept is None else kept
