"""Commands that tell what is there: check, parameters, trace, report, brief, diff, schema."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options

ChartKind = StrEnum("ChartKind", ["SVG", "PNG", "PDF"])  # of files
ChartStyle = StrEnum("ChartStyle", ["PRINT", "SLIDE", "COLUMN"])  # what charts are laid out for


def check(scenarios: options.Scenarios) -> None:
    """Read scenario files without running them, and say in words what each policy changes.

    [bold]Example:[/bold] lbpsim check scenarios/
    """
    from lbpsim.simulation.cut_rates import cut_rates  # noqa: PLC0415 - a slow import, not needed for --help
    from lbpsim.study.describe import describe  # noqa: PLC0415 - needed by this command only

    study = options.the_study(scenarios)
    options.console.print(describe(study, cut_rates(study)), markup=False, highlight=False)


def parameters(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME_OR_WORD", help="Show one parameter in full, or list those that this is about."),
    ] = None,
    grade: Annotated[str | None, typer.Option(help="Only parameters of this evidence grade.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the list as CSV.")] = False,
    study: Annotated[
        Path | None,
        options.a_path(metavar="DIR", help="Folder of a study, whose evidence.yaml lies over the package's."),
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="NAME_OR_DIR", help="A country that ships, or the folder of a pack.")
    ] = None,
    borrowed: Annotated[
        bool, typer.Option("--borrowed", help="Only what the country borrows from another, and by which rule.")
    ] = False,
) -> None:
    """Show what is known: every parameter with value, unit, interval, distribution, source and grade.

    [bold]Examples:[/bold] lbpsim parameters --grade assumption; lbpsim parameters cft.uptake;
    lbpsim parameters utility; lbpsim parameters --study scenarios/; lbpsim parameters --country england --borrowed

    A whole name is shown in full. The first parts of names (cft, cft.rmdq), their beginning with a star ("cft.r*") and
    words of their labels, units and sources (utility, kent2023) list what fits.
    """
    from lbpsim.evidence import in_force, listing  # noqa: PLC0415 - needed by this command only
    from lbpsim.evidence.search import UnknownParameterError  # noqa: PLC0415
    from lbpsim.evidence.shipped_countries import reference  # noqa: PLC0415
    from lbpsim.study import load  # noqa: PLC0415

    if study is not None and country is not None:
        options.refuse("give `--study` or `--country`: a study has its country")
    if borrowed and grade is not None:
        options.refuse("give `--grade` or `--borrowed`: what is borrowed is graded so")
    in_force.put(options.the_country(country) if country is not None else reference())
    known = load(study).registry if study is not None else in_force.registry()
    try:
        if borrowed:
            sys.stdout.write(listing.borrowed_csv(name, known)) if csv else options.console.print(
                listing.borrowed(name, known)
            )
        elif csv:
            sys.stdout.write(listing.as_csv(grade, name, known))
        elif name is not None and grade is None and listing.is_name(name, known):
            options.console.print(listing.in_full(name, known=known))
        else:
            options.console.print(listing.as_table(grade, name, known))
    except UnknownParameterError as unknown:
        options.refuse(str(unknown))


def trace(
    scenarios: options.Scenarios,
    person: Annotated[int, typer.Option(parser=options.whole, metavar="INTEGER", help="Number of the person, from 0.")],
    people: options.People = None,
    years: options.Years = None,
    seed: options.Seed = None,
    whole: Annotated[bool, typer.Option("--whole", help="Go on to the end of each life.")] = False,
    chart: Annotated[
        Path | None, options.a_path(metavar="FILE", help="Also draw the lives, into a .svg, .png or .pdf file.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let the chart go over a file that holds anything else.")
    ] = False,
) -> None:
    """Show one person's life under each scenario, side by side, to where they part.

    [bold]Example:[/bold] lbpsim trace scenarios/usual-care.yaml scenarios/cft-rollout.yaml --person 17 --chart 17.svg
    """
    from lbpsim.commands.trace import trace_and_draw  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.report.charts.chart_files import UnknownKindError  # noqa: PLC0415
    from lbpsim.simulation.trace import NobodyError  # noqa: PLC0415

    study = options.the_study(scenarios, people, years, seed).to_the_horizon
    try:
        options.console.print(trace_and_draw(study, person, whole=whole, chart=chart, overwrite=overwrite))
    except (NobodyError, UnknownKindError) as wrong:
        options.refuse(str(wrong))


def report(
    folder: Annotated[Path, options.paths(help="A folder of results, such as outputs/australia.")],
    only: Annotated[
        list[str] | None, typer.Option(metavar="a,b", help="Draw these charts and no others, with commas between.")
    ] = None,
    kinds: Annotated[
        list[ChartKind] | None, typer.Option("--format", help="Kind of files; again for more. Default: svg and png.")
    ] = None,
    style: Annotated[
        ChartStyle | None, typer.Option(help="Lay charts out for print, a 16:9 slide or a column of text.")
    ] = None,
) -> None:
    """Write tables, charts and report again from stored results, without running the study again.

    [bold]Examples:[/bold] lbpsim report outputs/australia; lbpsim report outputs/australia --only burden --style slide

    With --only, --format or --style charts alone are drawn: those for slides and columns into charts/slide and
    charts/column. Without --only they are also bound into one file, charts.pdf. A name that no chart has is answered
    with the names of all.
    """
    from lbpsim.report.charts import USUAL_KINDS  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.report.charts.catalogue import UnknownChartError  # noqa: PLC0415
    from lbpsim.report.charts.redrawing import redraw  # noqa: PLC0415
    from lbpsim.report.charts.styles import STYLES  # noqa: PLC0415
    from lbpsim.report.outputs import NoResultsError, rewrite  # noqa: PLC0415

    try:
        if only or kinds or style:
            redraw(
                folder,
                only=options.between_commas(*only) or [""] if only else None,  # nothing between commas is no chart
                kinds=[kind.value for kind in kinds] if kinds else USUAL_KINDS,
                style=STYLES[style or "print"],
                console=options.console,
            )
        else:
            rewrite(folder, console=options.console)
    except (NoResultsError, UnknownChartError) as wrong:
        options.refuse(str(wrong))


def brief(
    folder: Annotated[Path, options.paths(help="A folder of results, such as outputs/australia.")],
    policies: Annotated[
        str | None,
        typer.Option(metavar="a,b", help="Names of the policies it is about, with commas between. Default: all."),
    ] = None,
    out: Annotated[Path | None, options.a_path(help="Folder for the two files. Default: that of the results.")] = None,
) -> None:
    """Write what a study found on one page, as brief.html and brief.pdf, from stored results.

    [bold]Examples:[/bold] lbpsim brief outputs/australia; lbpsim brief outputs/australia --policies
    cft-rollout,surgery-restraint --out briefing

    A message, one chart, four numbers with intervals, two doubts, a sentence to quote, how to cite it and how to repeat
    it. Without draws it says so, and claims less.
    """
    from lbpsim.report.brief import NothingToChooseError, PolicyNotInStudyError, brief_of, written  # noqa: PLC0415 - slow
    from lbpsim.report.outputs import NoResultsError, decided_earlier, read, to_be_read  # noqa: PLC0415

    try:
        with to_be_read(folder):
            results = read(folder)
            told = brief_of(
                results, tuple(options.between_commas(policies)), decided_earlier(results, folder).voi, folder
            )
            page, sheet = written(told, out or folder)
    except (NoResultsError, PolicyNotInStudyError, NothingToChooseError) as wrong:
        options.refuse(str(wrong))
    for words in (told.title, told.quote.text, f"The brief is in {page} and {sheet}"):
        options.console.print(words, markup=False, highlight=False, soft_wrap=True)


def diff(
    a: Annotated[Path, options.paths(metavar="A", help="A policy file, a study or a folder of results.")],
    b: Annotated[Path, options.paths(metavar="B", help="Another of the same kind.")],
    json_wanted: Annotated[bool, typer.Option("--json", help="Write it as JSON.")] = False,
) -> None:
    """Say what differs between two policies, two studies or the results of two runs, in words and numbers.

    [bold]Examples:[/bold] lbpsim diff scenarios/cft-rollout.yaml scenarios/cft-biofeedback.yaml; lbpsim diff
    outputs/before outputs/after

    Of files, every setting that differs is told. Of results, the inputs that differ, then the headline outcomes of each
    policy with the Monte Carlo error of their differences; a star marks those beyond two errors.
    """
    from lbpsim.commands.diff import CannotCompareError, as_json, compare  # noqa: PLC0415 - a slow import, needed here only
    from lbpsim.report.diff_text import in_words  # noqa: PLC0415
    from lbpsim.report.outputs import NoResultsError  # noqa: PLC0415

    try:
        found = compare(a, b)
    except (CannotCompareError, NoResultsError) as problem:
        options.refuse(str(problem))
    if json_wanted:
        print(as_json(found))
        return
    for part in in_words(found):
        options.console.print(part, markup=False, highlight=False)


def schema() -> None:
    """Print the JSON Schema of study and policy files, and of proposed studies (under `$defs/design`), for editors."""
    from lbpsim.evidence import in_force  # noqa: PLC0415 - needed by this command only
    from lbpsim.evidence.shipped_countries import reference  # noqa: PLC0415

    in_force.put(reference())
    from lbpsim.study.files.schema import schema as file_schema  # noqa: PLC0415 - needed by this command only
    from lbpsim.voi.design_schema import schema as design_schema  # noqa: PLC0415 - likewise

    whole = file_schema()
    print(json.dumps({**whole, "$defs": {**whole["$defs"], "design": design_schema()}}, indent=2))
