"""The columns of the tables of one-way, structural and threshold analysis: their types, units and meanings."""

from __future__ import annotations

from lbpsim.report.columns import SCENARIO, Column, Table
from lbpsim.report.decision_columns import PERSPECTIVE

WORTH = Column(
    "threshold", "number", "What a QALY is worth; empty where it does not matter.", "AUD per QALY", nature="input"
)
COSTS_OF = Column("perspective", "string", "Whose costs: health_system, or societal (with lost work); empty: no costs.")
ROW_UNIT = "in the unit of the row"

ONE_WAY = Table(
    "one_way",
    "One-way analysis",
    "A policy against the comparator, discounted over the horizon, with one uncertain parameter at either end of its "
    "registered 95% interval and all others at their values. Parameters drawn together are moved together.",
    (
        Column("parameter", "string", "Name in the registry, or title of a group drawn together."),
        Column("label", "string", "The same in words."),
        Column("kind", "string", "alone; together (a group); fitted (alone, over the interval of its posterior)."),
        Column("members", "string", "Registered names of what is moved, with commas between."),
        Column("grade", "string", "Grades of the evidence for them."),
        Column("unit_of_ends", "string", "Unit of the ends, as registered; empty for a group."),
        Column("low_text", "string", "Low end of the interval; of a group a word."),
        Column("base_text", "string", "Value in the base case; empty for a group."),
        Column("high_text", "string", "High end of the interval; of a group a word."),
        Column("figure", "string", "net_benefit, icer (cost for each QALY gained), cost, or qalys (gained)."),
        COSTS_OF,
        WORTH,
        Column("unit", "string", "Unit of the figures of the row."),
        Column("low", "number", "The figure at the low end; empty where it is no number.", nature="row"),
        Column("base", "number", "The figure in the base case; empty where it is no number.", nature="row"),
        Column("base_mcse", "number", f"Monte Carlo standard error of the base, {ROW_UNIT}.", nature="statistic"),
        Column("high", "number", "The figure at the high end; empty where it is no number.", nature="row"),
        Column("low_status", "string", "What there is at the low end where a ratio is no number, such as dominated."),
        Column("base_status", "string", "The same in the base case."),
        Column("high_status", "string", "The same at the high end."),
        Column("swing", "number", f"Highest less lowest of low, base and high, {ROW_UNIT}.", nature="statistic"),
        Column(
            "swing_mcse", "number", f"Monte Carlo standard error of the swing, paired, {ROW_UNIT}.", nature="statistic"
        ),
        Column("clear", "boolean", "Whether the swing is more than two Monte Carlo errors."),
    ),
    ("parameter", "figure", "perspective", "threshold"),
)
STRUCTURAL = Table(
    "structural",
    "Structural analysis",
    "A policy against the comparator, discounted over the horizon, under each choice of structure, all else as in the "
    "base case; and which policy is then the best of all that could be chosen.",
    (
        Column("option", "string", "What is chosen: an option of study.yaml, discounting, the horizon, or a scenario."),
        Column("choice", "string", "The choice."),
        Column("decides", "string", "What the option decides, in words."),
        Column("base", "boolean", "Whether it is the choice of the base case."),
        Column("kept_by", "string", "Policies whose own files decide this: for them the choice changes nothing."),
        PERSPECTIVE,
        Column("threshold", "number", "What a QALY is worth.", "AUD per QALY", nature="input"),
        Column("qalys", "number", "QALYs gained.", "QALYs", nature="flow"),
        Column("qalys_mcse", "number", "Monte Carlo standard error of that.", "QALYs", nature="statistic"),
        Column("dalys_averted", "number", "DALYs averted.", "DALYs", nature="flow"),
        Column("dalys_averted_mcse", "number", "Monte Carlo standard error of that.", "DALYs", nature="statistic"),
        Column("cost", "number", "Change in cost from the perspective of the row.", "AUD", nature="flow"),
        Column("cost_mcse", "number", "Monte Carlo standard error of that.", "AUD", nature="statistic"),
        Column("net_benefit", "number", "Net monetary benefit.", "AUD", nature="flow"),
        Column("net_benefit_mcse", "number", "Monte Carlo standard error of that.", "AUD", nature="statistic"),
        Column("change", "number", "Net benefit less that of the base case.", "AUD", nature="flow"),
        Column("change_mcse", "number", "Monte Carlo standard error of that, paired.", "AUD", nature="statistic"),
        Column("clear", "boolean", "Whether the change is more than two Monte Carlo errors."),
        Column("best", "string", "The policy with the highest net benefit of all that could be chosen."),
        Column("lead", "number", "By how much it is ahead of the next.", "AUD", nature="flow"),
        Column("lead_mcse", "number", "Monte Carlo standard error of the lead, paired.", "AUD", nature="statistic"),
        Column("changes", "boolean", "Whether another policy is the best than in the base case."),
    ),
    ("option", "choice", "perspective", "threshold"),
)
THRESHOLDS = Table(
    "thresholds",
    "Threshold analysis",
    "At what value of a parameter the decision changes: between the policy and the comparator, and among all that "
    "could be chosen. Where it does not change over the range looked at, the row says so.",
    (
        Column("search", "string", "What is moved: a search that ships, or a registered parameter."),
        Column("title", "string", "The same in words."),
        Column("decision", "string", "Between which policies."),
        PERSPECTIVE,
        Column("threshold", "number", "What a QALY is worth.", "AUD per QALY", nature="input"),
        Column(
            "number",
            "integer",
            "Number of the change, in rising order of the value; 0 where there is none.",
            nature="input",
        ),
        Column("changes", "boolean", "Whether the decision changes over the range."),
        Column(
            "value",
            "number",
            "Value at which it changes, in the unit of the row; empty where it does not.",
            nature="input",
        ),
        Column("mcse", "number", "Monte Carlo standard error of the value.", nature="statistic"),
        Column("value_text", "string", "The value in words."),
        Column("before", "string", "The best policy below the value; the best throughout where nothing changes."),
        Column("after", "string", "The best policy above it."),
        Column(
            "base",
            "number",
            "Value in the base case of the policy; empty where that makes another choice of structure.",
            nature="input",
        ),
        Column("low", "number", "Low end of the range looked at.", nature="input"),
        Column("high", "number", "High end of the range looked at.", nature="input"),
        Column("range_text", "string", "The range in words."),
        Column("unit", "string", "Unit of the values of the row."),
        Column(
            "price",
            "number",
            "Of a search for the price: fees of a course at the change, by simulation.",
            "AUD",
            nature="ratio",
        ),
        Column(
            "price_limit",
            "number",
            "Of a search for the price: fees of a course at which policy and comparator are worth the same, by "
            "formula; below zero where the policy is not worth having free of charge.",
            "AUD",
            nature="ratio",
        ),
        Column("note", "string", "What a reader has to know of the search."),
    ),
    ("search", "decision", "perspective", "threshold", "number"),
)
UPTAKE = Table(
    "uptake",
    "Budget impact by uptake of CFT",
    "Policy less comparator in what is paid for health care, undiscounted, in constant prices, where more or fewer of "
    "those offered CFT accept. Lost work is nobody's budget and is left out.",
    (
        Column("uptake", "string", "as registered (or as a file sets it), the ends of its interval, half, or double."),
        Column("share", "number", "Share of those offered CFT who accept.", "share", nature="input"),
        SCENARIO,
        Column("period", "string", "Calendar year, the first years from-to, or the whole horizon from-to."),
        Column("payer", "string", "Who pays, or all payers."),
        Column("cost", "number", "Change in cost at the prices of the study's price year.", "AUD", nature="flow"),
    ),
    ("uptake", "scenario", "period", "payer"),
)
TWO_WAY = Table(
    "two_way",
    "Two-way analysis",
    "Net monetary benefit of a policy over the comparator, discounted over the horizon, over a grid of two parameters.",
    (
        Column("first", "string", "Registered name of the first parameter."),
        Column("first_value", "number", "Its value in its canonical unit.", nature="input"),
        Column("first_text", "string", "Its value in words."),
        Column("second", "string", "Registered name of the second parameter."),
        Column("second_value", "number", "Its value in its canonical unit.", nature="input"),
        Column("second_text", "string", "Its value in words."),
        PERSPECTIVE,
        Column("threshold", "number", "What a QALY is worth.", "AUD per QALY", nature="input"),
        Column("net_benefit", "number", "Net monetary benefit.", "AUD", nature="flow"),
        Column("mcse", "number", "Monte Carlo standard error of that.", "AUD", nature="statistic"),
    ),
    ("first_value", "second_value", "perspective", "threshold"),
)
SENSITIVITY_TABLES = {table.name: table for table in (ONE_WAY, STRUCTURAL, THRESHOLDS, UPTAKE, TWO_WAY)}
