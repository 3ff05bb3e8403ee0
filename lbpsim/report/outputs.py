"""Everything a run leaves in its folder: tables, charts, the sums they were made from, and how it came about."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from rich.console import Console

from lbpsim.dsa.model_readings import with_switches
from lbpsim.engine import compiled_engine
from lbpsim.outcomes.draws import DrawPlan, ProbabilisticResults
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import COUNTED
from lbpsim.outcomes.per_thousand_treated import read_treated, stored_treated
from lbpsim.outcomes.results import Results
from lbpsim.psa.parameter_sampling import DEPENDENT_GROUPS
from lbpsim.report.charts import left_out
from lbpsim.report.charts.catalogue import beside, write_charts
from lbpsim.report.charts.people import keep_people
from lbpsim.report.decision_files import with_sampled, write_sampled
from lbpsim.report.earlier_run import CHARTS, NOTHING_TO_RESUME, READ_AGAIN, STORED, TABLES, outputs_in, refuse_other
from lbpsim.report.file_records import MADE_BY, DamagedError, Record, read_record
from lbpsim.report.files import write_whole
from lbpsim.report.folder_lock import held
from lbpsim.report.page import PAGE_FILE, write_page
from lbpsim.report.progress import Answered, counted, shown
from lbpsim.report.provenance import BY_RUN, RUN_FILE, write_run
from lbpsim.report.psa_files import read_draws, write_draws
from lbpsim.report.psa_text import draws_in_words, plan_in_words
from lbpsim.report.staging import aside
from lbpsim.report.summary import headline, lifetime_headline, readings
from lbpsim.report.switch_tables import keep_switches, kept_switches
from lbpsim.report.tables import write_tables
from lbpsim.report.workbook import WORKBOOK, write_workbook
from lbpsim.simulation.replication import COMPILED, MODEL
from lbpsim.simulation.run import Checkpoint, run_study
from lbpsim.simulation.treated_and_untreated import with_treated
from lbpsim.study import Study
from lbpsim.study.notes import notes
from lbpsim.study.phrasing import number_of
from lbpsim.uncertainty.run import DrawRequest, run_draws
from lbpsim.voi.decision_analysis import Decision, decide

UNFINISHED, DRAWS_KEPT, SWITCHES_KEPT = "unfinished", "draws", "switches"


class NoResultsError(FileNotFoundError):
    """A folder does not hold the results of a run."""


def run_and_write(
    study: Study,
    folder: Path,
    *,
    engine: str = COMPILED,
    workers: int | None = None,
    scheduler: str | None = None,
    asked: DrawRequest | None = None,
    resume: bool = False,
    overwrite: bool = False,
    console: Console,
    quiet: bool = False,
) -> Results:
    """Run a study, with progress on a terminal, and write its outputs into `folder`.

    `asked`: draws of its parameters, after the run at their point estimates. `scheduler`: of a Dask cluster.

    Raises InputErrors, before the work, where the folder holds a run of other inputs and `overwrite` does not say that
    it may go; FolderInUseError where another run writes there.
    """
    started = datetime.now(tz=UTC)
    asked = asked or DrawRequest()
    with held(folder):
        if not overwrite:
            refuse_other(folder, study, asked.terms if asked.anything else None)
        checkpoint = Checkpoint(folder / UNFINISHED, study)
        if not resume:
            checkpoint.clear()
        if not quiet:
            _say_beginning(study, asked, engine, console)
            if resume and not checkpoint.anything:
                console.print(f"{NOTHING_TO_RESUME} {folder}: the work begins anew.", markup=False, soft_wrap=True)
        work = {"engine": engine, "workers": workers, "scheduler": scheduler}
        results = _simulated(study, asked, checkpoint, work, console, quiet)
        with counted("value of information: questions answered", console, quiet=quiet) as answered:
            _save(results, folder, started=started, console=None if quiet else console, answered=answered)
        checkpoint.clear()
    if not quiet:
        _say_end(results, folder, console)
    return results


def _say_beginning(study: Study, asked: DrawRequest, engine: str, console: Console) -> None:
    people = f"{study.people:,}" if isinstance(study.people, int) else study.people
    size = f"{number_of(len(study.policies), 'policy')}, {number_of(study.years, 'year')}, {people} people"
    words = f"{study.title}: {size}"
    for line in (words, *(f"Note: {note}" for note in notes(study, drawn=asked.anything))):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if engine == COMPILED and compiled_engine.needs_compiling(MODEL):
        console.print("Compiling the rules of the model; this is needed once and takes under a minute.")


def _say_end(results: Results, folder: Path, console: Console) -> None:
    console.print(headline(results))
    if (found := readings(results)) is not None:
        console.print(found)
    if results.beyond is not None:
        console.print(lifetime_headline(results))
    if isinstance(results, ProbabilisticResults):
        console.print(draws_in_words(results), markup=False, highlight=False, soft_wrap=True)
    console.print(f"Tables and charts are in {folder}; read {PAGE_FILE} first", soft_wrap=True)


def _simulated(
    study: Study, asked: DrawRequest, checkpoint: Checkpoint, work: Mapping[str, Any], console: Console, quiet: bool
) -> Results:
    """The results of a study, with draws where they are asked for; `work`: who does it."""
    with shown(console, quiet=quiet) as tell:
        results = with_treated(run_study(study, **work, tell=tell, checkpoint=checkpoint))
    who = {name: work[name] for name in ("workers", "scheduler")}
    with shown(console, quiet=quiet) as tell:
        results = with_switches(results, **who, tell=tell, folder=checkpoint.home / SWITCHES_KEPT)
    if not asked.anything:
        return results

    def say(plan: DrawPlan) -> None:
        if not quiet:
            console.print(plan_in_words(plan), markup=False, highlight=False, soft_wrap=True)

    with shown(console, quiet=quiet) as tell:
        draws = run_draws(study, asked, **work, tell=tell, say=say, folder=checkpoint.home / DRAWS_KEPT)
    return ProbabilisticResults.join(results, draws)


def save(results: Results, folder: Path, *, overwrite: bool = False) -> None:
    """Write everything of a run into `folder`, as `run_and_write` does; raises what it raises for the folder."""
    draws = results.draws if isinstance(results, ProbabilisticResults) else None
    with held(folder):
        if not overwrite:
            refuse_other(folder, results.study, draws.plan.terms if draws is not None else None)
        _save(results, folder, started=datetime.now(tz=UTC) - timedelta(seconds=results.seconds))


def _save(
    results: Results,
    folder: Path,
    *,
    started: datetime,
    console: Console | None = None,
    answered: Answered | None = None,
) -> None:
    """Write everything aside and move it in; the outputs are whole when run.json is there, which comes last.

    `answered`: called with how many questions of the value of information are answered, and of how many.
    """
    with aside(folder, outputs_in, last=RUN_FILE) as new:
        store(results, new)
        keep_switches(results, new)
        if isinstance(results, ProbabilisticResults):
            write_draws(results.draws, new)
        decision = decided(results, answered)
        write_sampled(decision, new)
        keep_people(results.study, new)
        _write(results, decision, folder, console, into=new)
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
    content = io.BytesIO()
    kept: dict[str, Any] = {"totals": results.totals, "scales": results.scales, "national": results.national}
    if results.beyond is not None:
        kept["beyond"] = results.beyond
    np.savez_compressed(content, **{**kept, **stored_treated(results.treated)})
    write_whole(folder / STORED, content.getvalue())


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
            study=Study.from_resolved(told["study"]),
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
    results: Results, decision: Decision, folder: Path, console: Console | None, *, into: Path | None = None
) -> None:
    """Write what is made from results; `folder`: of their outputs, `into`: where it is written, if elsewhere."""
    home = into or folder
    write_tables(results, home / TABLES, decision)
    write_workbook(results, decision, home / WORKBOOK)
    charts = write_charts(results, decision, home / CHARTS, validation=beside(folder))
    if console is not None:
        for line in left_out(charts):
            console.print(line, markup=False, soft_wrap=True)
    write_page(results, decision, folder, home)


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
