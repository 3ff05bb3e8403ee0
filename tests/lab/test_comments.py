"""Comments of a file that is written anew."""

from __future__ import annotations

import pytest

pytest.importorskip("shiny", reason="the lab is an extra: pip install 'lbpsim[lab]'")

from lbpsim.lab.comments import with_comments

BEFORE = """\
# Asked for in May.
title: Old title
description: >-
  Words that run over lines,
  # which is no comment.
cft:
  # As in the plan of 2026.
  offered: {2027: 10%}  # of consultations
  # Nobody knows.
  fidelity: 80%
# The end.
"""


def test_comments_stay_above_their_keys_and_behind_lines_that_are_the_same() -> None:
    new = "title: New title\ncft:\n  training_places: {2027: 400}\n  offered: {2027: 10%}\n"
    assert with_comments(new, BEFORE).splitlines() == [
        "# Asked for in May.",
        "title: New title",
        "cft:",
        "  training_places: {2027: 400}",
        "  # As in the plan of 2026.",
        "  offered: {2027: 10%}  # of consultations",
        "  # Nobody knows.",
        "# The end.",
    ]


def test_a_comment_behind_a_line_that_has_changed_goes() -> None:
    assert "of consultations" not in with_comments("title: A\ncft:\n  offered: {2027: 20%}\n", BEFORE)


@pytest.mark.parametrize("before", ["", "# alone\n", "title: A\n"])
def test_where_there_are_none_the_text_is_as_it_is(before: str) -> None:
    text = "title: B\n"
    assert with_comments(text, before) == text + ("# alone\n" if "alone" in before else "")
