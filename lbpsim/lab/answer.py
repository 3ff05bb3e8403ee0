"""The answer beside the levers, filled into its template `answer.html`: words, figures, charts, and the full run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from htmltools import HTML

from lbpsim.lab.figures import PEOPLE, lines, people_by_year
from lbpsim.lab.full_run import READ, FullRun
from lbpsim.lab.laboratory import Laboratory, View
from lbpsim.lab.live_run import Figures
from lbpsim.lab.pictures import SUBJECTS, Picture
from lbpsim.lab.templates import part
from lbpsim.report.format import discounting, plain
from lbpsim.study.differences import sentences_apart

WRONG = "Something is wrong at a lever, and told there. Figures come again when it is put right."
_part = partial(part, "answer.html")


def progress(view: View, figures: Figures) -> HTML:
    """How far the figures are, in words and as a bar."""
    return _part("progress", words=_progress(view, figures), figures=figures)


def _progress(view: View, figures: Figures) -> str:
    if view.reading.study is None:
        return WRONG
    if figures.failed:
        return f"The simulation failed: {figures.failed}"
    if figures.results is None:
        return "Simulating the first replication …"
    size = f"{figures.done} of {figures.whole} replications"
    if figures.done < figures.whole:
        return f"From {size} so far; intervals narrow as more are done."
    return f"Full size: {size}, {figures.results.people:,} people, in {figures.seconds:.1f} seconds."


def announced(view: View, figures: Figures) -> str:
    """What is read out to those who do not see the page: not every replication."""
    if view.reading.study is None:
        return WRONG
    if figures.results is None:
        return ""
    return "Figures are at full size." if figures.done == figures.whole else "First figures are there."


def table(figures: Figures) -> HTML | None:
    """Each policy against usual care; figures with their intervals."""
    results = figures.results
    if results is None:
        return None
    usual, *titles = (policy.title for policy in results.study.policies)
    caption = f"Against {usual.lower()}, {results.study.place}, {results.years[0]} to {results.years[-1]}"
    rate = discounting(results.study)
    return _part("table", caption=caption, titles=titles, lines=lines(results), rate=rate)


def people(figures: Figures) -> HTML | None:
    """People offered CFT, treated and improved, year by year, under each policy that treats."""
    results = figures.results
    tables = {} if results is None else people_by_year(results)
    if results is None or not tables:
        return None
    least = plain(results.study.registry.parameters["cft.improved_by"].value)
    return _part("people", tables=tables, heads=PEOPLE.values(), least=least)


def chart_choice(chosen: str) -> HTML:
    """Which chart is shown."""
    return _part("chart_choice", subjects=SUBJECTS, chosen=chosen)


def chart(picture: Picture | None) -> HTML:
    """The chart, or why there is none."""
    return _part("chart", picture=picture)


def words(view: View) -> HTML:
    """What each policy changes, as `lbpsim check` says it, what is odd, and in what policies differ."""
    policies = zip(view.comparison.titles, view.reading.words, strict=True)
    return _part("words", policies=policies, notes=view.reading.notes, pairs=_differences(view))


def _differences(view: View) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Titles of each two policies, and what is said of only one of them."""
    study = view.reading.study
    if study is not None:
        for one, other in combinations(study.policies[1:], 2):
            yield one.title, other.title, *sentences_apart(study, one, study, other)


def full_run(lab: Laboratory) -> HTML:
    """The run of the saved files, and what it left."""
    run = lab.full_run
    state = run.state
    results = {name: title for name, title in READ.items() if (run.folder / name).is_file()}
    return _part("full_run", run=run, state=state, told=_state(run, state), results=results)


def _state(run: FullRun, state: str) -> str:
    whose = f" of {', '.join(run.titles)}" if run.titles else ""
    return {
        "none": "Nothing has been run yet.",
        "running": f"The run{whose} is at work.",
        "done": f"The run{whose} is done." + (f" It took {run.seconds:.0f} seconds." if run.seconds else ""),
        "failed": f"The run{whose} failed.",
        "stopped": f"The run{whose} was stopped.",
    }[state]
