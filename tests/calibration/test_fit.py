"""The machinery on a toy with a known answer: it recovers what can be known, and says what cannot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from lbpsim.calibration.fit import Fit, calibrate, canonical, fitted, rounded
from lbpsim.calibration.fit_tables import correlation_table, direction_table, law_like, parameter_table, search_table
from lbpsim.evidence.reading import PlanError
from lbpsim.simulation.workers import Here
from tests.calibration.toy import FIGURES, TRUTH, Counted, evaluations, task
from tests.pathways.small_country import shipped


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    model = evaluations(tmp_path_factory.mktemp("toy"), Here())
    return fitted(task(), model, model)


def test_the_known_parameter_is_recovered(fit: Fit) -> None:
    rows = parameter_table(fit).set_index("parameter")
    level = rows.loc["toy.level"]
    assert level["value"] == pytest.approx(TRUTH["toy.level"], abs=0.03)
    assert level["sd"] == pytest.approx(1 / np.sqrt(1 / 0.05**2 + (1.5 / 0.5) ** 2 + 1), rel=0.15)
    assert level["told"] == "much"


def test_figures_come_to_their_targets(fit: Fit) -> None:
    """Within the acceptable distance: the means of two tied parameters do not have quite their mean product."""
    miss_before = np.abs(fit.task.loss.misses(fit.before))
    assert (np.abs(fit.task.loss.misses(fit.after)) < 1.0).all() and miss_before.max() > 5.0
    assert np.abs(fit.task.loss.misses(fit.checked)).max() < 4.0


def test_what_cannot_be_told_apart_is_said(fit: Fit) -> None:
    rows = parameter_table(fit).set_index("parameter")
    assert rows.loc["toy.rate", "partner"] == "toy.size" and rows.loc["toy.rate", "correlation"] < -0.9
    assert rows.loc["toy.rate", "sd_ratio"] > 0.5
    directions = direction_table(fit)
    assert directions["told"].tolist() == ["yes", "yes", "no"]
    assert "toy.rate" in directions["made_of"].iloc[2] and "toy.level" not in directions["made_of"].iloc[2]
    assert correlation_table(fit).shape == (3, 4)


def test_searches_agree(fit: Fit) -> None:
    rows = search_table(fit)
    assert len(rows) == 3 and rows["farthest_from_best"].max() < 0.05
    assert (rows["loss_after"] < rows["loss_before"]).all()


def test_the_base_case_is_the_mean_of_the_sample(fit: Fit) -> None:
    mean = fit.sample_in_units.mean(axis=0)
    assert fit.values == pytest.approx(mean, rel=0.005)
    assert np.array_equal(fit.values, rounded(mean))


def test_the_sample_is_in_canonical_units(fit: Fit) -> None:
    assert canonical(fit)[:, 1] == pytest.approx(fit.sample_in_units[:, 1] * 7 / 365.25)


def test_the_result_does_not_depend_on_who_does_the_work(fit: Fit, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        model = evaluations(tmp_path, pool)
        other = fitted(task(), model, model)
    assert other.sample.tobytes() == fit.sample.tobytes()
    assert other.checked.tobytes() == fit.checked.tobytes()


def test_an_interrupted_fit_goes_on_to_the_same_result(fit: Fit, tmp_path: Path) -> None:
    whole = Counted()
    fitted(task(), *[evaluations(tmp_path / "whole", Here(), whole)] * 2)
    with pytest.raises(KeyboardInterrupt):
        fitted(task(), *[evaluations(tmp_path / "cut", Here(), Counted(most=whole.asked // 2))] * 2)
    rest = Counted()
    resumed = fitted(task(), *[evaluations(tmp_path / "cut", Here(), rest)] * 2)
    assert resumed.sample.tobytes() == fit.sample.tobytes()
    assert rest.asked == whole.asked - whole.asked // 2


def test_progress_names_what_is_being_done(tmp_path: Path) -> None:
    told: list[str] = []
    model = evaluations(tmp_path, Here())
    fitted(task(), model, model, lambda doing, done, of: told.append(doing))
    assert list(dict.fromkeys(told))[:2] == ["search 1 of 3", "search 2 of 3"]
    assert {"design", "checking the sample"} <= set(told)


def test_a_study_that_assumes_a_free_parameter_cannot_be_fitted(tmp_path: Path) -> None:
    from dataclasses import replace

    study = replace(shipped(), assume={"disability.trait_mean": 8.0})
    with pytest.raises(PlanError, match=r"disability\.trait_mean: assumed by the study"):
        calibrate(study, tmp_path)


@pytest.mark.parametrize(
    ("prior", "mean", "sd", "law"),
    [
        ("normal(7, 1)", 7.5, 0.2, "normal(7.5, 0.2)"),
        ("gamma(16, 0.125)", 2.0, 0.5, "gamma(16, 0.125)"),
        ("beta(20, 20)", 0.6, 0.1, "beta(13.8, 9.2)"),
    ],
)
def test_laws_after_are_of_the_family_before(prior: str, mean: float, sd: float, law: str) -> None:
    assert law_like(prior, mean, sd) == law


def test_other_families_are_refused() -> None:
    with pytest.raises(PlanError, match="normal, gamma or beta"):
        law_like("uniform(0, 1)", 0.5, 0.1)


def test_figures_are_named() -> None:
    assert task().figures == FIGURES
