"""Every table of a run, with what follows from it for those who decide and what its draws say, as one package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.cea.frontier import frontier_table, lifetime_frontier_table
from lbpsim.evidence.output_tables import Table, output_table, output_tables
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.per_thousand_treated import DAYS_OFF
from lbpsim.psa import uncertainty_tables
from lbpsim.report.data_package import About, write_package
from lbpsim.report.format import money_of
from lbpsim.report.which_years import label
from lbpsim.study.phrasing import number_of, span
from lbpsim.voi.implementation import implementation_table

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.outcomes.results import Results
    from lbpsim.study import Study
    from lbpsim.voi.decision_analysis import Decision


def write_tables(results: Results, folder: Path, decision: Decision | None = None) -> tuple[Path, ...]:
    """Write every table there is as CSV, and `datapackage.json`; returns the paths, the description last.

    Raises:
        ColumnsError: when a table of the results does not have the columns that its description says.
    """
    study = results.study
    about = About(study.name.lower().replace(" ", "-"), study.title, _description(results))
    return write_package(folder, tables(results, decision), about, study)


def tables(results: Results, decision: Decision | None) -> list[tuple[Table, pd.DataFrame]]:
    """Every table there is, each with its description."""
    groups = ("run",) if results.beyond is None else ("run", "lifetime")
    described = [table for group in groups for table in output_tables(group, results.study.thresholds)]
    found = [(table, _frame(results, table)) for table in described]
    if decision is not None:
        found += [(output_table(name), frame) for name, frame in decision.tables.items()]
    if results.switches is not None:
        found.append((output_table("switches"), results.switches))
    if isinstance(results, ProbabilisticResults):
        sampled = _draw_frames(results)
        found += [(table, sampled[table.name]) for table in output_tables("draws")]
        found += implementation(results.draws, results.study)
    return found


def implementation(draws: DrawResults, study: Study) -> list[tuple[Table, pd.DataFrame]]:
    """The table of what is lost to imperfect implementation; none where the study has no benchmark of it."""
    found = implementation_table(draws, study, study.thresholds)
    return [] if found.empty else [(output_table("implementation"), found)]


def _draw_frames(results: ProbabilisticResults) -> dict[str, pd.DataFrame]:
    draws, thresholds = results.draws, results.study.thresholds
    return {
        "uncertainty": uncertainty_tables.uncertainty(draws),
        "uncertainty_incremental": uncertainty_tables.uncertainty_incremental(draws),
        "uncertainty_yearly": uncertainty_tables.uncertainty_yearly(draws),
        "uncertainty_yearly_incremental": uncertainty_tables.uncertainty_yearly_incremental(draws),
        "convergence": uncertainty_tables.convergence(draws, thresholds),
        "probabilities": uncertainty_tables.probabilities_by_structure(draws, thresholds),
        "parameters_drawn": uncertainty_tables.parameters_drawn(draws, results.study),
    }


def _frame(results: Results, table: Table) -> pd.DataFrame:
    special: Mapping[str, Callable[[Results], pd.DataFrame]] = {
        "scenarios": _scenarios,
        "outcomes": _outcomes,
        "frontier": frontier_table,
        "lifetime_frontier": lifetime_frontier_table,
    }
    made: pd.DataFrame = special[table.name](results) if table.name in special else getattr(results, table.name)
    return made


def _scenarios(results: Results) -> pd.DataFrame:
    policies = results.study.policies
    return pd.DataFrame(
        {
            "scenario": [policy.name for policy in policies],
            "title": [policy.title for policy in policies],
            "description": [" ".join(policy.description.split()) for policy in policies],
            "comparator": [policy.name == results.scenarios[0] for policy in policies],
        }
    )


def _outcomes(results: Results) -> pd.DataFrame:
    rows = [
        (each.name, label(each, results.study), each.unit, each.kind, each.nature)
        for each in (*OUTCOMES.values(), DAYS_OFF)
    ]
    return pd.DataFrame(rows, columns=["outcome", "label", "unit", "kind", "nature"])


def _description(results: Results) -> str:
    years = results.years
    plain = (
        f"Simulated outcomes of {number_of(len(results.scenarios), 'policy')} for chronic low back pain in "
        f"{results.study.place}, {span(years)}, from {number_of(results.people, 'simulated person')} in "
        f"{number_of(results.replications, 'replication')} with seed {results.seed}. Money is in "
        f"{money_of(results.study)}. Columns named mcse are Monte Carlo standard errors, "
        "without parameter uncertainty."
    )
    return f"{plain} {_of_draws(results)}" if isinstance(results, ProbabilisticResults) else plain


def _of_draws(results: ProbabilisticResults) -> str:
    draws = results.draws
    return (
        f"Acceptability, the value of information and the tables of uncertainty are from "
        f"{number_of(len(draws.numbers), 'draw')} "
        f"of {number_of(draws.parameters.shape[1], 'parameter')}, each simulated with "
        f"{number_of(draws.plan.people, 'person')}: intervals there "
        "are of parameter uncertainty."
    )
