"""A folder with a small right study, into which a test writes what it is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lbpsim.study import InputErrors, Policy, Problem, load

SHIPPED = Path(__file__).parents[2] / "scenarios"
STUDY = """\
name: small
title: A small study
comparator: usual-care
start: 2026-01-01
years: 10
people: 100
replications: 4
seed: 1
perspective: societal
discount_rate: 5% per year
thresholds: ["AUD 50,000 per QALY"]
price_year: 2024
"""

FULL = """\
title: Everything
description: All keys at once
cft:
  offered: {2027-01-01: 0.10, 2031: 60%}
  training_places: {2027: 400, 2028: 800}
  trained_at_start: 50
  capacity: limited
  referral_stops_at: 26 weeks
  priority: severity
  from_disability: 12 RMDQ points
  from_age: 45
  to_age: 64
  to_fifth: 2
  telehealth: {2027: 30%}
  group: {2027: 20%, 2029: 40%}
  biofeedback: yes
opioids:
  growth: {2027: 6% per year}
  initiation_change: {2027: -20%, 2028: 10%}
  tapering_offered: {2027: 50%}
surgery:
  growth: {2027: -2% per year}
  referral_change: {2028: -50%}
  operations_per_year: {2027: 3000}
assume: {cft.fidelity: 0.8}
options: {after_year_three: sustained}
"""


@pytest.fixture(scope="session")
def full() -> str:
    """A policy file with every key there is."""
    return FULL


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "usual-care.yaml").write_text("title: Usual care\n", encoding="utf-8")
    return tmp_path


def _problems_of(paths: Path | list[Path]) -> tuple[Problem, ...]:
    with pytest.raises(InputErrors) as caught:
        load(paths)
    return caught.value.problems


@pytest.fixture(scope="session")
def problems_of() -> Callable[..., tuple[Problem, ...]]:
    """What `load` finds wrong with paths."""
    return _problems_of


@pytest.fixture
def policy(folder: Path) -> Callable[[str], Policy]:
    """Reads the text of a policy file."""

    def read(text: str) -> Policy:
        (folder / "tried.yaml").write_text(text, encoding="utf-8")
        return load(folder).policy("tried")

    return read


@pytest.fixture
def wrong(folder: Path) -> Callable[[str], tuple[Problem, ...]]:
    """The problems of the text of a policy file."""

    def read(text: str) -> tuple[Problem, ...]:
        (folder / "tried.yaml").write_text(text, encoding="utf-8")
        return _problems_of(folder)

    return read


@pytest.fixture
def wrong_study(folder: Path) -> Callable[..., tuple[Problem, ...]]:
    """The problems of the study file with one line replaced, or with one more."""

    def read(key: str, line: str) -> tuple[Problem, ...]:
        lines = [old for old in STUDY.splitlines() if not old.startswith(f"{key}:")]
        (folder / "study.yaml").write_text("\n".join([*lines, line]) + "\n", encoding="utf-8")
        return _problems_of(folder)

    return read
