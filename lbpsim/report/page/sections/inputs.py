"""Every input with value, unit, interval, source and grade; what the study assumes instead; choices of structure."""

from __future__ import annotations

from collections.abc import Iterable

from lbpsim.evidence import Parameter, parameters
from lbpsim.evidence.bibliography import Reference, bibliography
from lbpsim.evidence.grades import GRADES, MEANING
from lbpsim.evidence.tables import index
from lbpsim.evidence.units import format_in_unit, format_quantity, number_text
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Folded, Head, Heading, Part, Section, Sheet, Words
from lbpsim.study.options import OPTIONS
from lbpsim.study.phrasing import number_of

KEY, TITLE = "inputs", "Every input, where it comes from, and how sure it is"
DOI = "https://doi.org/"
ASSUMPTION, UNVERIFIED = "assumption", "unverified"
PRICES = "Money is shown at the prices of its own year; the model carries it to those of {year} by consumer prices."


def section(material: Material) -> Section:
    """Grades, what this study sets, structural choices, all inputs, tables, targets, and the bibliography."""
    known = parameters()
    inputs = [each for each in known.values() if each.role == "input"]
    parts: list[Part] = [
        Words(_counted(inputs)),
        Words(PRICES.format(year=material.results.study.price_year)),
        _grades(known.values()),
        *_assumed(material),
        Heading("inputs-structure", "Choices of structure"),
        _structure(material),
        Heading("inputs-all", "Inputs of the model"),
        _sheet(material, inputs),
        Folded("Data tables that ship with the model", (_data_tables(),)),
        Folded("Published figures that results are compared with", (_targets(known.values()),)),
        Folded("Sources", (_sources(),)),
    ]
    return Section(KEY, TITLE, tuple(parts))


def _counted(inputs: list[Parameter]) -> str:
    judged = sum(each.grade == ASSUMPTION for each in inputs)
    unsure = [each for each in inputs if each.distribution is not None]
    unsure_judged = sum(each.grade == ASSUMPTION for each in unsure)
    return (
        f"The model has {number_of(len(inputs), 'input')}. {judged} are assumptions: judgements that no source gives. "
        f"{len(unsure)} inputs have a distribution and are drawn in a probabilistic analysis; {unsure_judged} of those "
        "are assumptions. Definitions and conventions are not drawn."
    )


def grade_cell(grade: str) -> Cell:
    """A grade with its mark: an assumption can be told from a fact without colour; of several the weakest counts."""
    weakest = next((weak for weak in (ASSUMPTION, UNVERIFIED) if weak in grade.split(", ")), "fact")
    return Cell(grade, mark=weakest)


def _grades(known: Iterable[Parameter]) -> Sheet:
    every = list(known)
    rows = tuple(
        (
            grade_cell(grade),
            Cell(MEANING[grade]),
            Cell(str(sum(each.grade == grade and each.role == "input" for each in every))),
        )
        for grade in GRADES
    )
    return Sheet("grades", "Grades of evidence", (Head("Grade"), Head("Meaning"), Head("Inputs", number=True)), rows)


def _assumed(material: Material) -> list[Part]:
    """What the study file, or a policy, sets in place of the registered value."""
    study, known = material.results.study, parameters()
    places = [("the whole study", study.assume), *((material.label(p.name), p.assume) for p in study.policies)]
    rows = tuple(
        (
            Cell(known[name].label, below=name),
            Cell(format_in_unit(known[name].value, known[name].unit)),
            Cell(format_quantity(value, known[name].dimension), mark="assumption"),
            Cell(where),
            grade_cell(known[name].grade),
        )
        for where, values in places
        for name, value in values.items()
    )
    heading = Heading("inputs-assumed", "What this study assumes instead")
    more = sum(bool(policy.assume) for policy in material.whole.study.policies) - sum(
        bool(p.assume) for p in study.policies
    )
    if not rows and not more:
        return [heading, Words("Nothing: every input has its registered value under every policy.")]
    heads = ("Input", "Registered", "Assumed instead", "In", "Grade of the registered value")
    return [
        heading,
        Sheet("assumed", "Inputs that this study sets", tuple(map(Head, heads)), rows, note=_not_shown(more)),
    ]


def _not_shown(policies: int) -> str:
    if not policies:
        return ""
    return f"Something is assumed by {number_of(policies, 'policy')} not shown here too; run.json has it."


def _structure(material: Material) -> Sheet:
    study = material.results.study
    rows = tuple(
        (
            Cell(name, below=what),
            Cell(_words(study.options.get(name, choices[0])), mark=""),
            Cell("yes" if study.options.get(name, choices[0]) == choices[0] else "no, changed by this study"),
            Cell(", ".join(_words(choice) for choice in choices if choice != study.options.get(name, choices[0]))),
        )
        for name, (choices, what) in OPTIONS.items()
    )
    heads = ("Option, and what it decides", "In this study", "Base case", "Alternatives")
    return Sheet("structure", "Choices of structure", tuple(map(Head, heads)), rows)


def _words(choice: str) -> str:
    return choice.replace("_", " ")


def _sheet(material: Material, inputs: list[Parameter]) -> Sheet:
    set_here = set(material.results.study.assume)
    heads = (
        Head("Input"),
        Head("Value", number=True),
        Head("95% interval", number=True),
        Head("Grade"),
        Head("Sources"),
        Head("Note", long=True),
    )
    return Sheet(
        "inputs-table",
        f"All {number_of(len(inputs), 'input')}",
        heads,
        tuple(_row(each, each.name in set_here) for each in inputs),
        note="◆ marks an assumption, ● a figure with a source, ○ one whose source was not at hand. "
        "No interval: a definition or a convention, not drawn.",
        choices=tuple(GRADES),
        chosen_by=3,
    )


def _row(parameter: Parameter, replaced: bool) -> tuple[Cell, ...]:
    year = f"prices of {parameter.price_year}" if parameter.price_year else ""
    remark = "; ".join(filter(None, (year, "replaced by this study" if replaced else "")))
    return (
        Cell(parameter.label, below=parameter.name),
        Cell(format_in_unit(parameter.value, parameter.unit), below=remark),
        Cell(_interval(parameter), below="" if parameter.distribution or not parameter.interval else "not drawn"),
        grade_cell(parameter.grade),
        _cite(parameter.sources),
        Cell(" ".join(parameter.note.split())),
    )


def _interval(parameter: Parameter) -> str:
    if parameter.interval is None:
        return ""
    share = parameter.unit == "share"
    low, high = (format_in_unit(end, parameter.unit) if share else number_text(end) for end in parameter.interval)
    return f"{low} to {high}"


def _data_tables() -> Sheet:
    rows = tuple(
        (
            Cell(name, below=table.file),
            Cell(" ".join(table.what.split())),
            grade_cell(table.grade),
            _cite(table.sources),
            Cell(table.sha256[:12], below="first digits of its SHA-256"),
        )
        for name, table in index().items()
    )
    heads = (Head("Table"), Head("Holds", long=True), Head("Grade"), Head("Sources"), Head("Checksum"))
    return Sheet("data-tables", "Data tables", heads, rows)


def _targets(known: Iterable[Parameter]) -> Sheet:
    rows = tuple(
        (
            Cell(each.label, below=each.name),
            Cell(format_in_unit(each.value, each.unit)),
            Cell(_interval(each)),
            grade_cell(each.grade),
            _cite(each.sources),
            Cell("to calibrate; no validation" if each.used_to == "calibrate" else "only to validate"),
        )
        for each in known
        if each.role == "target"
    )
    heads = (
        *(Head("Figure"), Head("Value", number=True), Head("95% interval", number=True), Head("Grade")),
        *(Head("Sources"), Head("Used")),
    )
    return Sheet("targets-table", "Published figures and their use", heads, rows)


def _sources() -> Sheet:
    rows = tuple((Cell(key, name=f"source-{key}"), _cited(reference)) for key, reference in bibliography().items())
    return Sheet("sources", "Sources by their keys", (Head("Key"), Head("Source", long=True)), rows)


def _cite(sources: tuple[str, ...]) -> Cell:
    """Keys of sources, each leading to what it stands for; "none" where there are none."""
    return Cell("" if sources else "none", links=tuple((key, f"#source-{key}") for key in sources))


def _cited(reference: Reference) -> Cell:
    link = f"{DOI}{reference.doi}" if reference.doi else ""
    return Cell(reference.citation, below=" ".join(reference.note.split()), link=link)
