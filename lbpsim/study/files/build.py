"""From the nodes of a file to a policy, and what is said of a file that is not one, or not one of today's care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from lbpsim.evidence import Parameter
from lbpsim.study.files.declarations import homes, policy_file
from lbpsim.study.files.errors import Problem
from lbpsim.study.files.field_type import Location
from lbpsim.study.files.nodes import Node, Pairs
from lbpsim.study.policies import PARTS, Policy

SHARED = ("assume", "options")  # keys of a study too
ONLY_IN_A_STUDY = ("start", "comparator", "seed", "thresholds")


def read_policy(
    node: Node,
    name: str,
    file: Path,
    start: date | None,
    problems: list[Problem],
    known: Mapping[str, Parameter] | None = None,
    regions: Sequence[str] | None = (),
) -> Policy | None:
    """The policy in a file; None, with problems added to `problems`, where anything is wrong.

    `start` is the start of the study, None where it is not known; dates are then not compared with it. `known`
    and `regions`: as of `Location`.
    """
    found: list[Problem] = []
    location = Location(found, start, homes(), known=known, regions=regions)
    if isinstance(node, Pairs) and len(set(ONLY_IN_A_STUDY) & set(node.keys())) > len(ONLY_IN_A_STUDY) // 2:
        _report_second_study(node, location)
    else:
        values = location.attempt(lambda: policy_file().values(node, location))
    problems.extend(found)
    return None if found else Policy(name=name, file=file, **values)


def _report_second_study(node: Pairs, location: Location) -> None:
    given = node.keys()
    keys = ", ".join(f"`{key}`" for key in ONLY_IN_A_STUDY if key in given)
    wrong = f"This reads like a second study file: it has {keys}"
    right = "A study has one study file, named study.yaml; remove these keys, or move this file to a folder of its own"
    location.report(node.place, wrong, right)


def report_changes(node: Node, problems: list[Problem], comparator: str) -> None:
    """Note every change that the comparator's file makes: it must be today's care.

    Otherwise a difference between scenarios would hold both a policy and whatever the comparator changed. What is to
    hold for all scenarios belongs in the study file.
    """
    location = Location(problems)
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        if key.text in (*PARTS, *SHARED):
            wrong = f"The comparator `{comparator}` is today's care and changes nothing"
            place = "study.yaml, for all scenarios" if key.text in SHARED else "a policy file of its own"
            location.under(key.text).report(value.place, wrong, f"Move it to {place}")
