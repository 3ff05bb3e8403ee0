"""run.json: what a run came from, whole and readable."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest

import lbpsim
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.provenance import command, of_draws, provenance, registry_hash, write_run
from lbpsim.study.model import Study
from lbpsim.study.policies import Policy
from tests.report.decided import drawn
from tests.report.synthetic import SHIPPED


def read_from_a_file(results: Results) -> Results:
    return replace(results, study=replace(results.study, file_hashes={"study.yaml": "sha256:0"}))


STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_says_all_that_a_repetition_needs(results: Results, tmp_path: Path) -> None:
    content = json.loads(write_run(read_from_a_file(results), tmp_path, started=STARTED).read_bytes())
    assert content["lbpsim"] == lbpsim.__version__
    assert content["started"] == "2026-01-02T03:04:05+00:00"
    assert (content["seed"], content["people"], content["replications"]) == (20250805, 7000, 20)
    assert (content["engine"], content["events"], content["seconds"]) == ("compiled", 1_234_567, 12.5)
    assert content["file_hashes"] == {"study.yaml": "sha256:0"}
    assert content["packages"]["numpy"] == metadata.version("numpy")
    assert content["machine"]["cores"] >= 1
    assert content["parameters"] == results.study.values(results.study.policies[0])
    assert len(content["parameters"]) > 100


def test_study_comes_back(results: Results, tmp_path: Path) -> None:
    content = json.loads(write_run(results, tmp_path, started=STARTED).read_bytes())
    assert Study.from_resolved(content["study"]).resolved() == results.study.resolved()


def test_no_machine_or_user_name(results: Results) -> None:
    content = json.dumps(provenance(results, started=STARTED))
    assert str(Path.home()) not in content
    assert str(Path.cwd()) not in content


def test_time_needs_a_zone(results: Results) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        provenance(results, started=datetime(2026, 1, 1))


def test_registry_hash_is_stable() -> None:
    assert registry_hash() == registry_hash()
    assert len(registry_hash()) == len("sha256:") + 64


def test_notes_are_kept_with_the_results(make: Callable[..., Results]) -> None:
    odd = Policy("odd", "Odd", assume={"cft.uptake": 0.99})
    content = provenance(make((SHIPPED[0], odd)), started=STARTED)
    (note,) = content["notes"]  # no word of draws: there are none
    assert note.startswith("odd: cft.uptake at 99% is outside its 95% interval")


def test_the_command_repeats_what_was_run(results: Results) -> None:
    assert command(results) == "lbpsim run scenarios/ --people 7000 --years 10 --seed 20250805 --draws 0"
    elsewhere = replace(results, study=replace(results.study, folder="our study"))
    assert command(elsewhere).startswith("lbpsim run 'our study/' --people 7000 ")
    drawn_too = ProbabilisticResults.join(results, drawn(results, 12))
    assert command(drawn_too).endswith("--draws 12 --draw-people 2600")


def test_in_how_many_draws_a_rate_was_cut_is_recorded(results: Results) -> None:
    assert of_draws(drawn(results, 12))["rates_cut_in"] == 0
    assert of_draws(replace(drawn(results, 12), cut=3))["rates_cut_in"] == 3
