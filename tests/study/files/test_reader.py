from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.study import Problem, load

Wrongs = Callable[..., tuple[Problem, ...]]


SHIPPED_POLICIES = {
    "usual-care", "cft-rollout", "cft-biofeedback", "cft-unlimited", "opioids-instead", "surgery-instead",
    "opioid-expansion", "surgery-expansion", "opioid-stewardship", "surgery-restraint", "cft-first",
}  # fmt: skip


def write(folder: Path, name: str, text: str | None = None) -> Path:
    file = folder / name
    file.write_text(f"title: {name}\n" if text is None else text, encoding="utf-8")
    return file


def test_the_shipped_scenarios(shipped: Path) -> None:
    study = load(shipped)
    assert {policy.name for policy in study.policies} == SHIPPED_POLICIES
    assert study.policies[0].name == study.comparator == "usual-care"
    assert [policy.name for policy in study.policies[1:]] == sorted(SHIPPED_POLICIES - {"usual-care"})
    assert study.policies[0].first_date == math.inf
    assert {policy.first_date for policy in study.policies[1:]} == {1.0}
    assert (study.years, study.replications, study.seed, study.thresholds) == (10, 20, 20250805, (28_033.0, 50_000.0))
    assert all(policy.description for policy in study.policies)


def test_the_shipped_offers_are_the_same_under_every_name(shipped: Path) -> None:
    study = load(shipped)
    offered = {policy.name: policy.cft.offered for policy in study.policies if policy.cft.offered.times}
    assert set(offered) == {
        "cft-rollout", "cft-biofeedback", "cft-unlimited", "opioids-instead", "surgery-instead", "cft-first",
    }  # fmt: skip
    assert len(set(offered.values())) == 1
    assert study.policy("cft-first").opioids == study.policy("opioid-stewardship").opioids
    assert study.policy("cft-first").surgery == study.policy("surgery-restraint").surgery
    assert study.policy("cft-first").cft == study.policy("cft-rollout").cft


def test_every_file_that_was_read_is_known_by_its_name_and_hash(folder: Path, tmp_path: Path) -> None:
    """Under its real name; a study file beside a policy, which was not read, is not among them."""
    (folder / "study.yaml").rename(folder / "study.yml")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write(elsewhere, "study.yaml", "title: Not read\n")
    mine = write(elsewhere, "mine.yaml")
    study = load([folder / "study.yml", mine])
    files = [folder / "study.yml", folder / f"{study.comparator}.yaml", mine]
    hashes = {file.name: f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files}
    assert study.with_changes(seed=5).file_hashes == hashes
    assert "file_hashes" not in study.resolved()


def test_the_folder_is_known_as_a_command_names_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was given from here; of a full path its name alone, which tells nothing of the machine."""
    assert load(folder).folder == folder.name
    monkeypatch.chdir(folder.parent)
    assert load(Path(folder.name)).folder == folder.name
    monkeypatch.chdir(folder)
    assert load(Path("study.yaml")).folder == "."
    assert "folder" not in load(folder).resolved()


def test_defaults_of_a_study(folder: Path) -> None:
    study = load(folder)
    assert study.country == reference()
    assert study.options["after_year_three"] == "waning"
    assert study.options["severity_drives_opioids_and_surgery"] == "on"
    assert study.assume == {}


def test_options_of_a_study_keep_the_other_defaults(folder: Path) -> None:
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("options: {severe_mortality: yes, lost_work: friction}\n")
    options = load(folder).options
    assert (options["severe_mortality"], options["lost_work"], options["incidence"]) == ("on", "friction", "balanced")


def test_files_are_kept_in_their_order_after_the_comparator(folder: Path) -> None:
    b, a = write(folder, "b.yaml"), write(folder, "a.yaml")
    write(folder, "left-out.yaml")
    assert [policy.name for policy in load([b, str(a), b]).policies] == ["usual-care", "b", "a"]
    assert [policy.name for policy in load([b, folder / "usual-care.yaml"]).policies] == ["usual-care", "b"]
    assert [policy.name for policy in load(str(folder / "study.yaml")).policies] == [
        "usual-care", "a", "b", "left-out",
    ]  # fmt: skip


def test_policies_from_elsewhere_with_a_study_named(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, problems_of: Wrongs
) -> None:
    other = write(tmp_path_factory.mktemp("other"), "mine.yaml")
    assert [policy.name for policy in load([folder / "study.yaml", other]).policies] == ["usual-care", "mine"]
    (problem,) = problems_of(other)
    assert "no study file" in problem.wrong


def test_yml_is_read_and_hidden_files_are_not(folder: Path) -> None:
    write(folder, "a.yml")
    write(folder, ".hidden.yaml", ":::")
    write(folder, "notes.txt", ":::")
    assert [policy.name for policy in load(folder).policies] == ["usual-care", "a"]


def test_an_empty_folder(tmp_path: Path, problems_of: Wrongs) -> None:
    (problem,) = problems_of(tmp_path)
    assert "no scenario files" in problem.wrong


def test_no_paths_at_all(problems_of: Wrongs) -> None:
    (problem,) = problems_of([])
    assert "No files" in problem.wrong


def test_a_missing_path_is_told_its_neighbour(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "cft.yaml")
    (problem,) = problems_of([folder / "study.yaml", folder / "cfd.yaml"])
    assert "cft.yaml" in problem.right


@pytest.mark.parametrize("path", ["\0", "x" * 5000, "none/none/none"])
def test_impossible_paths(path: str, problems_of: Wrongs) -> None:
    assert len(problems_of(Path(path))) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_file_that_may_not_be_read(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "a.yaml").chmod(0)
    (problem,) = problems_of(folder)
    assert "cannot be read" in problem.wrong


def test_two_study_files(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "study.yml", (folder / "study.yaml").read_text(encoding="utf-8"))
    (problem,) = problems_of(folder)
    assert "second study file" in problem.wrong


def test_a_title_names_one_policy(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "a.yaml", "description: one\ntitle: Usual  CARE\n")
    (problem,) = problems_of(folder)
    assert "is the title of `usual-care` too" in problem.wrong
    assert (problem.key, problem.place.line) == ("title", 2)


@pytest.mark.parametrize("name", ["con", "NUL", "aux", "prn", "com1", "lpt9"])
def test_a_name_that_windows_keeps_for_a_device_is_refused(folder: Path, problems_of: Wrongs, name: str) -> None:
    write(folder, f"{name}.yaml")
    (problem,) = problems_of(folder)
    assert "Windows" in problem.wrong


def test_a_file_name_with_an_escape_reaches_no_terminal(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "a\x1b[31m.yaml", "title: A\n")
    (problem,) = problems_of(folder)
    assert str(problem).isprintable() and "\\x1b" in str(problem)


def test_names_that_clash_or_cannot_be(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "a.yaml")
    write(folder, "a.yml")
    write(folder, "b b.yaml")
    clash, bad = problems_of(folder)
    assert "has the name of" in clash.wrong
    assert "cannot name a scenario" in bad.wrong


def test_a_comparator_that_is_not_there(folder: Path, problems_of: Wrongs) -> None:
    (folder / "usual-care.yaml").rename(folder / "usualcare.yaml")
    (problem,) = problems_of(folder)
    assert (problem.key, problem.place.line) == ("comparator", 3)
    assert "usualcare" in problem.right


def test_everything_is_told_at_once(folder: Path, problems_of: Wrongs) -> None:
    write(folder, "a.yaml", "titel: A\n")
    write(folder, "b.yaml", "title: B\ncft: {offered: {2025: 300%}}\n")
    write(folder, "c.yaml", "")
    text = (folder / "study.yaml").read_text(encoding="utf-8").replace("years: 10", "years: ten")
    write(folder, "study.yaml", text)
    problems = problems_of(folder)
    found = sorted((Path(problem.place.file).name, problem.key) for problem in problems)
    assert found == [
        ("a.yaml", "titel"), ("a.yaml", "title"), ("b.yaml", "cft.offered"), ("b.yaml", "cft.offered.2025"),
        ("c.yaml", ""), ("study.yaml", "years"),
    ]  # fmt: skip
