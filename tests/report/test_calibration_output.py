from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from lbpsim.calibration.fit import Fit
from lbpsim.commands import calibrate as command
from lbpsim.commands.calibrate import document
from lbpsim.evidence import parameters
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.units import parse_quantity
from lbpsim.report import calibration_output
from lbpsim.report.calibration_output import CHARTS, assumptions, frames, in_words, write
from lbpsim.report.calibration_page import fit_page
from lbpsim.study import load
from tests.calibration.toy import registered_fit, small_plan
from tests.cli_runner import Lbpsim
from tests.validation.small import SCENARIOS

STUDY = load(SCENARIOS)


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    return registered_fit(tmp_path_factory.mktemp("stand-in"))


def test_everything_is_written(fit: Fit, tmp_path: Path) -> None:
    write(fit, small_plan(), STUDY, tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {
        *("parameters.csv", "targets.csv", "correlation.csv", "directions.csv", "searches.csv", "posterior.csv"),
        *(
            "assume.yaml",
            "fit.md",
            "calibration.json",
            *(f"charts/{name}.{kind}" for name in CHARTS for kind in ("svg", "png")),
        ),
    }
    rows = pd.read_csv(tmp_path / "targets.csv")
    assert rows["target"].tolist() == list(fit.task.figures) and rows["after"].tolist() == pytest.approx(
        list(fit.after)
    )


@pytest.mark.gate
def test_the_same_fit_gives_the_same_bytes(fit: Fit, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        write(fit, small_plan(), STUDY, tmp_path / folder)
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "other" / path.relative_to(tmp_path / "one")).read_bytes()


def test_assumptions_can_be_put_into_a_study(fit: Fit) -> None:
    written = yaml.safe_load(assumptions(fit))["assume"]
    for one, value in zip(fit.task.scores.parameters, fit.values, strict=True):
        assert parse_quantity(written[one.name], one.dimension) == pytest.approx(
            one.model_copy(update={"value": float(value)}).canonical
        )


def test_the_page_tells_every_target_and_parameter(fit: Fit) -> None:
    page = fit_page(fit, small_plan(), charts="charts")
    for name in (
        *fit.task.figures,
        *fit.task.scores.names,
        *small_plan().by_construction,
        *small_plan().validation_only,
    ):
        assert f"`{name}`" in page
    assert "](charts/fit_targets.png)" in page and "{" not in page
    assert all(line.count("|") > 2 for line in page.splitlines() if line.startswith("|"))


def test_misses_are_told_as_plainly_as_hits(fit: Fit) -> None:
    from dataclasses import replace

    target, within = fit.task.loss.targets[0], fit.task.loss.within[0]
    after = fit.after.copy()
    after[0] = target + 3.0 * within
    missed = replace(fit, after=after)
    name = fit.task.figures[0]
    assert f"Farther off are `{name}`" in fit_page(missed, small_plan(), charts="charts")
    assert f"Farthest off is {name}" in in_words(missed)


def test_money_is_at_the_prices_of_the_study(fit: Fit) -> None:
    rows = frames(fit)["targets"].set_index("target")
    loss = parameters()["country.early_retirement_loss"]
    assert rows.loc[loss.name, "published"] == pytest.approx(loss.at_prices_of(2024, reference().prices))


def test_the_documentation_gets_page_and_charts(fit: Fit, tmp_path: Path) -> None:
    document(fit, small_plan(), tmp_path)
    assert (tmp_path / "calibration.md").read_text() == fit_page(fit, small_plan(), charts="images")
    assert {path.name for path in (tmp_path / "images").iterdir()} == {f"{name}.png" for name in CHARTS}


def test_a_fit_of_other_inputs_is_not_written_over_unasked(
    fit: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lbpsim: Lbpsim
) -> None:
    monkeypatch.setattr(command, "calibrate", lambda *_, **__: fit)
    monkeypatch.setattr(calibration_output, "CHARTS", {})
    monkeypatch.setattr(command, "shipped", small_plan)
    words = ("calibrate", "--out", tmp_path, "--quiet", SCENARIOS)
    assert lbpsim(*words).status == 0 and lbpsim(*words).status == 0
    other = tmp_path / "other" / "study.yaml"
    other.parent.mkdir()
    shipped = (SCENARIOS / "study.yaml").read_text(encoding="utf-8")
    other.write_text(shipped.replace("seed: 20250805", "seed: 7"), encoding="utf-8")
    usual = SCENARIOS / "usual-care.yaml"
    (other.parent / usual.name).write_text(usual.read_text(encoding="utf-8"), encoding="utf-8")
    before = (tmp_path / "calibration.json").read_bytes()
    said = lbpsim(*words[:-1], other.parent)
    assert said.status == 2 and "seed 20250805 there, 7 now" in said.words and "--overwrite" in said.words
    assert (tmp_path / "calibration.json").read_bytes() == before
    assert lbpsim(*words[:-1], other.parent, "--overwrite").status == 0


def test_a_file_of_the_users_is_not_written_over_unasked(tmp_path: Path, lbpsim: Lbpsim) -> None:
    (tmp_path / "fit.md").write_text("how my shoes fit")
    said = lbpsim("calibrate", "--out", tmp_path, SCENARIOS)
    assert said.status == 2 and "fit.md, though nothing that `lbpsim calibrate` finished" in said.words
