"""Made-up results with draws around them by year, for charts that show how unsure parameters make a figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lbpsim.outcomes.draws import BANDED, ProbabilisticResults
from lbpsim.outcomes.results import Results
from tests.report.decided import drawn

NOISE = 0.002  # of a value: small beside what parameters do
ALWAYS_NOISY = "overdose_deaths"


def with_draws(results: Results, number: int = 60, own: float = 0.03) -> ProbabilisticResults:
    """The results with draws whose yearly figures lie around theirs, those of one outcome lost in noise; `own`: how far
    a policy's figures vary by themselves.
    """
    draws = drawn(results, number)
    generator = np.random.default_rng(5)
    rows = results.yearly.set_index(["outcome", "scenario", "year"])["value"]
    middle = np.stack([rows[name].unstack("year").loc[list(results.scenarios)].to_numpy() for name in BANDED], axis=-1)
    middle = np.nan_to_num(middle)
    common = 1.0 + 0.08 * generator.standard_normal((number, 1, 1, len(BANDED)))
    alone = 1.0 + own * generator.standard_normal((number, len(results.scenarios), 1, len(BANDED)))
    yearly = middle * common * alone
    noise = np.abs(yearly) * NOISE
    noise[..., BANDED.index(ALWAYS_NOISY)] = np.abs(yearly[..., BANDED.index(ALWAYS_NOISY)])
    draws = replace(draws, yearly=yearly, yearly_noise=noise, yearly_mcse=noise)
    return ProbabilisticResults.join(results, draws)
