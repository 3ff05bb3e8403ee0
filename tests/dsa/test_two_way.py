"""Two-way analysis: a grid over both intervals, right at every point."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.net_benefit import View, benefit
from lbpsim.dsa.one_way import interval_of
from lbpsim.dsa.two_way import grid, two_way
from lbpsim.evidence.output_tables import output_table
from lbpsim.simulation.variants import Variant, VariantRunner, assuming
from lbpsim.simulation.workers import hired
from lbpsim.study import InputErrors
from tests.dsa.small_analysis import little, small

NAMES = "cft.uptake, cft.session_cost"


def test_a_grid_spans_both_intervals() -> None:
    over = grid(small(), "cft", NAMES, little())
    assert over.names == ("cft.uptake", "cft.session_cost") and len(over.points) == 9
    assert (over.first[0], over.first[-1]) == interval_of("cft.uptake", small())
    assert (over.second[0], over.second[-1]) == interval_of("cft.session_cost", small())


def test_points_are_those_of_a_simulation_of_everybody() -> None:
    """What the comparator cannot feel is not simulated for it; the figures are as if it were."""
    over = grid(small(), "cft", NAMES, little())
    with hired(1) as pool:
        runner = VariantRunner(pool, 1)
        table = two_way(runner, small(), "cft", over)
        values = dict(zip(over.names, over.points[5], strict=True))
        usual, mine = runner.one(Variant("point", assuming(small(), values), ("usual-care", "cft"))).values()
    assert list(table.columns) == output_table("two_way").names and len(table) == 9 * 4
    row = table[(table["first_value"] == over.points[5][0]) & (table["second_value"] == over.points[5][1])]
    for each in row.to_dict("records"):
        wanted = benefit(mine - usual, View(each["perspective"], each["threshold"])).mean()
        assert each["net_benefit"] == pytest.approx(wanted)


def test_dearer_sessions_are_worth_less_in_proportion() -> None:
    with hired(1) as pool:
        table = two_way(VariantRunner(pool, 1), small(), "cft", grid(small(), "cft", NAMES, little()))
    mine = table[(table["perspective"] == "societal") & (table["threshold"] == table["threshold"].max())]
    worth = mine.pivot_table(index="first_value", columns="second_value", values="net_benefit").to_numpy()
    steps = np.diff(worth, axis=1)
    assert (steps < 0.0).all()
    np.testing.assert_allclose(steps[:, 0], steps[:, 1], rtol=1e-6)


def test_what_the_comparator_feels_is_simulated_for_both() -> None:
    with hired(1) as pool:
        table = two_way(
            VariantRunner(pool, 1), small(), "cft", grid(small(), "cft", "cft.uptake,work.exit_rate", little())
        )
    assert table["net_benefit"].nunique() > 9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cft.uptake", "does not name two different parameters"),
        ("cft.uptake,cft.uptake", "does not name two different parameters"),
        ("cft.uptake,cft.session_cost,work.exit_rate", "does not name two"),
        ("cft.uptake,cft.sesion_cost", "Did you mean `cft.session_cost`"),
        ("cft.uptake,cft.sessions", "has no interval"),
    ],
)
def test_what_is_no_pair_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputErrors) as caught:
        grid(small(), "cft", text, little())
    assert words in " ".join(str(caught.value).split())
