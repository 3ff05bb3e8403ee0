"""Which years the QALYs and DALYs of a print are of: said wherever they stand."""

from __future__ import annotations

from lbpsim.outcomes.measures import Outcome
from lbpsim.study import Study

OF_THE_STUDY = "QALYs and DALYs are those of the study's years."
OF_LIVES = "QALYs are those of the study's years; DALYs hold all the years of life that deaths within them lose."


def whole_lives_lost(study: Study) -> bool:
    """Whether years of life lost are counted beyond the study's years too."""
    return study.options.get("years_of_life_lost") == "life_expectancy"


def which_years(study: Study) -> str:
    """A sentence for prints that give `qalys` and `dalys`."""
    return OF_LIVES if whole_lives_lost(study) else OF_THE_STUDY


def label(outcome: Outcome, study: Study) -> str:
    """The label of an outcome, right for the study: years of life lost may be those of whole lives."""
    whole = whole_lives_lost(study) and outcome.unit in ("YLLs", "DALYs")
    return outcome.label.replace("of the study's years", "of whole lives") if whole else outcome.label
