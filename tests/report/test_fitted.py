from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from lbpsim.evidence import parameters
from lbpsim.evidence.units import parse_quantity
from lbpsim.report.fit_page import fit_page
from lbpsim.report.fitted import CHARTS, assumptions, document, frames, in_words, write
from lbpsim.uncertainty.calibration.fit import Fit
from tests.uncertainty.calibration.toy import registered_fit, small_plan


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    return registered_fit(tmp_path_factory.mktemp("stand-in"))


def test_everything_is_written_and_the_page_last(fit: Fit, tmp_path: Path) -> None:
    write(fit, small_plan(), tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {
        *("parameters.csv", "targets.csv", "correlation.csv", "directions.csv", "searches.csv", "posterior.csv"),
        *("assume.yaml", "fit.md", *(f"charts/{name}.{kind}" for name in CHARTS for kind in ("svg", "png"))),
    }
    rows = pd.read_csv(tmp_path / "targets.csv")
    assert rows["target"].tolist() == list(fit.task.figures) and rows["after"].tolist() == pytest.approx(
        list(fit.after)
    )


def test_the_same_fit_gives_the_same_bytes(fit: Fit, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        write(fit, small_plan(), tmp_path / folder)
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
    for name in (*fit.task.figures, *fit.task.scores.names, *small_plan().by_construction):
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
    assert rows.loc[loss.name, "published"] == pytest.approx(loss.at_prices_of(2024))


def test_the_documentation_gets_page_and_charts(fit: Fit, tmp_path: Path) -> None:
    document(fit, small_plan(), tmp_path)
    assert (tmp_path / "calibration.md").read_text() == fit_page(fit, small_plan(), charts="images")
    assert {path.name for path in (tmp_path / "images").iterdir()} == {f"{name}.png" for name in CHARTS}
