"""What ships is what comes out of a calibration: values, laws and the sample of the posterior."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lbpsim.calibration.fit import calibrate, canonical
from lbpsim.calibration.normal_scores import prior
from lbpsim.calibration.plan import shipped
from lbpsim.evidence import Parameter, distributions, tables
from lbpsim.evidence.units import to_canonical
from tests.pathways.small_country import shipped as shipped_study

FREE = [free.parameter for free in shipped().free]


def by_name(parameter: Parameter) -> str:
    return parameter.name


def test_the_sample_has_a_row_a_draw_and_a_column_a_parameter() -> None:
    rows = tables.posterior()
    assert tuple(rows.columns) == shipped().names
    assert len(rows) == shipped().settings.sample
    assert np.isfinite(rows.to_numpy()).all()


@pytest.mark.parametrize("parameter", FREE, ids=by_name)
def test_the_base_case_is_the_mean_of_the_sample(parameter: Parameter) -> None:
    """To three significant digits."""
    assert tables.posterior()[parameter.name].mean() == pytest.approx(parameter.canonical, rel=0.006)


@pytest.mark.parametrize("parameter", FREE, ids=by_name)
def test_the_registered_law_has_the_spread_of_the_sample(parameter: Parameter) -> None:
    assert parameter.distribution is not None
    spread = to_canonical(float(distributions.law(parameter.distribution).std()), parameter.unit)
    assert tables.posterior()[parameter.name].std(ddof=1) == pytest.approx(spread, rel=0.01)


@pytest.mark.parametrize("parameter", FREE, ids=by_name)
def test_no_row_lies_where_the_prior_holds_nothing(parameter: Parameter) -> None:
    low, high = (to_canonical(float(end), parameter.unit) for end in prior(parameter).ppf([1e-6, 1.0 - 1e-6]))
    assert tables.posterior()[parameter.name].between(low, high).all()


@pytest.mark.parametrize("parameter", FREE, ids=by_name)
def test_fitted_parameters_say_so(parameter: Parameter) -> None:
    assert "docs/calibration.md" in parameter.note


def test_rows_stay_together() -> None:
    """The faster people remit, the larger the effect behind a published difference: samples of each alone lose that."""
    rows = tables.posterior()
    assert np.corrcoef(rows["course.remission_established"], rows["cft.latent_scale_year3"])[0, 1] > 0.3


@pytest.mark.slow
def test_the_shipped_values_come_out(tmp_path: Path) -> None:
    """The whole calibration again. Equal to the bit on one machine; elsewhere to the error of the chain's mean."""
    fit = calibrate(shipped_study(), tmp_path)
    spread = fit.sample_in_units.std(axis=0, ddof=1)
    registered = np.array([one.value for one in FREE])
    assert (np.abs(fit.values - registered) < 0.2 * spread).all()
    ours, shipped_rows = canonical(fit), tables.posterior()[list(shipped().names)].to_numpy()
    assert (np.abs(ours.mean(axis=0) - shipped_rows.mean(axis=0)) < 0.2 * shipped_rows.std(axis=0)).all()
    assert ours.std(axis=0) == pytest.approx(shipped_rows.std(axis=0), rel=0.15)
    assert (np.abs(fit.task.loss.misses(fit.again[: len(fit.task.loss.targets)])) < 2.0).all()
