"""The columns of the tables of the decision layer: their types, units and meanings."""

from __future__ import annotations

from lbpsim.report.columns import MCSE, OUTCOME, SCENARIO, UNIT, VALUE, YEAR, Column, Table

PERSPECTIVE = Column("perspective", "string", "Whose costs count: health_system, or societal (with lost work).")
THRESHOLD = Column("threshold", "number", "What a QALY is worth.", "AUD per QALY", nature="input")
ELSEWHERE = Column(
    "threshold", "number", "Health care costs for which a QALY could be had elsewhere.", "AUD per QALY", nature="input"
)
FIFTH = Column("quintile", "string", "Socioeconomic fifth of people, 1 the most disadvantaged, or all for their sum.")

BUDGET = Table(
    "budget",
    "Budget impact",
    "Policy less comparator in what is paid for health care, undiscounted, in constant prices. Lost work is nobody's "
    "budget and is left out. Payers add up to all payers, and years to the periods.",
    (
        SCENARIO,
        Column("period", "string", "Calendar year, the first years from-to, or the whole horizon from-to."),
        Column("payer", "string", "Who pays, or all payers."),
        Column("cost", "number", "Change in cost at the prices of the study's price year.", "AUD", nature="flow"),
    ),
    ("scenario", "period", "payer"),
)
CAPACITY = Table(
    "capacity",
    "Capacity by year",
    "What stands beside the budget: physiotherapists, places, courses, waits and operations by calendar year.",
    (SCENARIO, YEAR, OUTCOME, UNIT, VALUE, MCSE),
    ("scenario", "year", "outcome"),
)
HEALTH = Table(
    "net_health",
    "Net health by socioeconomic quintile",
    "Discounted QALYs against the comparator that each fifth gains from the policy, and loses because its health care "
    "costs are not spent elsewhere.",
    (
        ELSEWHERE,
        SCENARIO,
        FIFTH,
        Column("gained", "number", "QALYs gained from the policy.", "QALYs", nature="flow"),
        Column(
            "forgone", "number", "QALYs displaced elsewhere; below zero where savings buy some.", "QALYs", nature="flow"
        ),
        Column("net", "number", "Gained less forgone.", "QALYs", nature="flow"),
        Column("mcse", "number", "Monte Carlo standard error of what is gained.", "QALYs", nature="statistic"),
    ),
    ("scenario", "quintile"),
)
EQUITY = Table(
    "equity",
    "Efficiency and equity",
    "What each policy is worth to people averse to inequality of healthy life, by kind and strength of aversion. Net "
    "health and the gain in equity add up to its worth.",
    (
        ELSEWHERE,
        Column("aversion", "string", "Atkinson: to relative inequality; Kolm: to absolute inequality."),
        Column("strength", "number", "Parameter of aversion; 0 is none.", nature="input"),
        Column("registered", "boolean", "Whether it is the strength of the registry."),
        SCENARIO,
        Column("net_health", "number", "Net health of all fifths.", "QALYs", nature="flow"),
        Column("equity_gain", "number", "What its distribution adds.", "QALYs", nature="flow"),
        Column("worth", "number", "QALYs that, equally shared, would be as good.", "QALYs", nature="statistic"),
    ),
    ("aversion", "strength", "scenario"),
)
CEAC = Table(
    "ceac",
    "Acceptability by threshold",
    "How likely each policy that could be chosen is to be the best, and what it costs to choose it while unsure, over "
    "the draws of all uncertain parameters. Monte Carlo noise of the draws is taken out of probabilities and losses. "
    "Probabilities of all policies add up to 1. A policy that assumes capacity away is no choice.",
    (
        PERSPECTIVE,
        THRESHOLD,
        SCENARIO,
        Column("net_benefit", "number", "Mean net monetary benefit over the comparator.", "AUD", nature="flow"),
        Column("net_benefit_mcse", "number", "Monte Carlo standard error of that mean.", "AUD", nature="statistic"),
        Column("net_health_benefit", "number", "Mean net health benefit over the comparator.", "QALYs", nature="flow"),
        Column(
            "probability",
            "number",
            "Share of draws in which its net benefit is the highest.",
            "share",
            nature="statistic",
        ),
        Column(
            "probability_mcse",
            "number",
            "Standard error of that share, from the number of draws.",
            "share",
            nature="statistic",
        ),
        Column("best", "boolean", "Whether its expected net benefit is the highest: the frontier curve (CEAF)."),
        Column(
            "expected_loss",
            "number",
            "Lost on average by choosing it; for the best, the EVPI.",
            "AUD",
            nature="statistic",
        ),
        Column(
            "noise_share",
            "number",
            "Part of the variance between draws that is Monte Carlo noise.",
            "share",
            nature="statistic",
        ),
    ),
    ("perspective", "threshold", "scenario"),
)
VOI = Table(
    "voi",
    "Value of information",
    "What could be gained at most by learning parameters exactly before choosing, for the country over the horizon: "
    "everything (EVPI), parts of the model, grades of evidence, groups drawn together, and single parameters (EVPPI, "
    "by regression). Groups overlap and values do not add up.",
    (
        PERSPECTIVE,
        THRESHOLD,
        Column("kind", "string", "everything, part of the model, grade of evidence, drawn together, or parameter."),
        Column("name", "string", "The group, or the parameter by its registered name."),
        Column("label", "string", "The same in words."),
        Column("parameters", "integer", "How many parameters.", nature="input"),
        Column("value", "number", "Value of knowing them exactly.", "AUD", nature="statistic"),
        Column("se", "number", "Standard error of the value.", "AUD", nature="statistic"),
        Column("clear", "boolean", "Whether the value is more than two standard errors above 0."),
        Column(
            "share",
            "number",
            "Part of the value of knowing everything; empty where that is 0.",
            "share",
            nature="ratio",
        ),
        Column(
            "over_lifetime",
            "number",
            "Value in the years in which new research could still be used.",
            "AUD",
            nature="statistic",
        ),
        Column(
            "held_out",
            "number",
            "Check: gained by the rule learnt, in draws it was not learnt from.",
            "AUD",
            nature="statistic",
        ),
        Column(
            "second",
            "number",
            "Check: value by a second regression; empty where it was not needed.",
            "AUD",
            nature="statistic",
        ),
        Column(
            "explained",
            "number",
            "Check: variance of best less closest rival explained in draws left out.",
            "share",
            nature="statistic",
        ),
        Column("doubt", "string", "Which check failed; empty where none did."),
    ),
    ("perspective", "threshold", "kind", "name"),
)
DECISION_TABLES = {"budget": BUDGET, "capacity": CAPACITY, "health": HEALTH, "equity": EQUITY, "ceac": CEAC, "voi": VOI}
