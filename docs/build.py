"""Writes the generated pages and parts of pages: parameters, bibliography, assumptions, keys of files, tables, errors.

    python docs/build.py [--check]

With `--check` nothing is written; the exit status is 1 where a page is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path

import commands
import keys
import patches
import yaml
from pages import DOCS, filled, table

from lbpsim.evidence import Parameter, in_force, parameters
from lbpsim.evidence.bibliography import Reference, bibliography
from lbpsim.evidence.grades import GRADES, MEANING
from lbpsim.evidence.output_tables import Column, Table, output_tables
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.tables import index
from lbpsim.evidence.units import format_in_unit
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.waiting import MEASURES
from lbpsim.study import InputErrors, load
from lbpsim.study.describe import describe
from lbpsim.study.options import OF_A_POLICY, OPTIONS

in_force.put(reference())  # whose entries the pages show
EXAMPLES = DOCS / "examples"
UNSURE = ("assumption", "unverified")
DOMAINS = {
    "population": "Population",
    "disability": "Usual disability and pain",
    "flares": "Flares",
    "impact": "Levels of impact",
    "course": "Course of pain",
    "care": "Consultations",
    "usual_care": "Usual care",
    "cft": "Cognitive Functional Therapy (CFT)",
    "biofeedback": "CFT with biofeedback",
    "opioids": "Long-term opioids",
    "surgery": "Lumbar fusion",
    "work": "Work",
    "mortality": "Mortality",
    "quality": "Quality of life",
    "burden": "Burden of disease",
    "payers": "Payers",
    "restore": "The RESTORE trial",
    "trials": "Other trials of CFT",
    "country": "National figures",
    "economics": "Health economics",
    "epidemiology": "Epidemiology",
    "workforce": "Workforce",
    "equity": "Socioeconomic quintiles",
    "decision": "Deciding under uncertainty",
    "uncertainty": "How uncertain numbers hang together",
}
LISTED_WITH_THE_MODEL = (
    *("population", "disability", "flares", "course", "care", "usual_care", "cft", "biofeedback", "opioids", "surgery"),
    *("impact", "work", "mortality", "quality", "burden", "equity"),
)
THRESHOLDS = (28_033.0, 50_000.0)


def domain(parameter: Parameter) -> str:
    """First part of a parameter's name."""
    return parameter.name.split(".")[0]


def of_domain(name: str, *, role: str | None = None) -> list[Parameter]:
    """Parameters of a domain in the registry's order."""
    return [one for one in parameters().values() if domain(one) == name and role in (None, one.role)]


# --- parameters and bibliography ------------------------------------------------------------------------------------


def value(parameter: Parameter) -> str:
    """Value with unit, and its price year for money."""
    year = f" ({parameter.price_year})" if parameter.price_year else ""
    return format_in_unit(parameter.value, parameter.unit) + year


def interval(parameter: Parameter) -> str:
    """The 95% interval, in the unit of the value."""
    if parameter.interval is None:
        return ""
    low, high = (format_in_unit(end, parameter.unit) for end in parameter.interval)
    return f"{low.removesuffix(f' {parameter.unit}')} to {high}"


def sources(parameter: Parameter) -> str:
    """Sources as links into the bibliography."""
    return ", ".join(f"[{key}](bibliography.md#{key})" for key in parameter.sources)


def parameter_page() -> str:
    """The page of all parameters."""
    unknown = {domain(one) for one in parameters().values()} - set(DOMAINS)
    if unknown:
        raise SystemExit(f"docs/build.py: give {', '.join(sorted(unknown))} a title in DOMAINS")
    counts = {role: sum(one.role == role for one in parameters().values()) for role in ("input", "target", "context")}
    parts = [
        "# Parameters",
        "Written by `docs/build.py` from the registry; do not edit. `lbpsim parameters` shows the same on a terminal.",
        f"The registry holds {counts['input']} inputs of the model, {counts['target']} targets with which results are "
        f"compared, and {counts['context']} figures for context, which the model does not read. Intervals are 95% and "
        "in the unit of the value. An input without a distribution is a definition, a convention or a choice of "
        "structure, and is not sampled. Of calibrated parameters value, interval and distribution are those after "
        "calibration; the distribution before stands beside ([calibration.md](calibration.md)). Money is at prices of "
        "the year in brackets and carried to a study's price year by consumer prices.",
        "What the grades mean:",
        table(("Grade", "Meaning", "Inputs", "Targets", "Context"), _grades()),
        *(part for name, title in DOMAINS.items() for part in _domain_section(name, title)),
        "## Tables",
        "Data that come as tables; each is checked against its registered checksum when it is read.",
        table(("Table", "What it holds", "Sources", "Grade"), _tables()),
    ]
    return "\n\n".join(parts) + "\n"


def _grades() -> Iterator[tuple[str, ...]]:
    for grade in GRADES:
        found = [one.role for one in parameters().values() if one.grade == grade]
        yield grade, MEANING[grade], *(str(found.count(role)) for role in ("input", "target", "context"))


def _domain_section(name: str, title: str) -> list[str]:
    found = of_domain(name)
    if not found:
        return []
    header = ["Name and what it is", "Value", "95% interval", "Distribution", "Grade", "Role", "Sources and note"]
    if any(one.prior for one in found):
        header.insert(4, "Before calibration")
    return [f"## {title}", table(header, [_parameter_row(one, header) for one in found])]


def _parameter_row(one: Parameter, header: list[str]) -> list[str]:
    cells = {
        "Name and what it is": f"`{one.name}` <br> {one.label}",
        "Value": value(one),
        "95% interval": interval(one),
        "Distribution": _law(one.distribution),
        "Before calibration": _law(one.prior),
        "Grade": one.grade,
        "Role": f"{one.role}, to {one.used_to}" if one.used_to else one.role,
        "Sources and note": ". ".join(part for part in (sources(one), one.note) if part),
    }
    return [cells[name] for name in header]


def _law(text: str | None) -> str:
    return f"`{text}`" if text else ""


def _tables() -> Iterator[tuple[str, ...]]:
    for name, entry in {**index(), **reference().tables}.items():
        links = ", ".join(f"[{key}](bibliography.md#{key})" for key in entry.sources)
        yield f"`{name}`", entry.what, links, entry.grade


def bibliography_page() -> str:
    """The page of all sources."""
    parts = [
        "# Bibliography",
        "Written by `docs/build.py` from the registry; do not edit. What follows the authors describes a source; it is "
        "not always its title. A note says where a source was read second hand, or what to check.",
        *(_source(key, entry) for key, entry in sorted(bibliography().items())),
    ]
    return "\n\n".join(parts) + "\n"


def _source(key: str, entry: Reference) -> str:
    doi = f" [doi {entry.doi}](https://doi.org/{entry.doi})" if entry.doi else ""
    note = f" *{' '.join(entry.note.split())}*" if entry.note else ""
    return f"## {key}\n\n{entry.citation}{doi}{note}\n\nUsed by {_users(key)}."


def _users(key: str) -> str:
    named = [f"`{one.name}`" for one in parameters().values() if key in one.sources]
    named += [f"table `{name}`" for name, entry in {**index(), **reference().tables}.items() if key in entry.sources]
    return ", ".join(named) or "nothing in the registry; kept for reading"


# --- the model page -------------------------------------------------------------------------------------------------


def short_list(name: str) -> str:
    """Inputs of a domain: name, meaning, value, grade."""
    rows = [(f"`{one.name}`", one.label, value(one), one.grade) for one in of_domain(name, role="input")]
    return table(("Parameter", "What it is", "Value", "Grade"), rows)


@cache
def settled_by() -> dict[str, str]:
    """What would settle an unsure parameter, by its name or the start of its name."""
    return dict(yaml.safe_load((DOCS / "what-would-settle-it.yaml").read_text(encoding="utf-8")))


def what_would_settle(name: str) -> str:
    """What would settle the parameter of this name; raises SystemExit where nobody has said so."""
    fitting = [start for start in settled_by() if name.startswith(start)]
    if not fitting:
        raise SystemExit(f"docs/what-would-settle-it.yaml: say what would settle {name}")
    return settled_by()[max(fitting, key=len)]


def unsure(*, sampled: bool) -> str:
    """Inputs that nobody has measured or read in the original, and what would settle them."""
    found = [one for one in parameters().values() if one.role == "input" and one.grade in UNSURE]
    rows = [
        (f"`{one.name}`", one.label, value(one), interval(one), one.grade, what_would_settle(one.name))
        for one in found
        if (one.distribution is not None) == sampled and (sampled or domain(one) != "payers")
    ]
    return table(("Parameter", "What it is", "Value", "95% interval", "Grade", "What would settle it"), rows)


def evidence_count() -> str:
    """How much of the model rests on what."""
    inputs = [one for one in parameters().values() if one.role == "input"]
    weak = [one for one in inputs if one.grade in UNSURE]
    sampled = [one for one in weak if one.distribution]
    return (
        f"Of {len(inputs)} inputs, {len(weak)} are graded assumption or unverified; {len(sampled)} of these are "
        f"uncertain quantities with a distribution, the other {len(weak) - len(sampled)} definitions, conventions and "
        f"choices of structure, {len(of_domain('payers'))} of them shares of payers, which move money between payers "
        "and change no total."
    )


def options() -> str:
    """Structural options, the base case first."""
    rows = [
        (f"`{name}`", means, f"`{choices[0]}`", ", ".join(f"`{one}`" for one in choices[1:]), _where(name))
        for name, (choices, means) in OPTIONS.items()
    ]
    return table(("Option", "What it decides", "Base case", "Alternatives", "Where"), rows)


def _where(name: str) -> str:
    return "study and policy files" if name in OF_A_POLICY else "study file"


# --- the guide to scenario files ------------------------------------------------------------------------------------


def shown(name: str) -> str:
    """An example file as a code block."""
    return f"```yaml\n{(EXAMPLES / name).read_text(encoding='utf-8').strip()}\n```"


def checked(*names: str) -> str:
    """What `lbpsim check` says of example files, beside the shipped study."""
    with chdir(EXAMPLES):  # so that files are called what a reader in that folder would call them
        try:
            told = describe(load(["../../scenarios/study.yaml", *names]))
        except InputErrors as errors:
            told = str(errors)
    return f"```text\n{told.strip()}\n```"


# --- the guide to outputs -------------------------------------------------------------------------------------------


def table_guide(*groups: str) -> str:
    """The tables of groups of results with every column."""
    return "\n\n".join(_table_section(one) for group in groups for one in output_tables(group, THRESHOLDS))


def _table_section(one: Table) -> str:
    rows = [_column_row(column) for column in one.columns]
    heading = f"### `{one.name}.csv`: {one.title[0].lower()}{one.title[1:]}"
    intro = f"{one.description} A row is identified by {', '.join(one.key)}."
    return f"{heading}\n\n{intro}\n\n{table(('Column', 'Type', 'Unit', 'Nature', 'Meaning'), rows)}"


def _column_row(column: Column) -> tuple[str, ...]:
    return f"`{column.name}`", column.kind, column.unit, column.nature, column.meaning


def outcome_guide() -> str:
    """Every outcome."""
    rows = [(f"`{one.name}`", one.label, one.unit, one.kind.replace("_", " "), one.nature) for one in OUTCOMES.values()]
    return table(("Outcome", "Meaning", "Unit", "Kind", "Nature"), rows)


def waiting_guide() -> str:
    """Every measure of a waiting list, and the outcome it comes from."""
    rows = [
        (f"`{measure}`", ", ".join(f"{name}: `{one}`" for name, one in found.items()), unit)
        for measure, (found, unit) in MEASURES.items()
    ]
    return table(("Measure", "From the outcome", "Unit"), rows)


# --- all of it ------------------------------------------------------------------------------------------------------


def parts() -> dict[str, dict[str, str]]:
    """Generated parts by page and name."""
    lists = {name.replace("_", "-"): short_list(name) for name in LISTED_WITH_THE_MODEL}
    return {
        "model.md": lists
        | {
            "evidence-count": evidence_count(),
            "unsure": unsure(sampled=True),
            "conventions": unsure(sampled=False),
            "options": options(),
        },
        "scenarios.md": {
            "options": options(),
            "regional": shown("regional.yaml"),
            "regional-checked": checked("regional.yaml"),
            "wrong": shown("wrong.yaml"),
            "wrong-checked": checked("wrong.yaml"),
        },
        "outputs.md": {
            "tables": table_guide("run", "lifetime", "readings"),
            "decision-tables": table_guide("decision"),
            "acceptability-tables": table_guide("decision_over_draws"),
            "implementation-tables": table_guide("implementation"),
            "draw-tables": table_guide("draws"),
            "research-tables": table_guide("research"),
            "sensitivity-tables": table_guide("sensitivity"),
            "optimum-tables": table_guide("optimum"),
            "explain-tables": table_guide("explain"),
            "validation-tables": table_guide("validation"),
            "calibration-tables": table_guide("calibration"),
            "outcomes": outcome_guide(),
            "waiting": waiting_guide(),
        },
        "guides/add-a-pathway.md": patches.parts(EXAMPLES / "walking.patch"),
    }


def built() -> dict[Path, str]:
    """Text of every page that is generated, whole or in part."""
    whole = {
        DOCS / "parameters.md": parameter_page(),
        DOCS / "bibliography.md": bibliography_page(),
        DOCS / "reference" / "scenario-files.md": keys.page(),
        DOCS / "reference" / "commands.md": commands.page(),
    }
    filled_pages = {DOCS / name: filled(_read(DOCS / name), found) for name, found in parts().items()}
    return whole | filled_pages


def outdated() -> list[str]:
    """Names of the pages that are not as they would be built."""
    return [path.name for path, text in built().items() if _read(path) != text]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> None:
    """Write the pages, or say which are not up to date."""
    if "--check" in sys.argv[1:]:
        old = outdated()
        if old:
            sys.exit(f"not up to date: {', '.join(old)}; run `python docs/build.py`")
        return
    for path, text in built().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
