"""The tables of the draws: how unsure each figure is, how far probabilities have settled, what was drawn."""

from __future__ import annotations

import pandas as pd

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.psa import uncertainty_tables
from lbpsim.report.columns import OUTCOME, SCENARIO, UNIT, YEAR, Column, Table

MEAN = Column("mean", "number", "Mean over draws.", nature="row")
HIDDEN = "empty where most of the variance is noise, which more people in each draw would lessen"
LAW = (
    Column(
        "mcse",
        "number",
        "Monte Carlo standard error of the mean: from the number of draws and of people.",
        nature="statistic",
    ),
    Column(
        "sd",
        "number",
        f"Standard deviation from the parameters alone, Monte Carlo noise taken out; {HIDDEN}.",
        nature="statistic",
    ),
    Column(
        "low", "number", f"Lower end of the 95% uncertainty interval, noise taken out; {HIDDEN}.", nature="statistic"
    ),
    Column(
        "high", "number", f"Upper end of the 95% uncertainty interval, noise taken out; {HIDDEN}.", nature="statistic"
    ),
    Column(
        "noise_share",
        "number",
        "Part of the variance between draws that is Monte Carlo noise.",
        "share",
        nature="statistic",
    ),
)
BETTER = Column(
    "better", "number", "Probability that the policy is worth more than the comparator.", "share", nature="statistic"
)
BETTER_ERROR = Column(
    "better_error", "number", "Half of the 95% Monte Carlo interval of that probability.", "share", nature="statistic"
)
HORIZON = "over the whole horizon, discounted"
DRAW_TABLES = (
    Table(
        "uncertainty",
        "How unsure the totals are",
        f"Each outcome for the country {HORIZON}, over the draws of all uncertain parameters.",
        (SCENARIO, OUTCOME, UNIT, MEAN, *LAW),
        ("scenario", "outcome"),
    ),
    Table(
        "uncertainty_incremental",
        "How unsure the differences from the comparator are",
        f"Each policy less the comparator {HORIZON}, paired within each draw.",
        (SCENARIO, OUTCOME, UNIT, MEAN, *LAW),
        ("scenario", "outcome"),
    ),
    Table(
        "uncertainty_yearly",
        "How unsure each year is",
        "Some outcomes for the country by calendar year, undiscounted, over the draws.",
        (SCENARIO, YEAR, OUTCOME, UNIT, MEAN, *LAW),
        ("scenario", "year", "outcome"),
    ),
    Table(
        "uncertainty_yearly_incremental",
        "How unsure the differences of each year are",
        "Each policy less the comparator by calendar year, undiscounted, paired within each draw.",
        (SCENARIO, YEAR, OUTCOME, UNIT, MEAN, *LAW),
        ("scenario", "year", "outcome"),
    ),
    Table(
        "convergence",
        "What the first draws said, and all of them",
        "Running means and probabilities, to judge whether more draws would change them.",
        (
            Column("draws", "integer", "How many draws the row is from: the first so many.", nature="input"),
            SCENARIO,
            Column("perspective", "string", "Whose costs: health_system, or societal with lost work."),
            Column("threshold", "number", "What a QALY may cost.", "AUD per QALY", nature="input"),
            Column("net_benefit", "number", "Mean net monetary benefit against the comparator.", "AUD", nature="flow"),
            Column("net_benefit_mcse", "number", "Monte Carlo standard error of that mean.", "AUD", nature="statistic"),
            BETTER,
            BETTER_ERROR,
            Column(
                "best", "number", "Probability that the policy is worth the most of all.", "share", nature="statistic"
            ),
            Column(
                "best_error",
                "number",
                "Half of the 95% Monte Carlo interval of that probability.",
                "share",
                nature="statistic",
            ),
        ),
        ("draws", "scenario", "perspective", "threshold"),
    ),
    Table(
        "probabilities",
        "How likely each policy is worth more, with and without structure",
        "Net monetary benefit against the comparator over the draws, Monte Carlo noise taken out.",
        (
            Column("structure", "string", "base: that of the study; averaged: over the structures that draws picked."),
            SCENARIO,
            Column("perspective", "string", "Whose costs count: health_system, or societal (with lost work)."),
            Column("threshold", "number", "What a QALY may cost.", "AUD per QALY", nature="input"),
            Column("net_benefit", "number", "Mean net monetary benefit.", "AUD", nature="flow"),
            BETTER,
            BETTER_ERROR,
        ),
        ("structure", "scenario", "perspective", "threshold"),
    ),
    Table(
        "parameters_drawn",
        "What was drawn",
        "Every parameter that the draws vary; its values in each draw are in draws_parameters.parquet.",
        (
            Column("parameter", "string", "Name in the registry."),
            Column("unit", "string", "Canonical unit of the figures of the row."),
            Column("base", "number", "Value at the point estimates.", nature="input"),
            MEAN,
            Column("sd", "number", "Standard deviation over draws.", nature="statistic"),
            Column("low", "number", "2.5% of draws are below.", nature="statistic"),
            Column("high", "number", "2.5% of draws are above.", nature="statistic"),
            Column("drawn_with", "string", "The group with which it is drawn; empty where it is drawn alone."),
        ),
        ("parameter",),
    ),
)


def draw_frames(results: ProbabilisticResults) -> dict[str, pd.DataFrame]:
    """Every table of the draws by name, its rows as written."""
    draws = results.draws
    return {
        "uncertainty": uncertainty_tables.uncertainty(draws),
        "uncertainty_incremental": uncertainty_tables.uncertainty_incremental(draws),
        "uncertainty_yearly": uncertainty_tables.uncertainty_yearly(draws),
        "uncertainty_yearly_incremental": uncertainty_tables.uncertainty_yearly_incremental(draws),
        "convergence": uncertainty_tables.convergence(draws, results.study.thresholds),
        "probabilities": uncertainty_tables.probabilities_by_structure(draws, results.study.thresholds),
        "parameters_drawn": uncertainty_tables.parameters_drawn(draws, results.study),
    }
