"""A policy file that the lab writes reads as if by hand, and reads back as what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.lab.draft import Draft, opened
from lbpsim.lab.writing import WIDTH, written
from lbpsim.study.files.nodes import BLANK_LETTERS
from tests.lab.test_draft import POLICIES

BY_HAND = """\
title: CFT for the most disabled
description: >-
  Cognitive Functional Therapy is offered in primary care to more and more people as physiotherapists are
  trained, and those who are most disabled come first.
cft:
  offered: {2027-01-01: 10%, 2031-01-01: 60%}
  training_places:
    2027: 400
    2028: 800
    2029: 1,200
    from 2030: 1,000
  referral_stops_at: 26 weeks
  priority: severity
  regions: [Tasmania, 'Hull, City of', 'ON']
opioids:
  tapering_offered: {2027-01-01: 50%}
assume: {cft.fidelity: 0.8, cft.session_cost: 'AUD 1,100'}
"""


def test_it_reads_as_if_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(BY_HAND)
    draft = opened(file)
    assert written(draft) == BY_HAND


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_shipped_policies_come_back(file: Path, tmp_path: Path) -> None:
    draft = opened(file)
    copy = tmp_path / file.name
    copy.write_text(written(draft), encoding="utf-8")
    assert opened(copy).given == draft.given
    assert max(map(len, copy.read_text("utf-8").splitlines())) <= WIDTH


def test_many_regions_stand_below_each_other(tmp_path: Path) -> None:
    names = [f"Region number {number}" for number in range(12)]
    text = written(Draft("a", {"title": "A", "cft.regions": "\n".join(names)}))
    assert text.splitlines()[:4] == ["title: A", "cft:", "  regions:", "    - Region number 0"]
    file = tmp_path / "a.yaml"
    file.write_text(text)
    assert opened(file).picked("cft.regions") == tuple(names)


WORDS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp", "Zs"), exclude_characters=BLANK_LETTERS), min_size=1, max_size=40
)


@given(title=WORDS, description=st.lists(WORDS, min_size=1, max_size=30).map(" ".join), amount=WORDS)
def test_any_words_come_back(tmp_path_factory, title: str, description: str, amount: str) -> None:
    """Whatever signs of YAML stand in them."""
    values = {"title": title, "description": description, "cft.referral_stops_at": amount}
    draft = Draft("a", {**values, "opioids.initiation_change": (("2027", amount), ("2028", amount))})
    file = tmp_path_factory.mktemp("words") / "a.yaml"
    file.write_text(written(draft), encoding="utf-8")
    assert opened(file).given == draft.given
