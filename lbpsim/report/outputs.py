"""Everything a run leaves in its folder: tables, charts, the sums they were made from, and how it came about."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from rich.console import Console

from lbpsim import __version__
from lbpsim.decision.analysis import Decision, decide
from lbpsim.engine import compiled
from lbpsim.outcomes.draws import Plan, ProbabilisticResults
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import COUNTED
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import left_out
from lbpsim.report.charts.gallery import write_charts
from lbpsim.report.charts.people import keep_people
from lbpsim.report.decision_files import with_sampled, write_sampled
from lbpsim.report.draw_files import read_draws, remove_draws, write_draws
from lbpsim.report.draw_words import draws_in_words, plan_in_words
from lbpsim.report.files import write_whole
from lbpsim.report.page import PAGE_FILE, write_page
from lbpsim.report.progress import Answered, counted, shown
from lbpsim.report.provenance import RUN_FILE, hashes, write_run
from lbpsim.report.summary import headline
from lbpsim.report.tables import write_tables
from lbpsim.report.workbook import WORKBOOK, write_workbook
from lbpsim.simulation.replication import COMPILED, MODEL
from lbpsim.simulation.runs import Tell, Unfinished, run_study
from lbpsim.study import Study
from lbpsim.study.notes import notes
from lbpsim.study.phrasing import number_of
from lbpsim.uncertainty.draws import Asked, run_draws
from lbpsim.uncertainty.sampling import GROUPS

STORED = "results.npz"
UNFINISHED, DRAWS_KEPT = "unfinished", "draws"


class NoResultsError(FileNotFoundError):
    """A folder does not hold the results of a run."""


def run_and_write(
    study: Study,
    folder: Path,
    *,
    engine: str = COMPILED,
    workers: int | None = None,
    scheduler: str | None = None,
    asked: Asked | None = None,
    resume: bool = False,
    console: Console,
    quiet: bool = False,
) -> Results:
    """Run a study, with progress on a terminal, and write its outputs into `folder`.

    `asked`: draws of its parameters, after the run at their point estimates. `scheduler`: of a Dask cluster.
    """
    started = datetime.now(tz=UTC)
    files = hashes(_inputs(study))
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = Unfinished(folder / UNFINISHED, study)
    if not resume:
        unfinished.clear()
    if not quiet:
        people = f"{study.people:,}" if isinstance(study.people, int) else study.people
        words = (
            f"{study.title}: {number_of(len(study.policies), 'policy')}, {number_of(study.years, 'year')}, {people} "
            "people"
        )
        console.print(words, markup=False, highlight=False, soft_wrap=True)
        _say_notes(study, asked, console)
    if engine == COMPILED and compiled.needs_compiling(MODEL) and not quiet:
        console.print("Compiling the rules of the model; this is needed once and takes under a minute.")
    with shown(console, quiet=quiet) as tell:
        results = run_study(
            study, engine=engine, workers=workers, scheduler=scheduler, tell=tell, unfinished=unfinished
        )
    if asked is not None and asked.anything:
        say = None if quiet else console
        with shown(console, quiet=quiet) as tell:
            results = _with_draws(
                results, folder, asked, tell, say, engine=engine, workers=workers, scheduler=scheduler
            )
    with counted("value of information: questions answered", console, quiet=quiet) as answered:
        save(
            results,
            folder,
            started=started,
            file_hashes=files,
            console=None if quiet else console,
            answered=answered,
        )
    unfinished.clear()
    if not quiet:
        console.print(headline(results))
        if isinstance(results, ProbabilisticResults):
            console.print(draws_in_words(results), markup=False, highlight=False, soft_wrap=True)
        console.print(f"Tables and charts are in {folder}; read {PAGE_FILE} first", soft_wrap=True)
    return results


def _say_notes(study: Study, asked: Asked | None, console: Console) -> None:
    for note in notes(study, drawn=asked is not None and asked.anything):
        console.print(f"Note: {note}", markup=False, highlight=False, soft_wrap=True)


def _with_draws(
    base: Results,
    folder: Path,
    asked: Asked,
    tell: Tell,
    console: Console | None,
    *,
    engine: str,
    workers: int | None,
    scheduler: str | None,
) -> ProbabilisticResults:
    """The results with draws beside them; finished draws are kept where the finished pieces of the run are."""

    def say(plan: Plan) -> None:
        if console is not None:
            console.print(plan_in_words(plan), markup=False, highlight=False, soft_wrap=True)

    draws = run_draws(
        base.study,
        asked,
        engine=engine,
        workers=workers,
        scheduler=scheduler,
        tell=tell,
        say=say,
        folder=folder / UNFINISHED / DRAWS_KEPT,
    )
    return ProbabilisticResults.join(base, draws)


def save(
    results: Results,
    folder: Path,
    *,
    started: datetime | None = None,
    file_hashes: Mapping[str, str] | None = None,
    console: Console | None = None,
    answered: Answered | None = None,
) -> None:
    """Write everything of a run into `folder`; the outputs are whole when run.json is there, which is written last.

    `answered`: called with how many questions of the value of information are answered, and of how many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RUN_FILE).unlink(missing_ok=True)
    store(results, folder)
    if isinstance(results, ProbabilisticResults):
        write_draws(results.draws, folder)
    else:
        remove_draws(folder)
    decision = decided(results, answered)
    write_sampled(decision, folder)
    keep_people(results.study, folder)
    _write(results, decision, folder, console)
    began = started if started is not None else datetime.now(tz=UTC) - timedelta(seconds=results.seconds)
    files = file_hashes if file_hashes is not None else hashes(_inputs(results.study))
    write_run(results, folder, started=began, file_hashes=files)


def rewrite(folder: Path, *, console: Console) -> Results:
    """Write tables, workbook, charts and report again from the results stored in `folder`.

    Raises NoResultsError where the folder does not hold a whole run, or one of another version's.
    """
    results = read(folder)
    _write(results, decided_earlier(results, folder), folder, console)
    console.print(f"Tables, workbook, charts and report written again in {folder}", soft_wrap=True)
    return results


def store(results: Results, folder: Path) -> None:
    """Keep the sums from which everything else is made."""
    content = io.BytesIO()
    np.savez_compressed(content, totals=results.totals, scales=results.scales, national=results.national)
    write_whole(folder / STORED, content.getvalue())


def read(folder: Path) -> Results:
    """The results stored in a folder of outputs.

    Raises NoResultsError where the folder does not hold a whole run, or one of another version's.
    """
    run, sums = folder / RUN_FILE, folder / STORED
    if not run.exists() or not sums.exists():
        raise NoResultsError(f"{folder} does not hold the results of a finished run: {RUN_FILE} or {STORED} is missing")
    try:
        told = json.loads(run.read_text(encoding="utf-8"))
        _check_version(told["lbpsim"])
        with np.load(sums) as stored:
            arrays = {name: stored[name] for name in ("totals", "scales", "national")}
        results = Results(
            study=Study.from_resolved(told["study"]),
            **arrays,
            **{key: told[key] for key in ("people", "country_cases", "engine", "events", "seconds")},
        )
        _check_shapes(results)
        if "draws" in told:
            results = ProbabilisticResults.join(results, read_draws(folder, results.study, told["draws"]))
    except (KeyError, TypeError, ValueError, EOFError, FileNotFoundError, BadZipFile) as problem:
        raise NoResultsError(f"the results in {folder} cannot be read ({problem}); run the study again") from problem
    return results


def _check_version(version: str) -> None:
    if version != __version__:
        raise ValueError(f"they were written by version {version}, and this is {__version__}")


def _check_shapes(results: Results) -> None:
    policies, years = len(results.study.policies), len(results.study.calendar_years)
    expected = (policies, results.replications, 2, years, COUNTRY_WIDE + 1, len(COUNTED))
    if results.totals.shape != expected:
        raise ValueError(f"their sums have the shape {results.totals.shape}, and this study needs {expected}")
    if results.scales.shape != expected[1:2] or results.national.shape != (policies, 2, years, len(COUNTED)):
        raise ValueError("their parts do not fit together")


def _write(results: Results, decision: Decision, folder: Path, console: Console | None) -> None:
    write_tables(results, folder / "tables", decision)
    write_workbook(results, decision, folder / WORKBOOK)
    charts = write_charts(results, decision, folder / "charts")
    if console is not None:
        for line in left_out(charts):
            console.print(line, markup=False, soft_wrap=True)
    write_page(results, decision, folder)


def decided(results: Results, answered: Answered | None = None) -> Decision:
    """What follows from the results for those who decide; of draws, too, where there are any."""
    draws = results.draws if isinstance(results, ProbabilisticResults) else None
    return decide(results, draws, together={group.title: group.members for group in GROUPS}, tell=answered)


def decided_earlier(results: Results, folder: Path) -> Decision:
    """As `decided`, from the tables kept in the folder where there are some."""
    if not isinstance(results, ProbabilisticResults):
        return decided(results)
    kept = with_sampled(decide(results), folder, len(results.draws.numbers))
    return decided(results) if kept is None else kept


def _inputs(study: Study) -> list[Path]:
    policies = [policy.file for policy in study.policies if policy.file is not None]
    files = {*policies, *(file.with_name("study.yaml") for file in policies)}
    return sorted(file for file in files if file.exists())
