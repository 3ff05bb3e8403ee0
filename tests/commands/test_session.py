from __future__ import annotations

from dataclasses import replace

from lbpsim.commands.session import of_the_country
from tests.pathways.small_country import study
from tests.study.test_regions import NORTH


def test_work_on_published_figures_says_that_it_is_of_the_whole_country() -> None:
    assert list(of_the_country(study())) == []
    (told,) = of_the_country(replace(study(), region=NORTH))
    assert told.startswith("Published figures are of Australia") and "The North" in told
