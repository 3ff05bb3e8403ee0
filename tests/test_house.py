"""Rules of the house, read off the source: no global random state, small modules and functions, imports one way."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "lbpsim"
TEXTS = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
}
ORDER = [
    *("evidence", "study", "engine", "outcomes", "pathways", "population", "simulation", "cea", "voi", "explain"),
    *("psa", "dsa", "optimisation", "validation", "calibration", "verification", "report", "commands", "lab", "cli"),
]
STRICTER = {
    "engine": {"lbpsim.engine"},
    "pathways": {
        *("lbpsim.engine", "lbpsim.pathways"),
        *("lbpsim.outcomes.totals", "lbpsim.outcomes.measures", "lbpsim.outcomes.groups"),
    },
}
DOOR, API = "lbpsim.door", "lbpsim.api"  # the one way up: opened when a method of a study or of results is called
STARTS_NOTHING = {"lbpsim.engine", "lbpsim.pathways", "lbpsim.population"}  # not for reports, which read results
COMPILING, LINKING = "lbpsim.engine.numba_cache", "lbpsim.engine.linked_rules"
RULES = ("rule", "array_rule", "inlined_rule")
OUTERMOST = ("report", "commands", "lab", "cli")  # may use the package as its users do
MOST_LINES_OF_A_MODULE, MOST_LINES_OF_A_FUNCTION = 450, 60
MOST_CODE_OF_REPORT = 10_400  # lines of code of what a run leaves, and of what explains it
OTHER_QUESTIONS = ("optimum", "choosing", "best_within", "research", "evsi")  # modules of two commands alone
UNTELLING = ("manager", "handler", "helper", "util")
TESTED_IN = {  # of modules without a file of tests of their own name: the file that tests them, as seen from tests/
    "test_house.py": ("door",),
    "calibration/test_fit.py": ("calibration.fit_tables",),
    "cli/test_diff_and_why.py": ("commands.explain",),
    "cli/test_choosing.py": ("commands.optimise",),
    "cli/test_comparing.py": ("commands.compare",),
    "explain/test_countries_apart.py": ("report.charts.countries",),
    "cli/test_init.py": ("cli.__main__",),
    "cli/test_telling.py": ("commands.trace",),
    "engine/test_event_clocks.py": ("verification.models.first_event",),
    "evidence/test_country_folder.py": tuple(
        f"evidence.{name}" for name in ("borrowing", "country", "country_declaration", "known_there")
    ),
    "evidence/test_layer_file.py": ("evidence.entry_errors", "evidence.soundness"),
    "evidence/test_registry.py": ("evidence", "evidence.grades"),
    "explain/test_decomposition.py": ("explain.attribution", "explain.per_replication"),
    "explain/test_run_differences.py": ("report.diff_text",),
    "lab/test_browser.py": ("lab.app", "lab.assumptions", "lab.form", "lab.serving", "lab.templates"),
    "lab/test_laboratory.py": ("lab.actions", "lab.answer", "lab.full_run", "lab.pictures"),
    "lab/test_live_run.py": ("lab.figures",),
    "optimisation/test_hunt.py": ("optimisation.optimum", "optimisation.trials"),
    "outcomes/test_draws.py": ("outcomes.arrays", "psa.uncertainty_tables"),
    "report/charts/test_catalogue.py": tuple(
        f"report.charts.{name}"
        for name in (
            *("ceac", "chart_files", "convergence", "costs", "drawing"),
            *("forms.lines", "forms.plane", "layouts", "projection", "psa_scatter", "severity", "styles"),
            "voi",
        )
    ),
    "report/charts/test_charts.py": tuple(
        f"report.charts{name}" for name in ("", ".burden", ".ce_plane", ".pain_impact", ".waiting")
    ),
    "study/files/test_evidence_file.py": ("study.files.faults",),
    "report/charts/test_two_lives.py": ("outcomes.lives", "report.charts.forms.lives"),
    "report/charts/test_portraits.py": ("report.lives_file",),
    "report/test_earlier_analysis.py": ("report.page.sections.best_within",),
    "report/test_optimum_output.py": ("report.charts.optimum", "report.optimum_page", "report.optimum_tables"),
    "report/narrative/test_titles.py": ("report.narrative.comparison",),
    "report/page/test_assembly.py": ("report.file_names", "report.page.curves", "report.page.marks"),
    "report/page/test_sections.py": (
        *("report.page.forest", "report.page.material", "report.page.parts", "report.page.templates"),
        *(
            f"report.page.sections.{name}"
            for name in (
                *("burden", "changes", "cost_effectiveness", "first_screen", "horizons", "inputs", "limits", "methods"),
                *("payers", "per_thousand_treated", "policies", "reach", "reproducibility", "sensitivity"),
                *("validation", "who_gains"),
            )
        ),
    ),
    "report/test_calibration_output.py": ("report.calibration_page", "report.charts.fit"),
    "report/test_damaged_results.py": ("api",),
    "report/test_explain_output.py": ("report.charts.decomposition",),
    "report/test_outputs.py": ("commands.run",),
    "report/test_psa_files.py": ("report.decision_files", "report.psa_text"),
    "report/test_research_output.py": (
        *("commands.research", "report.charts.evsi", "report.research_page", "report.research_text"),
    ),
    "report/test_sensitivity_output.py": ("commands.sensitivity", "dsa.analysis", "report.sensitivity_text"),
    "report/test_summary.py": ("report.terminal",),
    "report/test_sheet_texts.py": ("report.workbook.sheet_texts",),
    "report/test_validation_output.py": (
        *("commands.validate", "report.charts.targets", "report.charts.trial_findings", "report.charts.trial_forest"),
    ),
    "report/test_workbook.py": (
        *("report.workbook", "report.workbook.book", "report.workbook.cells", "report.workbook.contents"),
        *("report.workbook.cost_effectiveness", "report.workbook.headline", "report.workbook.inputs"),
        *("report.workbook.outcome_sheets", "report.workbook.payers", "report.workbook.projections"),
        "report.workbook.table_sheets",
    ),
    "simulation/test_two_engines.py": ("simulation.engines", "verification.small_country"),
    "study/files/test_plain_fields.py": ("study.files.field_type",),
    "validation/test_national_targets.py": ("validation.usual_care_run",),
    "validation/test_treatment_effects.py": ("validation.trial_figures",),
    "validation/test_trial.py": ("validation.trial_visits",),
    "verification/test_book.py": (
        *("commands.verify", "report.verification_page"),
        *(
            f"verification.{name}"
            for name in (
                *("check", "check_figures", "closed_forms", "engines", "model_checks", "published_numbers"),
                *("pytest_plugin", "queues", "randomness", "time_to_event"),
            )
        ),
    ),
    "verification/models/test_sick_sicker.py": ("verification.models.no_lists",),
}
Function = ast.FunctionDef | ast.AsyncFunctionDef
Nested = Function | ast.ClassDef | ast.If  # not run at import, or only for type checkers


def test_there_is_something_to_read() -> None:
    assert len(TEXTS) > 20


def offenders(wrong: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What is wrong with each module with which anything is."""
    return {module: found for module in TEXTS if (found := wrong(module))}


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _tree(module: str) -> ast.Module:
    return _parsed(TEXTS[module])


@cache
def _imports(module: str) -> tuple[tuple[int, str], ...]:
    return tuple(imported(_tree(module), module))


def imported(tree: ast.Module, module: str = "") -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever it stands; relative imports are resolved from `module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            names = [*base, *([node.module] if node.module else [])]
            yield from ((node.lineno, ".".join([*names, alias.name])) for alias in node.names)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def random_state(tree: ast.Module) -> list[str]:
    """Uses of `random`, `numpy.random` or scipy's `rvs`, each with its line."""
    found = [
        f"line {line}: import of {name}"
        for line, name in imported(tree)
        if name.split(".")[0] == "random" or f"{name}.".startswith("numpy.random.")
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = _dotted(node)
            if name in ("np.random", "numpy.random") or node.attr == "rvs":
                found.append(f"line {node.lineno}: {name}")
    return found


def wrong_way(tree: ast.Module, module: str) -> list[str]:
    """Imports of the package that point against the order, each with its line."""
    rooms = open_to(module.split(".")[1])
    return [
        f"line {line}: {name}"
        for line, name in imported(tree, module)
        if f"{name}.".startswith("lbpsim.")
        and not _within(name, rooms)
        and not (name == "lbpsim" and module.split(".")[1] in OUTERMOST)
    ]


def _within(name: str, places: set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def open_to(room: str) -> set[str]:
    """What the modules of a room may import of the package."""
    earlier = {f"lbpsim.{name}" for name in ORDER[: ORDER.index(room) + 1]} | {"lbpsim.__version__", DOOR}
    return STRICTER.get(room) or (earlier - STARTS_NOTHING if room == "report" else earlier)


def untelling(tree: ast.Module, module: str) -> list[str]:
    """Names of modules, classes, functions and variables that say nothing."""
    names = set(module.split("."))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return sorted(name for name in names if any(_has_word(name, word) for word in UNTELLING))


def _has_word(name: str, word: str) -> bool:
    spaced = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return any(part in (word, f"{word}s") for part in spaced.split("_"))


def hidden_rules(text: str, module: str) -> list[str]:
    """Relative imports, uses of numba, and rules in files that the cache would not know to hold any."""
    tree = _parsed(text)
    found = [f"line {n.lineno}: relative import" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
    if module not in (COMPILING, LINKING):
        found += [f"line {line}: {name}" for line, name in imported(tree) if name.split(".")[0] == "numba"]
    decorators = {
        _dotted(decorator).split(".")[-1]
        for node in ast.walk(tree)
        if isinstance(node, Function)
        for decorator in node.decorator_list
    }
    imports = " ".join(name for _, name in imported(tree, module))
    found += [
        f"rules without 'from {COMPILING} import {kind}'"
        for kind in RULES
        if kind in decorators and (f"{COMPILING}.{kind}" not in imports or f"from {COMPILING} import " not in text)
    ]
    return found


def too_long(text: str) -> list[str]:
    """Functions with too many lines, and the module itself."""
    module = len(text.splitlines())
    functions = [node for node in ast.walk(_parsed(text)) if isinstance(node, Function)]
    lines = [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    long = [f"{name}: {number} lines" for name, number in lines if number > MOST_LINES_OF_A_FUNCTION]
    return [*long, f"{module} lines"] if module > MOST_LINES_OF_A_MODULE else long


def code_lines(text: str) -> int:
    """Lines of code: those that are not blank, a comment, or part of a docstring."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node, clean=False) is not None:
            lines.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def test_no_global_random_state() -> None:
    assert offenders(lambda module: random_state(_tree(module))) == {}


def test_modules_and_functions_are_small() -> None:
    assert offenders(lambda module: too_long(TEXTS[module])) == {}


def test_the_report_is_no_longer_than_it_has_to_be() -> None:
    told = [module for module in TEXTS if module.startswith("lbpsim.report.")]
    of_runs = [module for module in told if not any(word in module for word in OTHER_QUESTIONS)]
    assert sum(code_lines(TEXTS[module]) for module in of_runs) <= MOST_CODE_OF_REPORT


def test_names_tell() -> None:
    assert offenders(lambda module: untelling(_tree(module), module)) == {}


def test_every_part_of_the_package_has_its_place_in_the_order() -> None:
    alone = {name.split(".")[1] for name in (DOOR, API)}
    assert {module.split(".")[1] for module in TEXTS if "." in module} <= {*ORDER, *alone}


def test_imports_point_one_way() -> None:
    """Whether they are run at import, when called or for types alone."""
    inside = {module for module in TEXTS if "." in module} - {DOOR, API}
    assert offenders(lambda module: wrong_way(_tree(module), module) if module in inside else []) == {}


def test_the_door_is_the_only_way_up_and_shut_at_import() -> None:
    tree = _tree(DOOR)
    at_once = imported(ast.Module([node for node in tree.body if not isinstance(node, Nested)], []), DOOR)
    assert [name for _, name in at_once if name.startswith("lbpsim")] == []
    assert [module for module in TEXTS if API in {name for _, name in _imports(module)}] == [DOOR]


def test_no_module_imports_itself_by_a_roundabout_way() -> None:
    assert circle({module: imports_of(module) for module in TEXTS if module not in ("lbpsim", DOOR)}) == set()
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}) == {"a", "b", "c"}


def imports_of(module: str) -> set[str]:
    """The modules of the package that a module imports, wherever and for whatever."""
    names = {name if name in TEXTS else name.rpartition(".")[0] for _, name in _imports(module)}
    return (names & set(TEXTS)) - {module, "lbpsim"}


def circle(graph: dict[str, set[str]]) -> set[str]:
    """What is left when modules that import nothing left, or that nothing left imports, are taken away in turn."""
    wanted = {name for names in graph.values() for name in names}
    left = {module for module, names in graph.items() if names & graph.keys() and module in wanted}
    return left if len(left) == len(graph) else circle({module: graph[module] for module in left})


def test_every_module_has_its_tests() -> None:
    """In a file that is called after it, at the same place of `tests/`, or in another that `TESTED_IN` names."""
    elsewhere = {f"lbpsim.{name}": Path(file) for file, names in TESTED_IN.items() for name in names}
    without_code = {
        module for module in TEXTS if not any(isinstance(each, Function | ast.ClassDef) for each in _tree(module).body)
    }
    packages = {module.rpartition(".")[0] for module in TEXTS} & without_code
    mirrored = {module for module in TEXTS if (TESTS / mirror_of(module)).exists()}
    assert TEXTS.keys() - packages - mirrored - elsewhere.keys() == set(), "write tests, or name the file that has them"
    assert {file for file in elsewhere.values() if not (TESTS / file).exists()} == set()
    assert elsewhere.keys() & mirrored == set() and elsewhere.keys() <= TEXTS.keys(), "TESTED_IN has what is not so"


def mirror_of(module: str) -> Path:
    """Where the tests of a module are, as seen from tests/: `study/test_model.py` of `lbpsim.study.model`."""
    *rooms, name = module.split(".")[1:] or [""]
    inside = any(other.startswith(f"{module}.") for other in TEXTS)
    return Path(*rooms, name, "test_init.py") if inside else Path(*rooms, f"test_{name}.py")


@pytest.mark.parametrize("key", ["from_age", "to_age", "to_fifth"])
def test_a_key_of_policy_files_is_code_where_it_is_declared_and_where_it_is_used(key: str) -> None:
    """Two files: errors, schema, reference, descriptions and differences follow from the declaration."""
    naming = {module for module, text in TEXTS.items() if re.search(rf"\b{key}\b", text)}
    assert naming == {"lbpsim.study.policies", "lbpsim.simulation.inputs"}


def test_mirrors_are_where_they_are_said_to_be() -> None:
    assert mirror_of("lbpsim.study.files.nodes") == Path("study/files/test_nodes.py")
    assert mirror_of("lbpsim.report.brief") == Path("report/brief/test_init.py")


@pytest.mark.gate
def test_compiled_code_can_be_traced_to_its_sources() -> None:
    """The cache is renewed by following imports from files with rules: so rules and imports must be plainly written."""
    assert offenders(lambda module: hidden_rules(TEXTS[module], module)) == {}


# --- the readers themselves can find something ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        *("import random", "from random import random", "import numpy.random", "from numpy import random"),
        *("from numpy.random import default_rng", "np.random.default_rng(1)", "x = stats.norm(0, 1).rvs(3)"),
    ],
)
def test_random_state_is_found(code: str) -> None:
    assert random_state(ast.parse(code))


@pytest.mark.parametrize("code", ["from lbpsim.randomness import x", "import numpy as np", "person.random", "rvs = 1"])
def test_other_code_is_left_in_peace(code: str) -> None:
    assert random_state(ast.parse(code)) == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("lbpsim.engine.random_numbers", "from lbpsim.evidence import parameters"),
        ("lbpsim.engine.random_numbers", "import lbpsim"),
        ("lbpsim.evidence.units", "def f():\n    from lbpsim import study"),
        ("lbpsim.pathways.life", "from lbpsim.outcomes.results import Results"),
        ("lbpsim.pathways.life", "from ..population import people"),
        ("lbpsim.population.people", "from lbpsim.simulation import inputs"),
        ("lbpsim.study.model", "from lbpsim.simulation.run import run_study"),
        ("lbpsim.study.model", "def run():\n    from lbpsim.report.outputs import save"),
        ("lbpsim.report.page", "from lbpsim.engine import compiled_engine"),
        ("lbpsim.report.page", "from lbpsim.commands import run"),
    ],
)
def test_imports_against_the_order_are_found(module: str, code: str) -> None:
    assert wrong_way(ast.parse(code), module)


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("lbpsim.engine.event_clocks", "from lbpsim.engine import chance"),
        ("lbpsim.pathways.life", "from lbpsim.outcomes.totals import count"),
        ("lbpsim.report.page", "from lbpsim.evidence import parameters"),
        ("lbpsim.study.model", "from . import clock"),
        ("lbpsim.study.model", "from lbpsim import door"),
    ],
)
def test_imports_along_the_order_are_fine(module: str, code: str) -> None:
    assert wrong_way(ast.parse(code), module) == []


def test_long_modules_and_functions_are_found() -> None:
    body = "    pass\n" * (MOST_LINES_OF_A_FUNCTION - 1)
    assert too_long(f"def f():\n{body}") == []
    assert too_long(f"def f():\n    pass\n{body}\nclass A:\n  def f(): ...") == [
        f"f: {MOST_LINES_OF_A_FUNCTION + 1} lines"
    ]
    assert too_long("\n" * MOST_LINES_OF_A_MODULE) == []
    assert too_long("\n" * (MOST_LINES_OF_A_MODULE + 1)) == [f"{MOST_LINES_OF_A_MODULE + 1} lines"]


def test_lines_of_code_are_counted_without_what_is_said_of_them() -> None:
    said = '"""What\n it is."""\n\n# so\ndef f():\n    """Does."""\n'
    assert code_lines(said) == 1
    assert code_lines(f"{said}    return (\n        1  # yes\n    )\nx = 'no\\\n docstring'\n") == 6


@pytest.mark.parametrize("name", ["ResultsManager", "error_handler", "utils", "helper"])
def test_untelling_names_are_found(name: str) -> None:
    assert untelling(ast.parse(f"def {name}(): ..."), "lbpsim.x") == [name]
    assert untelling(ast.parse("def utility(): ..."), "lbpsim.x") == []


@pytest.mark.parametrize(
    "code",
    [
        *("from . import state", "from .state import AGE", "import numba", "from numba import njit"),
        *("from lbpsim.engine import compiling\n@compiling.rule\ndef f(): ...", "@rule\ndef f(): ..."),
    ],
)
def test_hidden_rules_are_found(code: str) -> None:
    assert hidden_rules(code, "lbpsim.pathways.x")


def test_plain_rules_are_fine() -> None:
    assert hidden_rules(f"from {COMPILING} import rule\n\n@rule\ndef f(): ...\n", "lbpsim.pathways.x") == []
