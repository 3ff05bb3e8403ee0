"""What the trial published of each arm, by the registered names of its figures."""

from __future__ import annotations

from collections.abc import Mapping

YEAR_3_WEEK = 156  # stands for year 3
RANDOMISED = ("restore.arm_usual_care", "restore.arm_cft", "restore.arm_biofeedback")
# Differences from usual care by outcome, arm and week.
DIFFERENCES: Mapping[tuple[str, str, int], str] = {
    (what, arm, week): f"restore.{arm}_{what}_{when}"
    for what in ("rmdq", "pain")
    for arm in ("cft", "biofeedback")
    for week, when in ((13, "week13"), (52, "week52"), (YEAR_3_WEEK, "year3"))
}
BOTH_ARMS_RMDQ = {13: "restore.both_rmdq_week13", 52: "restore.both_rmdq_week52"}
BETWEEN_ARMS = {"rmdq": "restore.arms_rmdq_year3", "pain": "restore.arms_pain_year3"}
TOLERANCES = {"rmdq": "restore.tolerance_rmdq", "pain": "restore.tolerance_pain"}
BENEFITS = {7: "restore.benefit_at_7", 18: "restore.benefit_at_18"}  # by disability at the start
COSTS = {"cft": "restore.cft_cost_difference", "biofeedback": "restore.biofeedback_cost_difference"}
