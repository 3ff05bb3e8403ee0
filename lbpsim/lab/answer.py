"""The answer beside the levers: what the policies do in words and figures, charts, and the run of the saved files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from htmltools import HTML, Tag, TagList, tags

from lbpsim.lab.figures import PEOPLE, Line, lines, people_by_year
from lbpsim.lab.form import button
from lbpsim.lab.full_run import READ, FullRun
from lbpsim.lab.laboratory import Laboratory, View
from lbpsim.lab.live_run import Figures
from lbpsim.lab.pictures import SUBJECTS, Picture
from lbpsim.report.format import discounting, plain
from lbpsim.study.differences import sentences_apart

WRONG = "Something is wrong at a lever, and told there. Figures come again when it is put right."
IMPROVED = (
    "For the first time offered; treated when the first course begins; improved: disability (RMDQ) lower by {least} or "
    "more at week 13; by CFT itself: who would not have improved without."
)
INTERVALS = (
    "± is half of a 95% interval of Monte Carlo error at central inputs. It narrows with every replication, and does "
    "not hold parameter uncertainty, which a run with draws shows. Money and QALYs are discounted at {rate} a year."
)


def progress(view: View, figures: Figures) -> Tag:
    """How far the figures are, in words and as a bar."""
    return tags.div(
        tags.p(_progress(view, figures), class_="mb-1"),
        tags.progress(value=figures.done, max=max(figures.whole, 1), aria_label="Replications done"),
    )


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


def table(figures: Figures) -> Tag | None:
    """Each policy against usual care; figures with their intervals."""
    results = figures.results
    if results is None:
        return None
    titles = [policy.title for policy in results.study.policies]
    rows = [
        tags.tr(tags.th(line.label, scope="row"), *(tags.td(cell) for cell in line.cells)) for line in lines(results)
    ]
    first, last = results.years[0], results.years[-1]
    caption = f"Against {titles[0].lower()}, {results.study.place}, {first} to {last}"
    return tags.div(
        tags.table(
            tags.caption(caption),
            tags.thead(tags.tr(tags.td(), *(tags.th(title, scope="col") for title in titles[1:]))),
            tags.tbody(*rows),
            class_="table table-sm",
            id="figures-table",
        ),
        tags.p(INTERVALS.format(rate=discounting(results.study)), class_="means"),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label="Figures",
    )


def people(figures: Figures) -> Tag | None:
    """People offered CFT, treated and improved, year by year, under each policy that treats."""
    results = figures.results
    if results is None:
        return None
    least = plain(results.study.registry.parameters["cft.improved_by"].value)
    tables = [_people(title, rows) for title, rows in people_by_year(results).items()]
    return tags.div(*tables, tags.p(IMPROVED.format(least=least), class_="means")) if tables else None


def _people(title: str, rows: tuple[Line, ...]) -> Tag:
    return tags.div(
        tags.table(
            tags.caption(f"People treated by year: {title}"),
            tags.thead(tags.tr(tags.td(), *(tags.th(head, scope="col") for head in PEOPLE.values()))),
            tags.tbody(*(tags.tr(tags.th(row.label, scope="row"), *map(tags.td, row.cells)) for row in rows)),
            class_="table table-sm people",
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=f"People treated by year: {title}",
    )


def chart_choice(chosen: str) -> Tag:
    """Which chart is shown."""
    buttons = [button(title, "chart", path=name, pressed=name == chosen) for name, (title, _) in SUBJECTS.items()]
    return tags.div(*buttons, class_="line", role="group", aria_label="Chart")


def chart(picture: Picture | None) -> Tag:
    """The chart, or why there is none."""
    if picture is None:
        return tags.p("The chart is being drawn …", class_="means")
    return tags.figure(HTML(picture.markup)) if picture.markup else tags.p(picture.absent)


def words(view: View) -> Tag:
    """What each policy changes, as `lbpsim check` says it, what is odd, and in what policies differ."""
    drafts = view.comparison.drafts
    return tags.div(
        *(_policy(draft.title, said) for draft, said in zip(drafts, view.reading.words, strict=True)),
        TagList(tags.h3("Notes", class_="h6"), tags.ul(*map(tags.li, view.reading.notes)))
        if view.reading.notes
        else None,
        *_differences(view),
    )


def _policy(title: str, said: tuple[str, ...]) -> TagList:
    lines = [tags.ul(*map(tags.li, said))] if said else [tags.p("What is wrong with it is told at its levers.")]
    return TagList(tags.h3(title, class_="h6"), *lines)


def _differences(view: View) -> Iterator[TagList]:
    """Each two policies, and what is said of only one of them."""
    study = view.reading.study
    if study is None:
        return
    for one, other in combinations(study.policies[1:], 2):
        mine, theirs = sentences_apart(study, one, study, other)
        yield TagList(
            tags.h3(f"{one.title} beside {other.title}", class_="h6"),
            tags.ul(
                *(tags.li(f"Only {one.title}: {line}") for line in mine),
                *(tags.li(f"Only {other.title}: {line}") for line in theirs),
                None if mine or theirs else tags.li("No setting differs."),
            ),
        )


def full_run(lab: Laboratory) -> Tag:
    """The run of the saved files, and what it left."""
    run = lab.full_run
    state = run.state
    drawn = tags.input(type="checkbox", id="drawn", class_="form-check-input")
    return tags.div(
        tags.p(
            "A run of the saved files writes tables, charts, the report and the brief into ",
            tags.code(str(run.folder)),
            ". The figures are those above.",
        ),
        tags.div(
            tags.div(drawn, tags.label(" With draws: parameter uncertainty too, which takes minutes", for_="drawn")),
            button("Run", "run", fields="drawn", disabled=state == "running"),
            button("Stop", "stop", disabled=state != "running"),
            class_="line",
        ),
        tags.p(_state(run, state), id="run-state", role="status"),
        tags.p(run.complaint, class_="wrong") if run.complaint and state != "running" else None,
        _links(run) if state == "done" else None,
    )


def _state(run: FullRun, state: str) -> str:
    whose = f" of {', '.join(run.titles)}" if run.titles else ""
    return {
        "none": "Nothing has been run yet.",
        "running": f"The run{whose} is at work.",
        "done": f"The run{whose} is done." + (f" It took {run.seconds:.0f} seconds." if run.seconds else ""),
        "failed": f"The run{whose} failed.",
        "stopped": f"The run{whose} was stopped.",
    }[state]


def _links(run: FullRun) -> Tag:
    there = {name: title for name, title in READ.items() if (run.folder / name).is_file()}
    links = [
        tags.li(tags.a(title, href=f"results/{name}", target="_blank", rel="noopener")) for name, title in there.items()
    ]
    return tags.ul(*links)
