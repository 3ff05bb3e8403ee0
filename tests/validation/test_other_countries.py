"""A study of another country: the trial is emulated where it was held, and of the country only what its pack knows is
compared.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.evidence import in_force
from lbpsim.evidence.shipped_countries import from_name, reference
from lbpsim.report.charts.trial_findings import draw_costs
from lbpsim.report.validation_output import write
from lbpsim.study import load
from lbpsim.study.shipped import of_country
from lbpsim.validation.summary import Assessment, assess
from lbpsim.validation.trial import where_it_was
from tests.validation.small import study

ENGLAND = from_name("england")


@pytest.fixture(scope="module")
def england() -> Assessment:
    asked = load(of_country(ENGLAND)[0].parent).with_changes(people=4000, replications=4)
    with in_force.within(ENGLAND):
        return assess(asked, workers=1)


def test_the_trial_is_emulated_where_it_was_held_at_prices_of_there() -> None:
    there = where_it_was(load(of_country(ENGLAND)[0].parent))
    assert (there.country, there.price_year) == (reference(), reference().price_year)
    assert where_it_was(study()) is study()


@pytest.mark.gate
def test_money_of_the_trial_is_told_in_its_own(england: Assessment) -> None:
    costs = england.restore[england.restore["outcome"].str.startswith("cost_")]
    assert set(costs["unit"]) == {"AUD"} and len(costs) > 4
    with in_force.within(ENGLAND):
        told = " ".join(text.get_text().replace("\n", " ") for text in draw_costs(england).findobj(match=_is_text))
    assert "AUD a participant at prices of 2024" in told and "GBP" not in told


def _is_text(artist: object) -> bool:
    return hasattr(artist, "get_text")


@pytest.mark.gate
def test_only_figures_that_the_pack_knows_are_compared(england: Assessment) -> None:
    known = england.study.registry.parameters
    assert {"country.cases", "country.fusions"} <= set(england.targets["parameter"]) <= set(known)
    assert england.targets[["published", "comparable", "emulated"]].notna().all(axis=None)
    assert not {"country.health_spending", "country.low_back_pain_ylds"} & set(england.targets["parameter"])
    (built,) = england.targets[england.targets["parameter"] == "country.cases"]["explained"]
    assert built == "The population is built to 12.6% of adults; it has grown since 2023."


@pytest.mark.gate
def test_what_was_found_is_written_with_its_charts(england: Assessment, tmp_path: Path) -> None:
    with in_force.within(ENGLAND):
        write(england, tmp_path)
    assert {"checks.csv", "targets.csv", "restore.csv", "summary.md"} <= {path.name for path in tmp_path.iterdir()}
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert "prices of 2025; the trial is emulated in Australia, in Australian dollars of 2024." in summary
