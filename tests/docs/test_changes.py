"""The page of what repairs do to results: every option has its row or says why not, and the page is as figures say."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from lbpsim.evidence import parameters
from lbpsim.simulation.consistency import check
from lbpsim.study import Study, load
from lbpsim.study.options import OPTIONS
from tests.test_docs import ROOT, _script, _text


@pytest.fixture(scope="module")
def changes() -> Any:
    return _script("changes")


@pytest.fixture(scope="module")
def study() -> Study:
    return load(ROOT / "scenarios")


def test_every_option_has_a_row_or_is_as_it_was(changes: Any) -> None:
    """Whoever adds an option says whether it repairs something, and what version 1 did."""
    repaired = [name for repair in changes.repairs().values() for name in repair.options]
    assert len(repaired) == len(set(repaired))
    assert set(repaired) | changes.kept_from_version_1() == set(OPTIONS)
    assert not set(repaired) & changes.kept_from_version_1()


def test_a_repair_is_undone_by_something_that_there_is(changes: Any) -> None:
    for name, repair in changes.repairs().items():
        for option, choice in repair.options.items():
            choices, _ = OPTIONS[option]
            assert choice in choices[1:], f"{name}: version 1's reading is an alternative, the base is the repair"
        for parameter, value in repair.assume.items():
            known = parameters()[parameter]
            assert known.role == "input" and known.canonical != value, name
        assert repair.options or repair.assume or repair.policy_keys, name


def test_each_step_makes_one_repair(changes: Any, study: Study) -> None:
    """On top of version 1's reading; all of them together are the study as shipped."""
    known = changes.repairs()
    found = dict(changes.steps(study, known))
    assert list(found) == [changes.VERSION_1, *known, changes.TOGETHER]
    assert found[changes.TOGETHER] == study
    for name, repair in known.items():
        again = repair.undone(found[name])
        shown = [policy.name for policy in again.policies]
        first = found[changes.VERSION_1]
        assert again.options == first.options and dict(again.assume) == dict(first.assume), name
        assert list(again.policies) == [first.policy(each) for each in shown], name
        assert set(shown) == {study.comparator, *repair.policies}, name


def test_version_1_makes_sense_and_stops_no_referral(changes: Any, study: Study) -> None:
    first = check(dict(changes.steps(study, changes.repairs()))[changes.VERSION_1])
    assert all(policy.cft.referral_stops_at == math.inf for policy in first.policies)
    assert not any(policy.cft.capacity_limited for policy in first.policies if policy.cft.replaced_by)


def test_the_page_is_as_the_kept_figures_say(changes: Any) -> None:
    page = _text(changes.PAGE)
    parts = changes.tables(changes.kept())
    assert sorted(parts) == sorted(_script("pages").names(page))
    assert _script("pages").filled(page, parts) == page


def test_kept_figures_are_of_the_repairs_that_there_are(changes: Any) -> None:
    figures: pd.DataFrame = changes.kept()
    known = changes.repairs()
    assert list(figures["step"].unique()) == [changes.VERSION_1, *known, changes.TOGETHER]
    for name, repair in known.items():
        assert set(figures.loc[figures["step"] == name, "policy"]) == set(repair.policies), name
