"""Of many policies, charts show those that the rule chooses and say so, however many there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from lbpsim.cea.frontier import frontier_table
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import policy_selection
from lbpsim.report.charts.catalogue import CATALOGUE, Material
from lbpsim.report.charts.policy_selection import READABLE, Kind, few, marked, ranked
from lbpsim.report.charts.policy_styles import looks
from lbpsim.report.charts.styles import PRINT
from lbpsim.report.provenance import notes_on
from lbpsim.voi.decision_analysis import decide
from tests.report.charts.spreading import with_draws
from tests.report.synthetic import similar

QUEUED = Kind("with a list", lambda policy: policy.cft.queues)
DRAWN = {each.name: each for each in CATALOGUE if each.needs in ("", "decision") and each.name not in ("ceac", "voi")}
QUICK = ("severity",)


@pytest.fixture(scope="module")
def forty() -> Results:
    return similar(40)


def test_few_policies_are_all_shown(results: Results) -> None:
    assert few(results) is results


def test_the_frontier_is_shown_then_those_worth_most(forty: Results) -> None:
    table = frontier_table(forty)
    table = table[table["perspective"] == forty.study.perspective].set_index("scenario")
    on = [name for name in forty.scenarios[1:] if table["status"][name] == "on frontier"]
    rest = table["net_benefit_28033"].drop([forty.scenarios[0], *on]).sort_values(ascending=False)
    assert 0 < len(on) < READABLE - 1
    expected = {forty.scenarios[0], *on, *rest.index[: READABLE - 1 - len(on)]}
    chosen = few(forty)
    assert set(chosen.scenarios) == expected
    assert chosen.scenarios == tuple(name for name in forty.scenarios if name in expected)
    assert few(forty, 3).scenarios[1:] == tuple(sorted(ranked(forty)[:2], key=forty.scenarios.index))


def test_figures_of_those_shown_are_those_of_the_study(forty: Results) -> None:
    chosen = few(forty)
    both = forty.summary[forty.summary["scenario"].isin(chosen.scenarios)].reset_index(drop=True)
    assert both.equals(chosen.summary)


def test_draws_of_those_shown_are_theirs(forty: Results) -> None:
    drawn = with_draws(forty, 20)
    chosen = few(drawn)
    assert len(chosen.scenarios) == READABLE
    assert chosen.draws.scenarios == chosen.scenarios
    place = forty.scenarios.index(chosen.scenarios[-1])
    assert (chosen.draws.of("qalys")[:, -1] == drawn.draws.of("qalys")[:, place]).all()


def test_a_sentence_says_how_many_and_which(forty: Results) -> None:
    told = few(forty).part
    assert told.startswith("Shown: 12 of 40 policies: usual care, the ")
    assert "on the frontier, and those with the highest net benefit at AUD 28,033 a QALY" in told
    assert told.endswith("All are in tables/.")
    assert "usual care, those on the frontier with" in few(forty, 2).part


def test_a_chart_of_one_kind_chooses_among_that_kind(forty: Results) -> None:
    chosen = few(forty, kind=QUEUED)
    assert all(policy.cft.queues for policy in chosen.study.policies[1:])
    assert "11 of 13 policies with a list" in chosen.part
    fewer = few(similar(30), kind=QUEUED)
    assert len(fewer.scenarios) == 11
    assert fewer.part == ""


def test_no_two_of_those_shown_look_alike(forty: Results) -> None:
    found = looks(few(forty)).values()
    assert len({(look.colour, look.marker) for look in found}) == READABLE


def drawing(results: Results, name: str) -> Figure:
    decision = decide(results) if DRAWN[name].needs else None
    material = Material(results, decision, Path("nowhere"), Path("nobody"))
    return DRAWN[name].draw(material.few(DRAWN[name]), PRINT)


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.gate) for name in DRAWN]
)
def test_a_chart_does_not_grow_with_the_study(name: str, forty: Results) -> None:
    """Twice the policies need no more paper or ink, but for a close-up of a plane."""
    many, more = drawing(forty, name), drawing(similar(80), name)
    assert np.prod(more.get_size_inches()) < 1.6 * np.prod(many.get_size_inches())
    assert len(more.findobj(Artist)) < 2.0 * len(many.findobj(Artist))
    if name == "per_thousand":  # of treatments, not of policies
        return
    told = " ".join(more.texts[1].get_text().split())
    assert f"of {27 if name in ('waiting', 'capacity') else 80} policies" in told
    assert "All are in tables/." in told


@pytest.mark.gate
def test_the_plane_has_a_dot_for_every_policy_and_the_frontier_of_all(forty: Results) -> None:
    axes = drawing(forty, "plane").axes[0]
    dots = next(line for line in axes.lines if line.get_marker() == ".")
    assert len(dots.get_xdata()) == 40 - READABLE


def test_more_on_the_frontier_than_fit(monkeypatch: pytest.MonkeyPatch, forty: Results) -> None:
    monkeypatch.setattr(policy_selection, "on_frontier", lambda results: frozenset(results.scenarios))
    assert "usual care, those on the frontier with the highest net benefit" in few(forty).part


def test_of_many_thresholds_three_are_marked(results: Results) -> None:
    thresholds = (28_033.0, *(float(at) for at in range(10_000, 40_000, 1000)))
    asked = replace(results, study=replace(results.study, thresholds=thresholds))
    chosen = few(asked)
    assert chosen.scenarios == results.scenarios
    assert chosen.study.thresholds == (28_033.0, 10_000.0, 39_000.0)
    assert chosen.part == ("Shown: 3 of 31 thresholds: the first, the lowest and the highest. All are in tables/.")
    assert few(asked, None).study.thresholds == chosen.study.thresholds
    assert marked(thresholds[:4]) == thresholds[:4]


def test_notes_on_policies_not_shown_are_counted(forty: Results) -> None:
    every, here = notes_on(forty), notes_on(few(forty))
    assert len(every) > len(here) > 1
    assert here[-1].text.startswith(f"{len(every) - len(here) + 1} more notes")
