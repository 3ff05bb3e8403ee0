"""First figures at once, and at full size those of `lbpsim run` to the digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lbpsim.lab import live_run
from lbpsim.lab.figures import PEOPLE, lines, people_by_year
from lbpsim.lab.live_run import LiveRun
from lbpsim.simulation.run import run_study
from lbpsim.simulation.treated_and_untreated import treat_a_thousand
from lbpsim.study import Study, Timeline
from tests.lab.conftest import wait_until
from tests.pathways.small_country import shipped

TABLES = (
    "summary",
    "incremental",
    "yearly",
    "yearly_incremental",
    "yearly_by_group",
    "costs",
    "waiting",
    "by_quintile",
)


@pytest.fixture(scope="module")
def asked() -> Study:
    whole = shipped().with_changes(people=400, years=3, replications=4)
    names = ("usual-care", "cft-rollout", "cft-first")
    return replace(whole, policies=tuple(whole.policy(name) for name in names))


@pytest.fixture
def run() -> Iterator[LiveRun]:
    live = LiveRun(2)
    yield live
    live.close()


def test_full_size_is_what_a_run_gives(run: LiveRun, asked: Study) -> None:
    run.ask(asked)
    wait_until(lambda: run.figures.complete)
    assert (run.figures.done, run.figures.whole, run.figures.failed) == (4, 4, "")
    results, expected = run.figures.results, run_study(asked, workers=1)
    assert results is not None
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(results, table), getattr(expected, table), check_exact=True)
    assert results.treated is not None
    np.testing.assert_array_equal(results.treated.difference, treat_a_thousand(asked).difference)


def test_intervals_come_before_all_is_done(asked: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of some replications are the figures of these."""
    known: list[live_run.Figures] = []
    run = LiveRun(1)
    monkeypatch.setattr(LiveRun, "_tell", lambda self, figures, number: known.append(figures))
    run.ask(asked)
    wait_until(lambda: any(figures.complete for figures in known))
    run.close()
    assert [figures.done for figures in known] == [1, 2, 3, 4, 4]
    some = known[1].results
    assert some is not None
    assert some.replications == 2
    assert " ± " in lines(some)[1].cells[0]
    assert " ± " not in lines(known[0].results)[1].cells[0]


def test_people_by_year_are_those_of_the_table_of_results(asked: Study) -> None:
    results = run_study(asked, workers=1)
    found = people_by_year(results)
    delivering = [policy for policy in asked.policies[1:] if policy.cft.delivers]
    assert list(found) == [policy.title for policy in delivering]
    rows = found[delivering[0].title]
    assert [row.label for row in rows] == [*map(str, results.years), "All years"]
    table = results.treated_by_year.query("measure == 'people_treated' and year == 'all'").set_index("scenario")
    treated = float(table.loc[delivering[0].name, "value"])
    assert float(rows[-1].cells[1].split(" ± ")[0].replace(",", "")) == pytest.approx(treated, rel=0.1)
    assert all(len(row.cells) == len(PEOPLE) for row in rows)


def test_only_what_was_changed_is_simulated_again(run: LiveRun, asked: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = []
    whole = live_run.PreparedStudy.simulate_all

    def counted(self, policies, number, **options):
        simulated.extend(policy.name for policy in policies)
        return whole(self, policies, number, **options)

    monkeypatch.setattr(live_run.PreparedStudy, "simulate_all", counted)
    run.ask(asked)
    wait_until(lambda: run.figures.done == 4)
    assert sorted(set(simulated)) == sorted(asked_names := [policy.name for policy in asked.policies])
    assert len(simulated) == 4 * len(asked_names)
    simulated.clear()
    usual, rollout, first = asked.policies
    moved = replace(rollout, cft=replace(rollout.cft, offered=Timeline((1.0,), (0.3,))), title="Another title")
    other = replace(asked, policies=(usual, moved, first))
    run.ask(other)
    wait_until(lambda: run.figures.done == 4)
    assert simulated == ["cft-rollout"] * 4
    monkeypatch.undo()
    pd.testing.assert_frame_equal(run.figures.results.summary, run_study(other, workers=1).summary, check_exact=True)


def test_what_is_no_longer_asked_for_stops(run: LiveRun, asked: Study) -> None:
    run.ask(replace(asked, people=20_000, years=10, replications=40))
    run.ask(None)
    assert run.figures.results is None
    run.ask(asked)
    wait_until(lambda: run.figures.done == 4)
    assert run.figures.results is not None
    assert run.figures.results.people == 400


def test_a_failure_is_told(run: LiveRun, asked: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(live_run.PreparedStudy, "simulate_all", fails)
    run.ask(asked)
    wait_until(lambda: bool(run.figures.failed))
    assert "no room" in run.figures.failed
    monkeypatch.undo()
    run.ask(asked)
    wait_until(lambda: run.figures.done == 4)
