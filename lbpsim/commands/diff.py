"""Set two policies, two studies or the results of two runs side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from lbpsim.explain.run_differences import FilesApart, Kind, ResultsApart, inputs_apart, results_apart
from lbpsim.report.file_names import STORED, UNFINISHED
from lbpsim.report.outputs import record_of, results_of
from lbpsim.report.provenance import RUN_FILE
from lbpsim.study import Policy, Study, load
from lbpsim.study.differences import policy_differences, sentences_apart, setting_differences, study_differences
from lbpsim.study.files.errors import did_you_mean
from lbpsim.study.files.reader import STUDY, SUFFIXES

KINDS = {"policy": "a policy file", "study": "a study", "results": "the results of a run"}


class CannotCompareError(ValueError):
    """Two things that cannot be compared; the message says why, and what would be right."""


def compare(a: Path, b: Path) -> FilesApart | ResultsApart:
    """What differs between two policy files, two studies (folders, or their study.yaml), or two folders of results.

    Raises CannotCompareError for two kinds or none and for results in two currencies, InputErrors for wrong files,
    NoResultsError for results that are not whole or of another version.
    """
    kinds = (kind_of(a), kind_of(b))
    if kinds[0] != kinds[1]:
        both = f"{a} is {KINDS[kinds[0]]}, and {b} is {KINDS[kinds[1]]}"
        raise CannotCompareError(f"{both}; give two policy files, two studies, or two folders of results.")
    if kinds[0] == "policy":
        return _policies(a, b)
    if kinds[0] == "study":
        return FilesApart("study", (str(a), str(b)), study_differences(load(a), load(b)))
    return _results(*(path.parent if path.name == RUN_FILE else path for path in (a, b)))


def kind_of(path: Path) -> Kind:
    """What a path is: a policy file, a study, or results.

    Raises CannotCompareError where it is none of these.
    """
    if path.is_dir():
        if any((path / name).exists() for name in (RUN_FILE, STORED, UNFINISHED)):
            return "results"
        if any(file.suffix in SUFFIXES for file in path.iterdir()):
            return "study"
        raise CannotCompareError(f"{path} holds neither scenario files nor the results of a run ({RUN_FILE}).")
    if not path.exists():
        beside = [str(other) for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise CannotCompareError(f"There is no file or folder {path}. {did_you_mean(str(path), beside)}".rstrip())
    if path.name == RUN_FILE:
        return "results"
    if path.suffix not in SUFFIXES:
        raise CannotCompareError(f"{path} is neither a scenario file (.yaml) nor a folder of results.")
    return "study" if path.stem == STUDY else "policy"


def _policies(a: Path, b: Path) -> FilesApart:
    one, mine = _policy(a)
    other, theirs = _policy(b)
    settings = setting_differences(one, other)  # of another study, where the files stand in two folders
    found = (*settings, *policy_differences(one, mine, other, theirs))
    return FilesApart("policy", (str(a), str(b)), found, sentences_apart(one, mine, other, theirs))


def _policy(path: Path) -> tuple[Study, Policy]:
    study = load(path)
    return study, study.policy(path.stem)


def _results(a: Path, b: Path) -> ResultsApart:
    mine, theirs = record_of(a), record_of(b)
    one, other = results_of(mine), results_of(theirs)
    _of_one_money((a, one.study), (b, other.study))
    return results_apart((str(a), str(b)), (one, other), tuple(inputs_apart(one, other, mine.told, theirs.told)))


def _of_one_money(*runs: tuple[Path, Study]) -> None:
    """Raises CannotCompareError where amounts of two currencies would be subtracted."""
    if len({study.country.currency.code for _, study in runs}) > 1:
        both = ", and ".join(f"{path} is of {study.country}, in {study.country.currency.name}" for path, study in runs)
        raise CannotCompareError(
            f"{both}: amounts in two currencies have no difference. Give the two studies to see what differs between "
            "them, or set the countries side by side with `lbpsim compare`."
        )


def as_json(found: FilesApart | ResultsApart) -> str:
    """What differs, for machines."""
    if isinstance(found, FilesApart):
        told: dict[str, Any] = {"kind": found.kind, "differences": [asdict(each) for each in found.differences]}
    else:
        told = {
            "kind": "results",
            "random_numbers": found.random_numbers,
            "inputs": [asdict(each) for each in found.inputs],
            "only_in_a": found.only[0],
            "only_in_b": found.only[1],
            "same": found.same,
            "outcomes": [
                {name: None if pd.isna(value) else value for name, value in row.items()}
                for row in found.outcomes.to_dict("records")
            ],
        }
    return json.dumps({"a": found.names[0], "b": found.names[1], **told}, indent=2, ensure_ascii=False)
