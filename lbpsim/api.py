"""What the methods of studies and results do: run, optimise, research, save, brief. The interface for Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbpsim.dsa.model_readings import with_switches
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.psa.draw_request import draw_request
from lbpsim.psa.run import run_draws
from lbpsim.report import outputs
from lbpsim.report.brief import write_brief
from lbpsim.report.earlier_run import refuse_other
from lbpsim.report.folder_lock import held
from lbpsim.simulation.consistency import check
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.portraits import portraits
from lbpsim.simulation.run import run_study
from lbpsim.simulation.treated_and_untreated import with_treated
from lbpsim.simulation.workers import check_asked
from lbpsim.study import Study
from lbpsim.study.files.errors import wrong_option
from lbpsim.voi import research as proposed
from lbpsim.voi.design_file import read_designs
from lbpsim.voi.implementation import with_perfect

if TYPE_CHECKING:
    from lbpsim.optimisation.optimum import Optimum


def run(
    study: Study,
    *,
    draws: int | None = None,
    precision: float | None = None,
    draw_people: int | None = None,
    engine: str = COMPILED,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Results:
    """The study at its point estimates, and where draws are asked for, those beside it; arguments as `Study.run`."""
    check(study)
    asked = draw_request(study, draws, precision, draw_people, engine=engine)
    check_asked(engine, workers, scheduler)
    who: dict[str, Any] = {"workers": workers, "scheduler": scheduler}
    base = with_switches(with_treated(run_study(study, engine=engine, **who)), **who)
    return ProbabilisticResults.join(base, run_draws(study, asked, engine=engine, **who)) if asked.anything else base


def optimise(
    study: Study,
    goal: str,
    within: Sequence[str] = (),
    *,
    policy: str | None = None,
    vary: Sequence[str] = (),
    workers: int | None = None,
) -> Optimum:
    """The best policy within limits; arguments as `Study.optimise`."""
    from lbpsim.optimisation import hunt  # noqa: PLC0415 - a slow import, which no run needs
    from lbpsim.optimisation.question import question  # noqa: PLC0415

    check(study)
    check_asked(COMPILED, workers, None)
    return hunt.optimise(question(study.to_the_horizon, goal, within, policy=policy, vary=vary), workers=workers)


def save_optimum(found: Optimum, folder: Path) -> None:
    """Write the best policy found as `lbpsim optimise` does.

    Raises FolderInUseError where somebody else writes there.
    """
    from lbpsim.report.optimum_output import write  # noqa: PLC0415 - of a search, which no run needs

    with held(folder):
        write(found, folder)


def save(results: Results, folder: Path, *, overwrite: bool = False) -> None:
    """Write everything of a run into `folder`, as `lbpsim run` does.

    Raises InputErrors where the folder holds a run of other inputs and `overwrite` does not say that it may go;
    FolderInUseError where another run writes there.
    """
    terms = results.draws.plan.terms if isinstance(results, ProbabilisticResults) else None
    started = datetime.now(tz=UTC) - timedelta(seconds=results.seconds)
    with held(folder):
        if not overwrite:
            refuse_other(folder, results.study, terms)
        outputs.write(results, portraits(results.study), folder, started=started)


def brief(results: Results, folder: Path, policies: Sequence[str]) -> tuple[Path, Path]:
    """Write what was found on one page into `folder`; arguments and errors as `lbpsim.report.brief.write_brief`."""
    return write_brief(results, folder, policies)


def research(
    study: Study,
    designs: Sequence[str | Path] = (),
    *,
    results: Results | None = None,
    draws: int | None = None,
    draw_people: int | None = None,
    workers: int | None = None,
) -> proposed.Research:
    """What proposed studies are worth, from the draws of `results` or from new ones; arguments as `Study.research`."""
    read = read_designs(designs, study.registry, study.country)
    if isinstance(results, ProbabilisticResults):
        return proposed.research(results.draws, results.study, read)
    whole = with_perfect(study.to_the_horizon)
    asked = draw_request(whole, draws, None, draw_people)
    if results is not None or not asked.anything:
        right = "Run the study with draws, or ask for some"
        raise wrong_option("draws", "What a study is worth is found from draws", right)
    return proposed.research(run_draws(whole, asked, workers=workers), whole, read)
