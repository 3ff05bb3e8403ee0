from __future__ import annotations

import ast
import dataclasses
import math
from pathlib import Path

import pytest

from lbpsim.explain import policy_components
from lbpsim.study import CftPolicy, OpioidPolicy, Policy, Timeline, policies
from lbpsim.study.files.policy_keys import keys_of
from lbpsim.study.policies import PARTS


def test_every_key_is_told_and_belongs_to_a_component() -> None:
    declared = [(path, key) for path, key, _, _ in Policy("a", "A").settings()]
    assert len({path for path, _ in declared}) == len(declared) > 10
    assert {path.partition(".")[0] for path, _ in declared} == set(PARTS)
    assert all(bool(key.component) != bool(key.part_of) for _, key in declared)


def test_a_key_is_named_where_it_is_declared_and_where_it_is_used_alone() -> None:
    """Reading, errors, schema, words, differences and components know no key: they follow from the declaration."""
    study = Path(policies.__file__).parent
    places = [*study.glob("files/*.py"), study / "describe.py", study / "differences.py", study / "sentences.py"]
    names = {
        name for part in PARTS.values() for name in (*keys_of(part), *(key.name for key in keys_of(part).values()))
    } - {"regions"}  # those of the study are read under the same name
    found = {
        f"{place.name}, line {node.lineno}"
        for place in (*places, Path(policy_components.__file__))
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in names - {"replaced_by"})
        or (isinstance(node, ast.Constant) and node.value in names)
    }
    assert found == set()


def test_first_date_of_a_policy() -> None:
    assert Policy("a", "A").first_date == math.inf
    assert Policy("a", "A", assume={"cft.fidelity": 0.5}).first_date == 0.0
    assert Policy("a", "A", opioids=OpioidPolicy(growth=Timeline((3.0,), (0.06,)))).first_date == 3.0
    trained_first = CftPolicy(offered=Timeline((2.0,), (0.1,)), first_training=1.0)
    assert Policy("a", "A", cft=trained_first).first_date == 1.0


OFFER = CftPolicy(offered=Timeline((1.0,), (0.5,)))


@pytest.mark.parametrize(
    ("cft", "makes_offers", "delivers", "queues", "only_compares"),
    [
        (CftPolicy(), False, False, False, False),
        (OFFER, True, True, True, False),
        (dataclasses.replace(OFFER, capacity_limited=False), True, True, False, True),
        (dataclasses.replace(OFFER, replaced_by="opioids"), True, False, False, True),
    ],
)
def test_what_a_cft_policy_does(
    cft: CftPolicy, makes_offers: bool, delivers: bool, queues: bool, only_compares: bool
) -> None:
    assert (cft.makes_offers, cft.delivers, cft.queues, cft.only_compares) == (
        makes_offers,
        delivers,
        queues,
        only_compares,
    )
