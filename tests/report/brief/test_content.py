from __future__ import annotations

import re
from dataclasses import fields, replace

import pandas as pd
import pytest
import yaml

from lbpsim import __version__
from lbpsim.evidence.country import AgeGroup
from lbpsim.outcomes.results import Results
from lbpsim.report.brief.content import AUTHORS, NO_DOUBT, RELEASED, SOFTWARE, brief_of, message
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.finding import finding, view_of
from lbpsim.report.narrative.phrasing import Thing, ends, quantity
from lbpsim.study.regions import Region, Regions
from tests.docs.sources import ROOT, text
from tests.report.narrative import made_up
from tests.report.narrative.made_up import PLAIN, ROLLOUT, Differences, made

GAIN: Differences = {"qalys": (100_000.0, 2_000.0)}
UNCLEAR: Differences = {"qalys": (1_000.0, 2_000.0)}
LOSS: Differences = {"qalys": (-100_000.0, 2_000.0)}
SAVING: Differences = {"cost_consultations": (-5e8, 1e6)}


def test_four_numbers_two_doubts_and_no_empty_words(with_draws: Results) -> None:
    brief = brief_of(with_draws)
    assert len(brief.numbers) == 4
    assert len(brief.doubts) == 2
    for part in fields(brief):
        assert getattr(brief, part.name), part.name


def test_without_a_clear_doubt_it_says_so() -> None:
    assert brief_of(made((PLAIN, GAIN))).doubts == (NO_DOUBT,)


def test_numbers_sentence_and_doubts_are_those_of_the_finding(with_draws: Results) -> None:
    brief, found = brief_of(with_draws), finding(with_draws)
    assert found is not None
    assert brief.numbers == found.headlines
    assert [(each.title, each.text) for each in brief.doubts] == [(d.subject, d.sentence) for d in found.doubts]
    assert found.sentence.removesuffix(".")[1:] in brief.quote.text
    assert brief.best == found.policy


def test_the_gain_is_that_of_the_tables(plain: Results) -> None:
    brief = brief_of(plain, ("cft-rollout",))
    rows = plain.incremental
    (row,) = rows[(rows["scenario"] == "cft-rollout") & (rows["outcome"] == "qalys") & rows["discounted"]].itertuples()
    gain = brief.numbers[1]
    assert gain.estimate.value == pytest.approx(row.difference)
    assert (gain.figure, gain.interval) == (quantity(gain.estimate, Thing("")), ends(gain.estimate, Thing("")))
    assert gain.figure in brief.title


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        pytest.param(GAIN, "“A policy” gains 100,000 QALYs by 2035 against usual care", id="gain"),
        pytest.param(SAVING, "“A policy” is worth more than usual care by 2035", id="saving"),
        pytest.param(UNCLEAR, "no policy is clearly worth more than usual care", id="unclear"),
        pytest.param(LOSS, "no policy is expected to be worth more than usual care", id="loss"),
    ],
)
def test_the_title_says_no_more_than_is_clear(differences: Differences, words: str) -> None:
    assert brief_of(made((PLAIN, differences))).title == f"At central inputs {words}"


def test_numbers_and_quotation_say_where_cft_is_offered_if_not_everywhere() -> None:
    """Whoever lifts the sentence or the numbers cannot miss that a policy begins in some regions alone."""
    halves = tuple(Region(name, "made up", (AgeGroup(0, 100, 1.0, 1.0),)) for name in ("North", "South"))
    plain = made((replace(PLAIN, cft=ROLLOUT.cft), GAIN))
    north = made((replace(PLAIN, cft=replace(ROLLOUT.cft, regions=("North",))), GAIN))
    said = "CFT is offered under “A policy”, only in North (50% of people)."
    for results, there in ((plain, False), (north, True)):
        brief = brief_of(replace(results, study=replace(results.study, regions=Regions(halves))))
        assert (said in brief.terms, said in brief.quote.text) == (there, there)


def test_with_draws_the_title_is_not_of_central_values(with_draws: Results) -> None:
    assert "central inputs" not in brief_of(with_draws).title


def test_without_draws_it_says_so_and_claims_less(plain: Results, with_draws: Results) -> None:
    less, more = brief_of(plain), brief_of(with_draws)
    assert "without parameter uncertainty" in less.terms
    assert "without parameter uncertainty" in less.quote.text
    assert "without parameter uncertainty" in less.chart.text
    assert less.numbers[3].figure == "not known"
    assert "probability" not in less.quote.text
    assert "draws of the inputs" in more.terms
    assert "probability" in more.quote.text


def test_the_quote_is_one_sentence_of_a_simulation(plain: Results, with_draws: Results) -> None:
    for results in (plain, with_draws, made((PLAIN, UNCLEAR)), made((PLAIN, LOSS))):
        quote = brief_of(results).quote.text
        assert quote.startswith("In a simulation of the 2.78 million adults with chronic low back pain in Australia, ")
        assert re.findall(r"[.?!](?:\s|$)", quote) == ["."], quote


def test_brackets_are_said_to_hold_what_they_hold(with_draws: Results) -> None:
    """Those of effects hold parameter uncertainty or Monte Carlo error, that of a probability what draws leave open."""
    gain = made((PLAIN, GAIN))
    varied = made_up.with_draws(gain, {"qalys": (100_000.0, 9_000.0)})
    for results, words in (
        (gain, "; in brackets: 95% Monte Carlo interval, without parameter uncertainty."),
        (varied, "; in brackets: 95% interval of parameter uncertainty."),
        (with_draws, "; in brackets: 95% interval from the number of draws."),
    ):
        assert brief_of(results).quote.text.endswith(words)
    assert "in brackets" not in brief_of(made((PLAIN, UNCLEAR))).quote.text


def test_the_sheet_holds_few_words(plain: Results, with_draws: Results) -> None:
    for results in (plain, with_draws):
        brief = brief_of(results)
        parts = (brief.title, brief.lead, brief.terms, brief.chart.text, brief.quote.text, brief.foot)
        passages = (*brief.doubts, *brief.feet, brief.chart)
        words = " ".join([*parts, *(f"{each.title} {each.text}" for each in passages)]).split()
        assert len(words) <= 450


def test_it_is_cited_as_the_citation_file_says(plain: Results) -> None:
    cited = yaml.safe_load(text(ROOT / "CITATION.cff"))
    assert cited["authors"][0]["name"] == AUTHORS
    assert cited["title"] == f"lbpsim: {SOFTWARE}"
    assert cited["date-released"].year == RELEASED
    how = brief_of(plain).feet[0].text
    assert all(word in how for word in (AUTHORS, str(RELEASED), SOFTWARE, __version__, plain.study.title))


def test_it_is_repeated_by_the_command_of_the_run(plain: Results) -> None:
    assert (
        brief_of(plain)
        .feet[1]
        .text.startswith("lbpsim run scenarios/ --people 7000 --years 10 --seed 20250805 --draws 0 ")
    )


def test_policies_that_are_asked_for_are_those_that_are_compared(with_draws: Results) -> None:
    brief = brief_of(with_draws, ("surgery-restraint", "opioid-stewardship"))
    assert brief.results.scenarios == ("usual-care", "opioid-stewardship", "surgery-restraint")
    assert "compares 2 policies" in brief.lead
    assert "of 3 choices" in brief.quote.text


def test_a_message_is_of_the_policy_that_comes_first() -> None:
    results = made((ROLLOUT, GAIN), (PLAIN, {"qalys": (200_000.0, 2_000.0)}))
    found = finding(results)
    assert found is not None
    assert "“A policy” gains 200,000" in message(Comparison(results, results.study.policy(found.policy)), found)


# --- what is worth finding out ---------------------------------------------------------------------------------------


def information(results: Results, *, clear: bool, doubt: str = "") -> pd.DataFrame:
    """A table of the value of information in which effects of CFT are worth most, in the study's view and another."""
    rows = [
        {"kind": kind, "name": name, "label": name, "value": value, "se": 1e5, "clear": clear, "doubt": doubt}
        for kind, name, value in (
            ("everything", "everything", 9e7),
            ("part of the model", "CFT", 8e7),
            ("drawn together", "Effects of CFT", 5e7),
            ("parameter", "cft.uptake", 2e7),
        )
    ]
    of_view = [row | view_of(results)._asdict() for row in rows]
    return pd.DataFrame([*of_view, *({**row, "threshold": 1e6, "value": 9e9} for row in of_view)])


def test_the_input_that_is_worth_most_to_know_stands_in_a_line(with_draws: Results) -> None:
    """Of single inputs and those drawn together, which a study could tell; parts of the model hold too much."""
    told = brief_of(with_draws, (), information(with_draws, clear=True)).feet[-1]
    assert told.title == "Most worth finding out"
    assert told.text == (
        "Effects of CFT: worth AUD 50 m to know for sure; to know everything for sure would be worth AUD 90 m at "
        "AUD 28,033 a QALY."
    )


@pytest.mark.parametrize(("clear", "doubt"), [(False, ""), (True, "a second regression disagrees")])
def test_what_is_not_clear_is_not_named(with_draws: Results, clear: bool, doubt: str) -> None:
    told = brief_of(with_draws, (), information(with_draws, clear=clear, doubt=doubt)).feet[-1].text
    assert "no single input is clearly worth knowing by itself" in told
    assert "AUD 90 m" in told and "Effects of CFT" not in told


def test_without_draws_nothing_is_said_of_it(plain: Results) -> None:
    assert [foot.title for foot in brief_of(plain).feet] == ["How to cite", "How to repeat"]
