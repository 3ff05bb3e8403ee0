"""Run a study and write its outputs: the simulation at point estimates, other readings of the model, draws.

What is needed only afterwards is imported only then: the first lives are lived sooner by a second or two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbpsim.commands.session import Session
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.report import processes
from lbpsim.report.earlier_run import refuse_other
from lbpsim.report.file_names import PAGE_FILE
from lbpsim.report.format import people_asked
from lbpsim.report.progress import counted, shown
from lbpsim.simulation.checkpoints import remove_saved
from lbpsim.simulation.cut_rates import cut_rates
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.run import fingerprint, run_study
from lbpsim.study import Study
from lbpsim.study.notes import notes
from lbpsim.study.phrasing import number_of

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

DRAWS_KEPT, SWITCHES_KEPT = "draws", "switches"


def run_and_write(
    study: Study,
    session: Session,
    *,
    engine: str = COMPILED,
    workers: int | None = None,
    scheduler: str | None = None,
    asked: DrawRequest | None = None,
    charts: bool = True,
) -> Results:
    """Run a study, with progress on a terminal, and write its outputs into the folder of the session.

    `asked`: draws of its parameters, after the run at their point estimates. `charts`: whether to write them as files.
    `scheduler`: of a Dask cluster.

    Raises InputErrors, before the work, where the folder holds a run of other inputs and `overwrite` does not say that
    it may go; FolderInUseError where another run writes there.
    """
    started = datetime.now(tz=UTC)
    asked = asked or DrawRequest()
    terms = asked.terms if asked.anything else None
    asking = session.at_work(
        lambda: refuse_other(session.folder, study, terms), _beginning(study, asked), engine=engine
    )
    with asking, processes.started(workers) as pool:
        session.take_up(fingerprint(study))
        work = {"engine": engine, "workers": workers, "scheduler": scheduler}
        results = _simulated(study, asked, work, session)
        with counted("value of information: questions answered", session.console, quiet=session.quiet) as answered:
            told = None if session.quiet else session.console
            _write(results, session.folder, started=started, console=told, answered=answered, pool=pool, charts=charts)
        remove_saved(session.unfinished)
    _say_end(results, session)
    return results


def _beginning(study: Study, asked: DrawRequest) -> Iterator[str]:
    """What is about to be done, and what is odd about it."""
    size = f"{number_of(len(study.policies), 'policy')}, {number_of(study.years, 'year')}, {people_asked(study)} people"
    yield f"{study.title}: {size}"
    for note in (*notes(study, drawn=asked.anything), *cut_rates(study)):
        yield f"Note: {note}"


def _write(results: Results, folder: Path, **told: Any) -> None:
    from lbpsim.report.outputs import write  # noqa: PLC0415 - a slow import, and here needed last
    from lbpsim.simulation.portraits import portraits  # noqa: PLC0415

    write(results, portraits(results.study), folder, **told)


def _say_end(results: Results, session: Session) -> None:
    from lbpsim.outcomes.draws import ProbabilisticResults  # noqa: PLC0415
    from lbpsim.report.psa_text import cut_in_words, draws_in_words  # noqa: PLC0415
    from lbpsim.report.summary import headline, lifetime_headline, per_qaly, readings  # noqa: PLC0415

    lifetime = lifetime_headline(results) if results.beyond is not None else None
    tables = (headline(results), per_qaly(results), readings(results), lifetime)
    session.say(*(table for table in tables if table is not None))
    if isinstance(results, ProbabilisticResults):
        session.say(draws_in_words(results))
        session.say(*cut_in_words(results.draws))
    session.say(f"Tables and charts are in {session.folder}; read {PAGE_FILE} first")


def _simulated(study: Study, asked: DrawRequest, work: Mapping[str, Any], session: Session) -> Results:
    """All that is simulated: a study, the same people untreated and treated, other readings, and draws where they are
    asked for; `work`: who does it.
    """
    showing = partial(shown, session.console, quiet=session.quiet)
    with showing() as tell:
        results = run_study(study, **work, tell=tell, checkpoint=session.unfinished)

    from lbpsim.dsa.model_readings import with_switches  # noqa: PLC0415
    from lbpsim.outcomes.draws import ProbabilisticResults  # noqa: PLC0415
    from lbpsim.psa.run import run_draws  # noqa: PLC0415
    from lbpsim.report.psa_text import plan_in_words  # noqa: PLC0415
    from lbpsim.simulation.treated_and_untreated import with_treated  # noqa: PLC0415

    who = {name: work[name] for name in ("workers", "scheduler")}
    with showing() as tell:
        results = with_switches(with_treated(results), **who, tell=tell, folder=session.unfinished / SWITCHES_KEPT)
    if not asked.anything:
        return results
    with showing() as tell:
        draws = run_draws(
            results.study,
            asked,
            **work,
            tell=tell,
            say=lambda plan: session.say(plan_in_words(plan)),
            folder=session.unfinished / DRAWS_KEPT,
        )
    return ProbabilisticResults.join(results, draws)
