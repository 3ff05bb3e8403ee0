"""Draws and decisions made up for the tests of tables and charts: plausible in size, quick to make."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lbpsim.outcomes.draws import BANDED, DECISIVE, DrawPlan, DrawResults
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.voi.decision_analysis import Decision, decide

NAMES = (
    *("cft.rmdq_week52", "cft.rmdq_year3", "cft.uptake", "cft.session_cost", "cft.courses_per_physiotherapist"),
    *("opioids.start_rate", "opioids.overdose_fatal", "opioids.annual_cost", "surgery.cost", "surgery.odi_late"),
    *("surgery.reoperation_2y", "work.exit_rate", "work.absence_high", "quality.slope", "course.recurrence"),
    *("usual_care.high", "population.adult_prevalence", "equity.uptake_ratio"),
)


def drawn(results: Results, number: int = 200, replications: int = 5) -> DrawResults:
    """Draws around the results: each policy's differences depend on a few of the parameters, and on luck."""
    generator = np.random.default_rng(2)
    parameters = generator.standard_normal((number, len(NAMES)))
    decisive = np.zeros((number, len(results.scenarios), replications, len(DECISIVE)))
    rows = results.incremental[results.incremental["discounted"]].set_index(["scenario", "outcome"])["difference"]
    for place, scenario in enumerate(results.scenarios[1:], start=1):
        weights = generator.standard_normal((len(NAMES), len(DECISIVE))) * (generator.random((len(NAMES), 1)) < 0.3)
        shift = 1.0 + 0.5 * parameters @ weights
        middle = np.array([rows[scenario, outcome] for outcome in DECISIVE])
        luck = 1.0 + 0.1 * generator.standard_normal((number, replications, len(DECISIVE)))
        decisive[:, place] = middle * shift[:, None] * luck
    whole = np.zeros((number, len(results.scenarios), len(OUTCOMES)))
    whole[:, :, [list(OUTCOMES).index(name) for name in DECISIVE]] = decisive.mean(axis=2)
    yearly = np.zeros((number, len(results.scenarios), len(results.years), len(BANDED)))
    return DrawResults(
        scenarios=results.scenarios,
        years=results.years,
        numbers=tuple(range(1, number + 1)),
        plan=DrawPlan(2600, number, 0.02, until_settled=False, pilot=0, reason=""),
        values=whole,
        noise=np.zeros_like(whole),
        mcse=np.zeros_like(whole),
        replicates=decisive,
        yearly=yearly,
        yearly_noise=yearly,
        yearly_mcse=yearly,
        parameters=pd.DataFrame(parameters, columns=list(NAMES), index=pd.RangeIndex(1, number + 1, name="draw")),
    )


def decided(results: Results) -> Decision:
    """The decision layer of made-up results and draws."""
    together = {"Reoperation": ("surgery.reoperation_2y", "surgery.odi_late")}
    return decide(results, drawn(results), together=together)
