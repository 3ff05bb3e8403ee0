from __future__ import annotations

from datetime import timedelta

import pytest

from lbpsim import evidence
from lbpsim.evidence.shipped_countries import reference
from lbpsim.population.demography import people_counted, project
from lbpsim.population.prevalence import prevalence
from lbpsim.study import limits
from lbpsim.study.clock import part_of_year


def test_cases_are_those_that_the_population_finds() -> None:
    found = float((prevalence(reference(), evidence.base_values()) * people_counted(reference())).sum())
    assert limits.cases() == pytest.approx(found, rel=0.005)


def test_the_earliest_start_is_the_first_that_the_population_allows() -> None:
    values = evidence.base_values()
    first, before = limits.earliest_start(), limits.earliest_start() - timedelta(days=1)
    project(reference(), first.year + part_of_year(first), 1, values)
    with pytest.raises(ValueError, match="cannot start"):
        project(reference(), before.year + part_of_year(before), 1, values)


def test_whole_numbers() -> None:
    allowed = limits.Whole(1, 3)
    assert [value for value in (0, 1, 3, 4, True, 2.0, "2") if allowed.allows(value)] == [1, 3]
