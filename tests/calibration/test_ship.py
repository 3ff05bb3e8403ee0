from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pandas as pd
import pytest
import yaml

from lbpsim.calibration.fit import Fit, canonical, fitted
from lbpsim.calibration.ship import NotShippedError, posterior_csv, ship
from lbpsim.evidence import distributions
from lbpsim.simulation.workers import Here
from tests.calibration.toy import SCORES, evaluations, task
from tests.evidence.parsed import parse

ENTRY = """
{name}:
  label: {name}
  value: 1
  unit: {unit}
  role: input
  grade: assumption
  prior: {prior}
  distribution: normal(1, 1)
  interval: [-0.96, 2.96]
  note: kept as it is
"""
OTHER = "\ntoy.other:\n  label: not free\n  value: 1\n  unit: ratio\n  role: input\n  grade: assumption\n"
INDEX = "posterior:\n  file: posterior.csv\n  what: x\n  sources: []\n  grade: assumption\n  sha256: none\n"


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    model = evaluations(tmp_path_factory.mktemp("toy"), Here())
    return fitted(task(), model, model)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    for folder in ("parameters", "tables"):
        (tmp_path / folder).mkdir()
    entries = [ENTRY.format(name=one.name, unit=one.unit, prior=one.prior) for one in SCORES.parameters]
    (tmp_path / "parameters" / "one.yaml").write_text("# toy" + entries[0] + OTHER)
    (tmp_path / "parameters" / "two.yaml").write_text("".join(entries[1:]))
    (tmp_path / "tables" / "index.yaml").write_text(INDEX)
    return tmp_path


def registered(evidence: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in ("one", "two"):
        found |= parse((evidence / "parameters" / f"{name}.yaml").read_text(), name)
    return found


def test_values_and_laws_reach_the_registry(fit: Fit, evidence: Path) -> None:
    ship(fit, evidence)
    after = registered(evidence)
    for one, value, sd in zip(SCORES.parameters, fit.values, fit.sample_in_units.std(axis=0, ddof=1), strict=True):
        entry = after[one.name]
        assert entry.value == value and entry.prior == one.prior and entry.note == "kept as it is"  # type: ignore[attr-defined]
        law = distributions.law(entry.distribution)  # type: ignore[attr-defined]
        assert law.mean() == pytest.approx(value, rel=0.001) and law.std() == pytest.approx(sd, rel=0.001)
        assert entry.interval == pytest.approx(distributions.interval(entry.distribution), rel=0.006)  # type: ignore[attr-defined]
    assert after["toy.other"].value == 1  # type: ignore[attr-defined]


def test_the_sample_ships_with_its_checksum(fit: Fit, evidence: Path) -> None:
    ship(fit, evidence)
    content = (evidence / "tables" / "posterior.csv").read_bytes()
    index = yaml.safe_load((evidence / "tables" / "index.yaml").read_text())
    assert index["posterior"]["sha256"] == hashlib.sha256(content).hexdigest()
    frame = pd.read_csv(io.BytesIO(content), comment="#")
    assert tuple(frame.columns) == SCORES.names and len(frame) == fit.task.settings.sample
    assert frame.to_numpy() == pytest.approx(canonical(fit), rel=1e-6)


def test_shipping_again_changes_nothing(fit: Fit, evidence: Path) -> None:
    first = {path: path.read_bytes() for path in ship(fit, evidence)}
    assert {path: path.read_bytes() for path in ship(fit, evidence)} == first
    assert posterior_csv(fit) == posterior_csv(fit)


def test_where_a_parameter_is_missing_nothing_is_changed(fit: Fit, evidence: Path) -> None:
    two = evidence / "parameters" / "two.yaml"
    two.write_text(two.read_text().replace("toy.size", "toy.sise"))
    before = {path: path.read_bytes() for path in evidence.rglob("*.yaml")}
    with pytest.raises(NotShippedError, match=r"toy\.size is in no file"):
        ship(fit, evidence)
    assert {path: path.read_bytes() for path in evidence.rglob("*.yaml")} == before


def test_an_entry_without_its_law_is_refused(fit: Fit, evidence: Path) -> None:
    one = evidence / "parameters" / "one.yaml"
    one.write_text(one.read_text().replace("  interval: [-0.96, 2.96]\n", ""))
    with pytest.raises(NotShippedError, match=r"toy\.level: expected one line `interval:`"):
        ship(fit, evidence)
