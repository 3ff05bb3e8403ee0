"""Every input with value, unit, interval, source and grade; what the study assumes instead; choices of structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lbpsim.evidence import Parameter
from lbpsim.evidence.bibliography import Reference
from lbpsim.evidence.grades import GRADES, MEANING
from lbpsim.evidence.tables import index
from lbpsim.evidence.units import format_in_unit, format_quantity, number_text
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.study.options import OPTIONS

KEY, TITLE = "inputs", "Every input: value, uncertainty, source and grade"
DOI = "https://doi.org/"
ASSUMPTION, UNVERIFIED = "assumption", "unverified"


def section(material: Material) -> Section:
    """Grades, what this study sets, structural choices, all inputs, tables, targets, and the bibliography."""
    study = material.results.study
    known = study.registry
    inputs = known.inputs
    uncertain = [each for each in inputs if each.distribution is not None]
    set_by = [sum(bool(policy.assume) for policy in each.policies) for each in (material.whole.study, study)]
    values = {
        "counts": (len(inputs), _graded(inputs), len(uncertain), _graded(uncertain)),
        "grades": [(grade_cell(grade), MEANING[grade], str(_graded(inputs, grade))) for grade in GRADES],
        "assumed": _assumed(material),
        "not_shown": set_by[0] - set_by[1],
        "structure": _structure(study.options),
        "inputs": [_row(each, each.name in study.assume, own=each.name in known.own) for each in inputs],
        "choices": tuple(GRADES),
        "data_tables": _data_tables(),
        "targets": [_target(each) for each in known.parameters.values() if each.role == "target"],
        "sources": [(Cell(key, name=f"source-{key}"), _cited(each)) for key, each in known.references.items()],
    }
    return Section(KEY, TITLE, "inputs.html", values)


def _graded(inputs: Sequence[Parameter], grade: str = ASSUMPTION) -> int:
    return sum(each.grade == grade for each in inputs)


def grade_cell(grade: str) -> Cell:
    """A grade with its mark: an assumption can be told from a fact without colour; of several the weakest counts."""
    weakest = next((weak for weak in (ASSUMPTION, UNVERIFIED) if weak in grade.split(", ")), "fact")
    return Cell(grade, mark=weakest)


def _assumed(material: Material) -> list[Row]:
    """What the study file, or a policy, sets in place of the registered value."""
    study = material.results.study
    known = study.registry.parameters
    places = [("the whole study", study.assume), *((material.label(p.name), p.assume) for p in study.policies)]
    return [
        (
            Cell(known[name].label, below=name),
            format_in_unit(known[name].value, known[name].unit),
            Cell(format_quantity(value, known[name].dimension), mark=ASSUMPTION),
            where,
            grade_cell(known[name].grade),
        )
        for where, values in places
        for name, value in values.items()
    ]


def _structure(options: Mapping[str, str]) -> list[Row]:
    """Every choice of structure: what this study has, whether that is the base case, and what else there is."""
    rows: list[Row] = []
    for name, (choices, what) in OPTIONS.items():
        chosen = options.get(name, choices[0])
        others = ", ".join(choice for choice in choices if choice != chosen)
        base = "yes" if chosen == choices[0] else "no, changed by this study"
        rows.append((Cell(name, below=what), _words(chosen), base, _words(others)))
    return rows


def _words(choice: str) -> str:
    return choice.replace("_", " ")


def _row(parameter: Parameter, replaced: bool, *, own: bool) -> Row:
    year = f"prices of {parameter.price_year}" if parameter.price_year else ""
    remarks = (year, "own evidence of this study" if own else "", "replaced by this study" if replaced else "")
    remark = "; ".join(filter(None, remarks))
    not_drawn = not parameter.distribution and (own or parameter.interval)
    return (
        Cell(parameter.label, below=parameter.name),
        Cell(format_in_unit(parameter.value, parameter.unit), below=remark),
        Cell(_interval(parameter), below=("fixed in draws" if own else "not drawn") if not_drawn else ""),
        grade_cell(parameter.grade),
        _cite(parameter.sources),
        " ".join(parameter.note.split()),
    )


def _target(parameter: Parameter) -> Row:
    return (
        Cell(parameter.label, below=parameter.name),
        format_in_unit(parameter.value, parameter.unit),
        _interval(parameter),
        grade_cell(parameter.grade),
        _cite(parameter.sources),
        "to calibrate; no validation" if parameter.used_to == "calibrate" else "only to validate",
    )


def _interval(parameter: Parameter) -> str:
    if parameter.interval is None:
        return ""
    share = parameter.unit == "share"
    low, high = (format_in_unit(end, parameter.unit) if share else number_text(end) for end in parameter.interval)
    return f"{low} to {high}"


def _data_tables() -> list[Row]:
    return [
        (
            Cell(name, below=table.file),
            " ".join(table.what.split()),
            grade_cell(table.grade),
            _cite(table.sources),
            Cell(table.sha256[:12], below="first digits of its SHA-256"),
        )
        for name, table in index().items()
    ]


def _cite(sources: tuple[str, ...]) -> Cell:
    """Keys of sources, each leading to what it stands for; "none" where there are none."""
    return Cell("" if sources else "none", links=tuple((key, f"#source-{key}") for key in sources))


def _cited(reference: Reference) -> Cell:
    link = f"{DOI}{reference.doi}" if reference.doi else ""
    return Cell(reference.citation, below=" ".join(reference.note.split()), link=link)
