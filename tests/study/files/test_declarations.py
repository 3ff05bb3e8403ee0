from __future__ import annotations

from lbpsim.study.files.declarations import homes, policy_file, study_file
from lbpsim.study.options import OPTIONS


def test_every_key_has_a_home() -> None:
    names = {key.name for section in (study_file(), policy_file()) for _, key in section.paths()}
    assert names <= set(homes())
    assert homes()["growth"] == "in a policy file as `opioids.growth` or in a policy file as `surgery.growth`"


def test_the_rules_read_the_same_options() -> None:
    from lbpsim.simulation.inputs import KNOTS, OPTION_FIELDS
    from lbpsim.study.limits import MOST_DATES

    assert all(OPTIONS[name][0] == choices for name, choices in OPTION_FIELDS.items())
    assert KNOTS >= MOST_DATES
