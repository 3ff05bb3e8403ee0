"""Two runs compared: differences of outcomes with their errors, with the same random numbers and with others."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lbpsim.commands.diff import as_json
from lbpsim.explain.run_differences import HEADLINE, ResultsApart, apart, results_apart
from lbpsim.outcomes.results import Results
from lbpsim.report.diff_text import LABELS
from tests.commands.test_diff import said
from tests.report.synthetic import SHIPPED, synthetic

Changed = Callable[..., Results]


def changed(results: Results, **settings: Any) -> Results:
    """The results with other settings of their study."""
    return dataclasses.replace(results, study=dataclasses.replace(results.study, **settings))


@pytest.fixture(scope="module")
def before() -> Results:
    return synthetic(SHIPPED[:3], years=2, replications=6)


def shifted(results: Results, qalys: float) -> Results:
    """Every policy but the comparator with so many QALYs more in each replication, whatever its luck."""
    from lbpsim.outcomes.measures import OUTCOME_INDEX
    from lbpsim.outcomes.totals import FIXED_POINT

    totals = results.totals.copy()
    totals[1:, :, :, 0, 0, OUTCOME_INDEX["qalys"]] += int(qalys * FIXED_POINT)
    return dataclasses.replace(results, totals=totals)


def outcome(found: ResultsApart, scenario: str, name: str = "qalys", against: str = "") -> dict[str, Any]:
    rows = found.outcomes
    mine = rows[(rows["scenario"] == scenario) & (rows["outcome"] == name) & (rows["against"] == against)]
    return dict(mine.iloc[0])


def test_the_same_results_have_no_differences(before: Results) -> None:
    found = results_apart(("a", "b"), (before, before), ())
    assert found.same == before.scenarios
    assert not found.outcomes["clear"].any()
    assert "No differences in results." in said(found)


def test_with_the_same_luck_the_error_is_that_of_pairs(before: Results) -> None:
    found = results_apart(("a", "b"), (before, shifted(before, 50.0)), ())
    assert found.random_numbers == "the same"
    row = outcome(found, "cft-rollout")
    assert row["difference"] == pytest.approx(50.0)
    assert row["mcse"] == pytest.approx(0.0, abs=1e-6)
    assert row["clear"]
    assert outcome(found, "cft-rollout", against="usual-care")["difference"] == pytest.approx(50.0)
    assert found.same == ("usual-care",)
    text = said(found)
    assert "same random numbers, and errors are those of paired" in " ".join(text.split())
    assert "against the comparator:" in text
    assert not any(line.startswith(" usual-care ") for line in text.splitlines())  # it is told as the same, once
    row = next(line for line in text.splitlines() if line.strip().startswith("QALYs "))
    assert row.split()[-3:] == ["+50", "0", "*"]


def test_every_headline_outcome_has_a_label() -> None:
    assert set(LABELS) == {name for name, _ in HEADLINE}


def test_with_other_luck_both_errors_count(before: Results) -> None:
    other = changed(shifted(before, 50.0), seed=1)
    found = results_apart(("a", "b"), (before, other), ())
    assert found.random_numbers == "independent"
    row = outcome(found, "cft-rollout")
    summary = before.summary[before.summary["discounted"] & (before.summary["outcome"] == "qalys")]
    error = summary.set_index("scenario")["mcse"]["cft-rollout"]
    assert row["mcse"] == pytest.approx(np.sqrt(2.0) * error)
    assert not row["clear"]
    assert "random numbers of the runs are independent" in " ".join(said(found).split())


def test_luck_is_shared_in_part_with_other_people(before: Results) -> None:
    other = dataclasses.replace(before, people=before.people + 1)
    assert results_apart(("a", "b"), (before, other), ()).random_numbers == "partly the same"


def test_policies_of_one_run_only(before: Results) -> None:
    fewer = synthetic(SHIPPED[:2], years=2, replications=6)
    found = results_apart(("a", "b"), (before, fewer), ())
    assert found.only == (("cft-biofeedback",), ())
    assert "Only in A: cft-biofeedback." in said(found)


def test_other_comparators_are_not_compared_with(before: Results) -> None:
    other = dataclasses.replace(
        before, study=dataclasses.replace(before.study, policies=(*before.study.policies[1:], before.study.policies[0]))
    )
    assert set(results_apart(("a", "b"), (before, other), ()).outcomes["against"]) == {""}


def test_one_replication_has_no_error() -> None:
    a, b, difference, error = apart(np.array([1.0]), np.array([3.0]), paired=True)
    assert (a, b, difference) == (1.0, 3.0, 2.0)
    assert np.isnan(error)
    one = synthetic(SHIPPED[:2], years=1, replications=1)
    found = results_apart(("a", "b"), (one, shifted(one, 5.0)), ())
    assert not found.outcomes["clear"].any()
    assert "not known" in said(found)
    assert '"mcse": null' in as_json(found)
