"""Hostile input to scenario files: each gets a clear problem in the right place, and nothing but `InputErrors`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbpsim.study import InputErrors, Problem, load
from lbpsim.study.files.declarations import policy_file, study_file

QUIET = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("", None, "", "empty"),
        ("just words", 1, "", "Here stands `just words`"),
        ("[1, 2]", 1, "", "a list"),
        ("{}", 1, "", "Nothing stands"),
        ("title: A\ncft: 5\n", 2, "cft", "`5`"),
        ("title: A\ncft:\n", 2, "cft", "nothing"),
        ("title: [A]\n", 1, "title", "a list"),
        ("title: A\ncft:\n  offered: 10%\n", 3, "cft.offered", "`10%`"),
        ("title: A\ncft:\n  offered: {2027: 12 weeks}\n", 3, "cft.offered.2027", "not a share"),
        ("title: A\ncft:\n  offered: {2027: 110%}\n", 3, "cft.offered.2027", "out of range"),
        ("title: A\ncft:\n  offered: {2027: .nan}\n", 3, "cft.offered.2027", "computed"),
        ("title: A\ncft:\n  offered: {2027: -.inf}\n", 3, "cft.offered.2027", "computed"),
        ("title: A\ncft:\n  offered: {2028: 1%, 2027: 2%}\n", 3, "cft.offered", "stands after"),
        ("title: A\ncft:\n  offered: {2025: 1%}\n", 3, "cft.offered", "before the study starts"),
        (
            "title: A\ncft:\n  offered: {2027: 1%}\n  training_places: {2027: -1}\n",
            4,
            "cft.training_places.2027",
            "less",
        ),
        (
            "title: A\nsurgery:\n  operations_per_year: {2027: .inf}\n",
            3,
            "surgery.operations_per_year.2027",
            "computed",
        ),
        ("title: A\nsurgery:\n  operations_per_year: {2027: -5}\n", 3, "surgery.operations_per_year.2027", "less"),
        ("title: A\nassume:\n  cft.uptake: 1.5\n", 3, "assume.cft.uptake", "out of range"),
        ("title: A\nassume:\n  cft.training_cost: 9000\n", 3, "assume.cft.training_cost", "no unit"),
        ("title: A\nassume:\n  cft.time_to_competence: 26\n", 3, "assume.cft.time_to_competence", "no unit"),
        ("title: A\nassume:\n  cft.impatience: 0.3\n", 3, "assume.cft.impatience", "no unit"),
        ("title: A\ntitle: B\n", 2, "title", "twice"),
        ("title: A\ndescription: D\n---\ntitle: B\n", 3, "", "second document"),
    ],
)
def test_policies(
    wrong: Callable[[str], tuple[Problem, ...]], text: str, line: int | None, key: str, said: str
) -> None:
    (problem,) = wrong(text)
    assert (problem.place.line, problem.key) == (line, key)
    assert said in problem.wrong
    assert Path(problem.place.file).name == "tried.yaml"


@pytest.mark.parametrize(
    ("key", "line", "said"),
    [
        ("people", "people: 0", "not a number of people"),
        ("people", "people: -5", "not a number of people"),
        ("people", "people: 1_000_000_000", "more than"),
        ("people", "people: many", "not a number"),
        ("years", "years: 0", "out of range"),
        ("years", "years: 10 years", "not a number"),
        ("seed", "seed: 1e400", "too large"),
        ("start", "start: 1999-01-01", "out of range"),
        ("start", "start: 9999-12-31", "out of range"),
        ("comparator", "comparator: [usual-care, other]", "a list"),
        ("comparator", "comparator: none-such", "no scenario"),
        ("discount_rate", "discount_rate: 0.05", "no unit"),
        ("discount_rate", "discount_rate: 500% per year", "above"),
        ("thresholds", "thresholds: AUD 50000", "not a list"),
        ("thresholds", "thresholds: [50000]", "no unit"),
        ("price_year", "price_year: 1850", "out of range"),
        ("perspective", "perspective: mine", "choices"),
        ("name", "name: ../../etc", "cannot be a name"),
        ("options", "options: {incidence: perhaps}", "choices"),
        ("title", "", "missing"),
    ],
)
def test_studies(wrong_study: Callable[..., tuple[Problem, ...]], key: str, line: str, said: str) -> None:
    (problem,) = wrong_study(key, line)
    assert problem.key.split(".")[0] == key
    assert said in problem.wrong


def try_to_load(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with contextlib.suppress(InputErrors):
        load(folder)


@given(st.binary(max_size=300), st.sampled_from(["tried.yaml", "study.yaml", "usual-care.yaml"]))
@QUIET
def test_any_bytes_load_or_raise_input_errors(folder: Path, content: bytes, name: str) -> None:
    try_to_load(folder, name, content)


KEYS = sorted({key.name for section in (study_file(), policy_file()) for _, key in section.paths()})
WORDS = st.sampled_from(
    [*KEYS, "2027", "2027-01-01", "cft.fidelity", "10%", "6% per year", "AUD 5", "yes", "all", "-3"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | WORDS
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | SCALARS, inner, max_size=6),
    max_leaves=20,
)


@pytest.mark.gate
@given(st.dictionaries(WORDS, TREES, max_size=8), st.sampled_from(["tried.yaml", "study.yaml"]))
@QUIET
def test_any_yaml_loads_or_raises_input_errors(folder: Path, tree: dict[str, object], name: str) -> None:
    try_to_load(folder, name, yaml.safe_dump(tree, allow_unicode=True).encode())


@given(st.data())
@QUIET
def test_a_right_file_with_a_wrong_stretch_loads_or_raises_input_errors(
    folder: Path, full: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(full)))
    stop = data.draw(st.integers(start, min(start + 20, len(full))))
    stretch = data.draw(st.text(max_size=10) | WORDS | st.sampled_from(list("{}[]:,&*!|>'\"%@`#-?\n\t")))
    changed = (full[:start] + stretch + full[stop:]).encode(errors="surrogatepass")
    try_to_load(folder, "tried.yaml", changed)
