"""Health by group: two ways of splitting the same people, and the same figures as in the tables."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.outcomes.groups import GROUPS
from lbpsim.outcomes.health_by_group import FIFTHS, HEALTH, LABELS, health_by_group
from lbpsim.outcomes.results import Results


def test_either_split_adds_up_to_the_country(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    found = health_by_group(eleven.totals, eleven.scales)
    ages, fifths = found[:, :, : len(GROUPS)].sum(axis=2), found[:, :, FIFTHS].sum(axis=2)
    np.testing.assert_allclose(ages, fifths, rtol=1e-12)
    columns = [(0, "qalys"), (1, "qalys"), (0, "life_years")]
    order = list(dict.fromkeys(eleven.summary["outcome"]))
    for place, (discounted, name) in enumerate(columns):
        whole = eleven.horizon_by_replication[:, :, discounted, order.index(name)]
        np.testing.assert_allclose(fifths[..., place], whole, rtol=1e-12)


def test_groups_are_those_of_the_tables(eleven: Results) -> None:
    found = health_by_group(eleven.totals, eleven.scales).mean(axis=1)
    table = eleven.by_quintile.query("outcome == 'qalys' and discounted and scenario == @eleven.scenarios[1]")
    mine = found[1, FIFTHS, HEALTH.index("qalys_discounted")]
    assert mine == pytest.approx(table.sort_values("quintile")["value"].to_numpy(float), rel=1e-12)
    by_age = eleven.horizon_by_group("life_years").mean(axis=1)[1, : len(LABELS), 0]
    assert found[1, :, HEALTH.index("life_years")] == pytest.approx(by_age, rel=1e-12)
