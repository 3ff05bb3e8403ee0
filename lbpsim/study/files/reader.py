"""From paths to a study: which files are read, and what must hold between them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lbpsim.evidence import Parameter, in_force
from lbpsim.evidence.country import Country
from lbpsim.evidence.layers import Layer
from lbpsim.evidence.shipped_countries import reference
from lbpsim.study import limits
from lbpsim.study.files import nodes
from lbpsim.study.files.build import read_policy, report_changes
from lbpsim.study.files.country_field import CountryField
from lbpsim.study.files.declarations import homes, study_file
from lbpsim.study.files.errors import COMMAND_LINE, InputErrors, Place, Problem, did_you_mean, named, short
from lbpsim.study.files.evidence_file import EVIDENCE, read_evidence
from lbpsim.study.files.field_type import Location
from lbpsim.study.files.nodes import Node, Pairs
from lbpsim.study.files.plain_fields import Name, reserved
from lbpsim.study.files.region_field import hash_of
from lbpsim.study.files.regions_field import WHOLE_TABLE, wrong_regions
from lbpsim.study.model import Study
from lbpsim.study.policies import Policy
from lbpsim.study.regions import Region, Regions

STUDY = "study"
NO_POLICIES = (STUDY, EVIDENCE)
SUFFIXES = (".yaml", ".yml")

PathLike = str | os.PathLike[str]


def load(paths: PathLike | Sequence[PathLike]) -> Study:
    """The study in a folder or in files, checked.

    In a folder, `study.yaml` is the study, `evidence.yaml` what it knows better than the package, and every other YAML
    file a policy. Where only policy files are given, the `study.yaml` beside them is used; where only `study.yaml` is
    given, all policies beside it. The comparator is added where it is not given, and so is `evidence.yaml`, which
    stands beside the study file. A policy has the name of its file.

    Raises InputErrors with everything that is wrong in any of the files.
    """
    given = [named(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    problems: list[Problem] = []
    return _Reading(_find(given, problems), problems).study()


@dataclass
class _Files:
    """The study file where there is one, and the policy files by name in their order."""

    study: Path | None
    policies: dict[str, Path] = field(default_factory=dict)

    @property
    def evidence(self) -> Path | None:
        """The study's own evidence, beside the study file, where there is some."""
        beside = [] if self.study is None else [self.study.with_name(f"{EVIDENCE}{suffix}") for suffix in SUFFIXES]
        return next((file for file in beside if file.is_file()), None)


def _find(given: list[Path], problems: list[Problem]) -> _Files:
    """The files that the paths mean; what is wrong with the paths is added to `problems`."""
    found = list(dict.fromkeys(file for path in given for file in _files_of(path, problems)))
    studies = [file for file in found if file.stem == STUDY]
    policies = [file for file in found if file.stem not in NO_POLICIES]
    if not studies and found:
        studies = _studies_beside(found)
    if not found and not problems:
        problems.append(Problem(Place(COMMAND_LINE), "", "No files are given", "Name a folder or scenario files"))
    elif found and len(studies) != 1:
        problems.append(_not_one_study(studies, found))
    if studies and not policies:
        policies = [file for file in _in_folder(studies[0].parent) if file.stem not in NO_POLICIES]
    return _Files(next(iter(studies), None), _named(policies, problems))


def _files_of(path: Path, problems: list[Problem]) -> list[Path]:
    try:
        if not path.is_dir():
            return [path] if path.exists() else _no_such(path, problems)
        files = _in_folder(path)
        if not files:
            problems.append(Problem(Place(str(path)), "", "There are no scenario files here", "They end in .yaml"))
        return files
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problems.append(Problem(Place(str(path)), "", f"This cannot be read: {reason}", ""))
        return []


def _no_such(path: Path, problems: list[Problem]) -> list[Path]:
    beside = [str(other) for other in path.parent.iterdir()] if path.parent.is_dir() else []
    problems.append(Problem(Place(str(path)), "", "There is no such file or folder", did_you_mean(str(path), beside)))
    return []


def _in_folder(folder: Path) -> list[Path]:
    """YAML files in name order; hidden files (an editor's) are not scenarios."""
    files = (file for file in folder.iterdir() if file.suffix in SUFFIXES and not file.name.startswith("."))
    return sorted(files, key=lambda file: file.name)


def _studies_beside(policies: Iterable[Path]) -> list[Path]:
    beside = (policy.parent / f"{STUDY}{suffix}" for policy in policies for suffix in SUFFIXES)
    return list(dict.fromkeys(file for file in beside if file.is_file()))


def _not_one_study(studies: list[Path], found: list[Path]) -> Problem:
    if studies:
        others = " and ".join(str(file) for file in studies[1:])
        return Problem(Place(str(studies[0])), "", f"There is a second study file: {others}", "Give only one")
    right = f"It stands beside the policies, as {found[0].parent / 'study.yaml'}"
    return Problem(Place(str(found[0])), "", "There is no study file for this file", right)


def _named(policies: Iterable[Path], problems: list[Problem]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    seen: dict[str, Path] = {}
    for file in policies:
        if not re.fullmatch(Name.pattern, file.stem):
            right = "Rename the file: a letter, then letters, digits, hyphens and underscores"
            problems.append(Problem(Place(str(file)), "", f"`{file.stem}` cannot name a scenario", right))
        elif reserved(file.stem):
            wrong = f"`{file.stem}` names a device under Windows, where no file can have this name"
            problems.append(Problem(Place(str(file)), "", wrong, "Rename the file"))
        elif file.stem.lower() in seen:
            wrong = f"This scenario has the name of {seen[file.stem.lower()]}"
            problems.append(Problem(Place(str(file)), "", wrong, "Rename one of them"))
        named[file.stem] = seen[file.stem.lower()] = file
    return named


class _Reading:
    """Reads the files of one study, collecting the problems of all."""

    def __init__(self, files: _Files, problems: list[Problem]) -> None:
        self.files, self.problems = files, problems
        self.values: dict[str, Any] = {}
        self.titles: dict[str, Policy] = {}
        self.hashes: dict[str, str] = {}
        self.known: Mapping[str, Parameter] | None = None  # with the study's own evidence
        self.regions: Sequence[str] | None = ()  # their names, None where they could not be read

    def study(self) -> Study:
        """The study; raises InputErrors."""
        if self.files.study is not None:
            self._read_study(self.files.study)
        policies = tuple(self._policies())
        if self.problems or self.files.study is None:
            raise InputErrors(self.problems)
        home = self.files.study.parent
        folder = home.name if home.is_absolute() else home.as_posix()  # nothing of where on the disk it stands
        return Study(**self.values, policies=policies, file_hashes=self.hashes, folder=folder)

    def _read_study(self, file: Path) -> None:
        root = nodes.read(file, str(file), self.problems, self.hashes)
        if root is None:
            return
        in_force.put(self._country(root))
        own = self._own_evidence()
        self.known = in_force.registry(own).parameters
        self.values = Location(self.problems, homes=homes(), known=self.known).read(study_file(), root) or {}
        self.values["evidence"] = own
        rates = self.values.get("discount_rate")
        if isinstance(rates, dict):
            costs, health = rates.get("costs"), rates.get("health")
            self.values |= {"discount_rate": health, "cost_discount_rate": None if costs == health else costs}
        self._read_region()
        self._read_regions(root)
        if self.values.get("comparator") is not None:
            self._put_first(self.values["comparator"], file, root)

    def _country(self, root: Node) -> Country:
        """The country of the study, in whose terms all else is read; raises InputErrors where it names none that is."""
        written = _value(root, "country")
        if written is root:
            return reference()
        found: Country | None = Location(self.problems, key="country").read(CountryField(), written)
        if found is None:  # in terms of another country, what else is told would mislead
            raise InputErrors(self.problems)
        return found

    def _own_evidence(self) -> Layer:
        """What the study knows better than its country's pack: nothing where it has no file of its own."""
        file = self.files.evidence
        return Layer() if file is None else read_evidence(file, self.problems, self.hashes)

    def _read_region(self) -> None:
        """Keep the hash of the region's table, and compare what is simulated with the people that it has."""
        region: Region | None = self.values.get("region")
        if region is None or region.file is None:
            return
        self.hashes[region.file.name] = hash_of(region.file)
        people = self.values.get("people")
        if people is not None and (wrong := limits.wrong_people(people, region)):
            self.problems.append(Problem(Place(str(self.files.study)), "people", *wrong))

    def _read_regions(self, root: Node) -> None:
        """Keep the hash of the table of regions, and compare them with the whole that they make up."""
        regions: Regions | None = self.values.get("regions")
        if regions is None or regions.file is None:
            self.regions = () if _value(root, "regions") is root else None
            return
        self.regions = regions.names
        self.hashes[regions.file.name] = hash_of(regions.file)
        region: Region | None = self.values.get("region")
        if region is not None or _value(root, "region") is root:
            wrong = wrong_regions(regions, region)
            self.problems += [Problem(Place(str(regions.file)), WHOLE_TABLE, *each) for each in wrong]

    def _put_first(self, comparator: str, study: Path, root: Node) -> None:
        """Put the comparator before the other policies, adding its file where it is not given."""
        beside = [study.with_name(f"{comparator}{suffix}") for suffix in SUFFIXES]
        found = next((file for file in beside if file.is_file()), None)
        there = self.files.policies.pop(comparator, found)
        if there is not None:
            self.files.policies = {comparator: there, **self.files.policies}
            return
        place = _value(root, "comparator").place
        names = [file.stem for file in _in_folder(study.parent) if file.stem not in NO_POLICIES]
        wrong = f"There is no scenario `{comparator}`: {beside[0]} does not exist"
        self.problems.append(Problem(place, "comparator", wrong, did_you_mean(comparator, names)))

    def _policies(self) -> Iterator[Policy]:
        start: date | None = self.values.get("start")
        for name, file in self.files.policies.items():
            node = nodes.read(file, str(file), self.problems, self.hashes)
            if node is None:
                continue
            if name == self.values.get("comparator"):
                report_changes(node, self.problems, name)
            policy = read_policy(node, name, file, start, self.problems, self.known, self.regions)
            if policy is not None:
                self._report_shared_title(policy, node)
                yield policy

    def _report_shared_title(self, policy: Policy, root: Node) -> None:
        """Two policies of one title could not be told apart in charts."""
        other = self.titles.setdefault(" ".join(policy.title.casefold().split()), policy)
        if other is not policy:
            wrong = f"`{short(policy.title)}` is the title of `{other.name}` too"
            self.problems.append(Problem(_value(root, "title").place, "title", wrong, "Give each policy its own title"))


def _value(root: Node, name: str) -> Node:
    """The value of a key of a file; the root itself where it has no such key."""
    pairs = root.pairs if isinstance(root, Pairs) else ()
    return next((value for key, value in pairs if key.text == name), root)
