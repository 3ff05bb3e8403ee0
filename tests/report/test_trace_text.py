"""Lives side by side: what a reader sees of them on a terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from itertools import takewhile, zip_longest

import numpy as np
import pytest
from rich.console import Console

from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.lives import ENTERS, Moment
from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.report.trace_text import describe, side_by_side
from lbpsim.simulation.trace import TracedLife
from lbpsim.study import Policy, Study

HERE = Moment(
    time=0.0, event=ENTERS, age=40, rmdq_before=9.04, rmdq=9.04, pain=5.06, in_pain=True, on_opioids=False,
    disorder=False, treated=False, work="", on_cft_list=False, on_surgery_list=False, alive=True, qalys=0.0,
    health_care=0.0, lost_work=0.0,
)  # fmt: skip
CONSULTED = replace(HERE, time=0.5, event="consultation")
JOINED = replace(CONSULTED, time=1.0, on_cft_list=True)
END = replace(HERE, time=2.0, event="end of the study")
STUDY = Study(
    "two", "Two policies", "", reference(), date(2026, 1, 1), 2, 10, 1, 1, 0.05, "societal", (50_000.0,), 2024,
    "usual-care", {}, {}, (Policy("usual-care", "Usual care."), Policy("other", "The other policy")),
)  # fmt: skip


def life(policy: str, *moments: Moment, **sums: tuple[float, float]) -> TracedLife:
    """A life with sums of some outcomes, undiscounted and discounted."""
    totals = np.zeros((2, 2, COUNTRY_WIDE + 1, len(COUNTED)), np.int64)
    for name, amounts in sums.items():
        totals[:, 0, 0, OUTCOME_INDEX[name]] = [int(amount * FIXED_POINT) for amount in amounts]
    return TracedLife(policy, moments, totals)


def shown(*lives: TracedLife, whole: bool = False, width: int = 160) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width).print(side_by_side(STUDY, 17, lives, whole=whole))
    return screen.getvalue()


def test_where_the_person_lives_is_told_where_that_is_known() -> None:
    assert shown(replace(life("usual-care", HERE, END), region="The North")).startswith(
        "Person 17 of The North: a life"
    )
    assert shown(life("usual-care", HERE, END)).startswith("Person 17: a life under Usual care")


def tables(text: str) -> list[list[list[str]]]:
    """Cells of each table by row, headings first: its columns lie between gutters blank in every row."""
    lines, found = text.splitlines(), []
    for number, line in enumerate(lines):
        if set(line.strip()) == {"─"}:
            block = [lines[number - 1], *takewhile(str.strip, lines[number + 1 :])]
            inked = "".join("x" if "".join(at).strip() else " " for at in zip_longest(*block, fillvalue=" "))
            spans = [column.span() for column in re.finditer("x+(?: x+)*", inked)]
            found.append([[row[start:end].strip() for start, end in spans] for row in block])
    return found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "enters the model: aged 40, RMDQ 9.0, pain 5.1"),
        ({"in_pain": False, "rmdq": 0.0, "pain": 0.0}, "enters the model: aged 40, in remission"),
        ({"on_cft_list": True}, "enters the model: aged 40, RMDQ 9.0, pain 5.1, on the CFT list"),
        ({"on_surgery_list": True}, "enters the model: aged 40, RMDQ 9.0, pain 5.1, waiting for surgery"),
        ({"alive": False, "event": "death"}, "death: dead at 40"),
        ({"work": "working"}, "enters the model: aged 40, RMDQ 9.0, pain 5.1, working"),
        (
            {"work": "left work because of pain"},
            "enters the model: aged 40, RMDQ 9.0, pain 5.1, left work because of pain",
        ),
        ({"work": "off work after surgery"}, "enters the model: aged 40, RMDQ 9.0, pain 5.1, off work after surgery"),
    ],
)
def test_a_moment_in_words(changes: dict[str, object], words: str) -> None:
    assert describe(replace(HERE, **changes)) == words  # type: ignore[arg-type]


def test_a_moment_on_opioids_in_words() -> None:
    on = replace(HERE, on_opioids=True)
    assert "opioids" in describe(on) and "disorder" not in describe(on)
    assert describe(replace(on, disorder=True)).endswith("opioid use disorder")
    assert describe(replace(on, disorder=True, treated=True)).endswith("opioid use disorder in treatment")


def test_what_is_shared_is_told_once() -> None:
    text = shown(life("usual-care", HERE, CONSULTED, END), life("other", HERE, JOINED, END))
    together, apart, _ = tables(text)
    assert together == [
        ["Date", "Under every policy"],
        ["2026-01-01", "enters the model: aged 40, RMDQ 9.0, pain 5.1"],
    ]
    assert apart[0] == ["Date", "usual-care", "other"]
    assert text.count("enters the model") == 1
    assert "The lives part on 2026-07-02, after 1 moments" in text
    assert "Person 17" in text and "Usual care and The other policy" in text


def test_after_the_parting_each_life_has_its_column_in_order_of_time() -> None:
    lives = (life("usual-care", HERE, CONSULTED, END), life("other", HERE, JOINED, END))
    for whole, dates in (
        (False, ["2026-07-02", "2027-01-01"]),
        (True, ["2026-07-02", "2027-01-01", "2028-01-01", "2028-01-01"]),
    ):
        together, apart, _ = tables(shown(*lives, whole=whole, width=320))
        assert [row[0] for row in together] == ["Date", "2026-01-01"]
        assert apart[0] == ["Date", "usual-care", "other"]
        assert [row[0] for row in apart[1:]] == dates
        assert apart[1][1].startswith("consultation") and apart[1][2] == ""
        assert apart[2][1] == "" and "on the CFT list" in apart[2][2]
    assert "end of the study" in apart[3][1] and apart[3][2] == ""
    assert apart[4][1] == "" and "end of the study" in apart[4][2]


def test_lives_that_never_part() -> None:
    lives = [life(name, HERE, CONSULTED, END) for name in ("usual-care", "other")]
    text = shown(*lives)
    assert "are the same to the end: no policy ever touched this person" in text
    together, _ = tables(text)
    assert together[0] == ["Date", "Under every policy"]
    assert [row[0] for row in together[1:]] == ["2026-01-01", "2026-07-02", "2028-01-01"]
    assert "The lives part" not in text


def test_lives_that_part_at_once_have_no_shared_column() -> None:
    text = shown(life("usual-care", HERE, END), life("other", replace(HERE, age=41), END))
    assert "Under every policy" not in text
    assert "The lives part on 2026-01-01, after 0 moments" in text


def test_one_life_ends_where_the_other_goes_on() -> None:
    dead = replace(CONSULTED, time=1.0, event="death", alive=False)
    text = shown(life("usual-care", HERE, CONSULTED), life("other", HERE, CONSULTED, dead))
    assert "The lives part on 2027-01-01, after 2 moments" in text
    assert "dead at 40" in text


def test_a_single_life_is_told_to_its_end() -> None:
    text = shown(life("usual-care", HERE, CONSULTED, END))
    together, _ = tables(text)
    assert together[0] == ["Date", "usual-care"]
    assert [row[0] for row in together[1:]] == ["2026-01-01", "2026-07-02", "2028-01-01"]
    assert "part on" not in text and "no policy ever touched" not in text


def test_sums_stand_side_by_side_plain_and_discounted() -> None:
    lives = (
        life("usual-care", HERE, END, qalys=(1.5, 1.25), cost_usual_care=(1000.0, 900.0), cost_lost_work=(5.0, 4.0)),
        life("other", HERE, JOINED, qalys=(1.75, 1.5), cost_cft=(250.0, 240.0), cft_sessions=(7.0, 6.5)),
    )
    headings, *sums = tables(shown(*lives))[-1]
    assert headings == ["Over the whole life within the study", "usual-care", "other"]
    table = {row[0]: row[1:] for row in sums}
    assert table["QALYs"] == ["1.5000", "1.7500"]
    assert table["QALYs, discounted"] == ["1.2500", "1.5000"]
    assert table["Health care (AUD)"] == ["1,000.00", "250.00"]
    assert table["Health care (AUD), discounted"] == ["900.00", "240.00"]
    assert table["Lost work (AUD)"] == ["5.00", "0.00"]
    assert table["CFT sessions"] == ["0", "7"]


@pytest.mark.parametrize("width", [80, 300])
def test_no_word_is_lost_on_a_terminal_of_any_width(width: int) -> None:
    text = shown(life("usual-care", HERE, CONSULTED, END), life("other", HERE, JOINED, END), whole=True, width=width)
    assert "…" not in text
    assert all(len(line) <= width for line in text.splitlines())


def test_titles_with_brackets_are_shown_as_they_are() -> None:
    """Titles are users' text: square brackets must not be taken for markup."""
    odd = replace(STUDY, policies=(replace(STUDY.policies[0], title="Usual [bold]care[/bold] [x]"),))
    screen = io.StringIO()
    Console(file=screen, width=160).print(side_by_side(odd, 1, [life("usual-care", HERE, END)]))
    assert "Usual [bold]care[/bold] [x]" in screen.getvalue()
