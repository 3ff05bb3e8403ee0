"""From the nodes of a file to a study or a policy, with the rules that join several keys."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lbpsim.study.clock import years_since
from lbpsim.study.files.dated_fields import Yearly
from lbpsim.study.files.declarations import homes, policy_file, study_file
from lbpsim.study.files.errors import Problem
from lbpsim.study.files.field_type import Location
from lbpsim.study.files.nodes import Node, Pairs
from lbpsim.study.model import CftPolicy, OpioidPolicy, Policy, Study, SurgeryPolicy, Timeline

CHANGES = ("cft", "opioids", "surgery", "assume", "options")
ONLY_IN_A_STUDY = ("start", "comparator", "seed", "thresholds")
NOT_WHEN_REPLACED = ("biofeedback",)
NOT_WITHOUT_LIMIT = ("priority", "trained_at_start", "referral_stops_at")


def study_values(node: Node, problems: list[Problem]) -> dict[str, Any]:
    """The values of a study file by key; problems are added to `problems`."""
    return dict(Location(problems, homes=homes()).read(study_file(), node) or {})


def assemble_study(values: Mapping[str, Any], policies: tuple[Policy, ...], hashes: Mapping[str, str]) -> Study:
    """The study of the values of its file, all present and right, and its policies, the comparator first.

    `hashes`: of the files that were read, by name.
    """
    return Study(**values, policies=policies, file_hashes=hashes)


def read_policy(node: Node, name: str, file: Path, start: date | None, problems: list[Problem]) -> Policy | None:
    """The policy in a file; None, with problems added to `problems`, where anything is wrong.

    `start` is the start of the study, None where it is not known; dates are then not compared with it.
    """
    found: list[Problem] = []
    location = Location(found, start, homes())
    if isinstance(node, Pairs) and len(set(ONLY_IN_A_STUDY) & set(node.keys())) > len(ONLY_IN_A_STUDY) // 2:
        _report_second_study(node, location)
    else:
        values = location.read(policy_file(), node) or {}
        _check_cft(node, location)
    problems.extend(found)
    return None if found else _policy(values, name, file, start)


def _report_second_study(node: Pairs, location: Location) -> None:
    given = node.keys()
    keys = ", ".join(f"`{key}`" for key in ONLY_IN_A_STUDY if key in given)
    wrong = f"This reads like a second study file: it has {keys}"
    right = "A study has one study file, named study.yaml; remove these keys, or move this file to a folder of its own"
    location.report(node.place, wrong, right)


def _policy(values: dict[str, Any], name: str, file: Path, start: date | None) -> Policy:
    opioids, surgery = values["opioids"] or {}, dict(values["surgery"] or {})
    operations = surgery.pop("operations_per_year", None)
    return Policy(
        name=name,
        title=values["title"],
        description=values["description"],
        cft=_cft_policy(values["cft"], start) if values["cft"] else CftPolicy(),
        opioids=OpioidPolicy(**{key: _timeline(pairs) for key, pairs in opioids.items()}),
        surgery=SurgeryPolicy(
            **{key: _timeline(pairs) for key, pairs in surgery.items()},
            operations_per_year=_timeline(operations) if operations else None,
        ),
        assume=values["assume"],
        options={key: choice for key, choice in values["options"].items() if choice is not None},
        file=file,
    )


def _timeline(pairs: Iterable[tuple[float, float]] | None) -> Timeline:
    pairs = tuple(pairs or ())
    return Timeline(tuple(time for time, _ in pairs), tuple(value for _, value in pairs))


def _cft_policy(values: dict[str, Any], start: date | None) -> CftPolicy:
    places: Yearly = values["training_places"]
    return CftPolicy(
        offered=_timeline(values["offered"]),
        capacity_limited=values["capacity"] == "limited",
        training_places=places.single,
        training_from=places.on,
        trained_at_start=values["trained_at_start"],
        by_severity=values["priority"] == "severity",
        biofeedback=values["biofeedback"],
        referral_stops_at=math.inf if values["referral_stops_at"] is None else values["referral_stops_at"],
        replaced_by=values["replaced_by"],
        first_training=_first_training({**places.single, **places.on}, start),
    )


def _first_training(places: Mapping[int, float], start: date | None) -> float:
    years = [year for year, number in places.items() if number > 0.0]
    if not years or start is None:
        return math.inf
    return max(years_since(start, date(min(years), 1, 1)), 0.0)


def _check_cft(root: Node, location: Location) -> None:
    """Keys of `cft` that would change nothing beside another are refused: nothing is ignored in silence."""
    cft = {key.text: value for key, value in root.pairs}.get("cft") if isinstance(root, Pairs) else None
    if not isinstance(cft, Pairs):
        return
    values = {key.text: value for key, value in cft.pairs}
    text = {key: getattr(value, "text", None) for key, value in values.items()}
    if "replaced_by" in values:
        _refuse(NOT_WHEN_REPLACED, values, "where nobody starts CFT (`replaced_by`)", location)
    if text.get("capacity") == "unlimited":
        _refuse(NOT_WITHOUT_LIMIT, values, "where nobody waits (`capacity: unlimited`)", location)


def _refuse(keys: Iterable[str], values: Mapping[str, Node], reason: str, location: Location) -> None:
    for key in keys:
        if key in values:
            location.under("cft").under(key).report(values[key].place, f"This has no effect {reason}", "Remove it")


def report_changes(node: Node, problems: list[Problem], comparator: str) -> None:
    """Note every change that the comparator's file makes: it must be today's care.

    Otherwise a difference between scenarios would hold both a policy and whatever the comparator changed. What is to
    hold for all scenarios belongs in the study file.
    """
    location = Location(problems)
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        if key.text in CHANGES:
            wrong = f"The comparator `{comparator}` is today's care and changes nothing"
            shared = key.text in ("assume", "options")
            right = "Move it to study.yaml, for all scenarios" if shared else "Move it to a policy file of its own"
            location.under(key.text).report(value.place, wrong, right)
