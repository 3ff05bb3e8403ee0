"""What the trial published of each arm, by the registered names of its figures."""

from __future__ import annotations

from collections.abc import Mapping

YEAR_3_WEEK = 156  # stands for year 3
RANDOMISED = ("restore.arm_usual_care", "restore.arm_cft", "restore.arm_biofeedback")
# Differences from usual care by outcome, arm and week.
DIFFERENCES: Mapping[tuple[str, str, int], str] = {
    ("rmdq", "cft", 13): "restore.cft_rmdq_week13",
    ("rmdq", "cft", 52): "restore.cft_rmdq_week52",
    ("rmdq", "cft", YEAR_3_WEEK): "restore.cft_rmdq_year3",
    ("rmdq", "biofeedback", 13): "restore.biofeedback_rmdq_week13",
    ("rmdq", "biofeedback", 52): "restore.biofeedback_rmdq_week52",
    ("rmdq", "biofeedback", YEAR_3_WEEK): "restore.biofeedback_rmdq_year3",
    ("pain", "cft", 13): "restore.cft_pain_week13",
    ("pain", "cft", 52): "restore.cft_pain_week52",
    ("pain", "cft", YEAR_3_WEEK): "restore.cft_pain_year3",
    ("pain", "biofeedback", 13): "restore.biofeedback_pain_week13",
    ("pain", "biofeedback", 52): "restore.biofeedback_pain_week52",
    ("pain", "biofeedback", YEAR_3_WEEK): "restore.biofeedback_pain_year3",
}
BOTH_ARMS_RMDQ = {13: "restore.both_rmdq_week13", 52: "restore.both_rmdq_week52"}
BETWEEN_ARMS = {"rmdq": "restore.arms_rmdq_year3", "pain": "restore.arms_pain_year3"}
TOLERANCES = {"rmdq": "restore.tolerance_rmdq", "pain": "restore.tolerance_pain"}
BENEFITS = {7: "restore.benefit_at_7", 18: "restore.benefit_at_18"}  # by disability at the start
COSTS = {"cft": "restore.cft_cost_difference", "biofeedback": "restore.biofeedback_cost_difference"}
