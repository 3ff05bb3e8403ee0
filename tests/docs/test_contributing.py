"""What contributors meet: the workflow, hooks and forms can be read, and run what the project itself runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from tests.docs.sources import ROOT, text
from tests.offenders import offenders

HOOKS, WORKFLOW = ROOT / ".pre-commit-config.yaml", ROOT / ".github/workflows/ci.yml"
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
MAKEFILE = ROOT / "Makefile"


def parsed(file: Path) -> Any:
    return yaml.safe_load(text(file))


def wrong_form(file: Path) -> list[str]:
    """What an issue form lacks of what the forge wants: a name, a description, fields with a label and an id."""
    form = parsed(file)
    lacks = [key for key in ("name", "description", "body") if not form.get(key)]
    fields = form.get("body", [])
    lacks += [f"label of {field}" for field in fields if not field.get("attributes", {}).get("label")]
    ids = [field.get("id") for field in fields]
    return lacks + ([] if None not in ids and len(set(ids)) == len(ids) else [f"an id of its own: {ids}"])


def test_the_workflow_runs_the_gate_on_every_push_and_request() -> None:
    workflow = parsed(WORKFLOW)
    assert set(workflow["on"]) == {"push", "pull_request"}
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in workflow["jobs"].items()}
    assert runs == {"gate": [".ci/run"], "coverage": ["make coverage"]}
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_workflow_has_the_oldest_python_that_is_supported() -> None:
    steps = [step.get("with", {}) for job in parsed(WORKFLOW)["jobs"].values() for step in job["steps"]]
    (version,) = {given["python-version"] for given in steps if "python-version" in given}
    assert tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["requires-python"] == f">={version}"


def test_hooks_are_the_commands_of_make_lint() -> None:
    (repository,) = parsed(HOOKS)["repos"]
    assert repository["repo"] == "local"
    hooks = {hook["entry"].removeprefix(".venv/bin/") for hook in repository["hooks"]}
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", text(MAKEFILE), re.MULTILINE)
    assert lint is not None
    commands = [line.strip().removeprefix("$(BIN)/") for line in lint[1].splitlines()]
    folders = r"( --check)? lbpsim tests benchmarks docs$"
    assert hooks == {re.sub(folders, "", command) for command in commands}


def test_issue_forms_are_whole() -> None:
    assert offenders({form.name: form for form in FORMS}, wrong_form) == {}


def test_the_guide_names_targets_that_make_has() -> None:
    targets = set(re.findall(r"^(\w+):", text(MAKEFILE), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)`", text(ROOT / "CONTRIBUTING.md")))
    assert {"test", "lint", "verify"} <= named <= targets
