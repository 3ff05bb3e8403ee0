"""The columns of the tables of `lbpsim why`: their types, units and meanings."""

from __future__ import annotations

from lbpsim.report.columns import DISCOUNTED, NO_SPREAD, OUTCOME, UNIT, YEAR, Column, Table

LEVEL = Column("level", "string", "change: single changes of the policy; pathway: all changes to one pathway together.")
PART = Column(
    "part",
    "string",
    "The change or pathway, as in changes.csv; interaction: the whole less the sum of what each does alone; all: the "
    "whole policy.",
)
MEASURE = Column(
    "measure",
    "string",
    "contribution: the part alone less the comparator, and the interaction, which add up to the whole; lost without "
    "it: the whole policy less the policy without the part.",
)
VALUE = Column("value", "number", "Difference for the country, in the unit of its row.", nature="row")
PAIRED = Column(
    "mcse",
    "number",
    f"Monte Carlo standard error of the paired difference; {NO_SPREAD}",
    nature="statistic",
)
RELAXATION = Column("relaxation", "string", "What is relaxed, as in relaxations.csv, or all of these together.")
LABEL = Column("label", "string", "The same in words.")

CHANGES = Table(
    "changes",
    "Changes that the policy makes",
    "What the policy is taken apart into.",
    (LEVEL, PART, LABEL, Column("pathway", "string", "CFT, opioids, surgery, or assumptions.")),
    ("level", "part"),
)
RELAXATIONS = Table(
    "relaxations",
    "What can hold the policy back",
    "What was relaxed, and what the policy then is: the end of a range, not a proposal.",
    (RELAXATION, LABEL, Column("meaning", "string", "The policy if this did not hold it back.")),
    ("relaxation",),
)
WHY = Table(
    "why",
    "What each change contributes",
    "What each change of the policy does alone over the horizon, what is lost without it, and their interaction.",
    (LEVEL, PART, MEASURE, OUTCOME, UNIT, DISCOUNTED, VALUE, PAIRED),
    ("level", "part", "measure", "outcome", "discounted"),
)
WHY_YEARLY = Table(
    "why_yearly",
    "What each change contributes, by year",
    "As why.csv, undiscounted, by calendar year; the years add up to the horizon.",
    (LEVEL, PART, MEASURE, YEAR, OUTCOME, UNIT, VALUE, PAIRED),
    ("level", "part", "measure", "year", "outcome"),
)
WHY_PAYERS = Table(
    "why_payers",
    "What each change costs whom",
    "Change in cost by pathway, category and payer over the horizon; the rows of a part and measure add up to its "
    "societal cost.",
    (
        *(LEVEL, PART, MEASURE),
        Column("pathway", "string", "What the cost belongs to: care, CFT, opioids, surgery, or work."),
        Column("category", "string", "What the money is spent on, or lost work."),
        Column("payer", "string", "Who bears the cost."),
        DISCOUNTED,
        Column("value", "number", "Change in cost at the prices of the study's price year.", "AUD", nature="flow"),
        Column("mcse", "number", "Monte Carlo standard error of that change.", "AUD", nature="statistic"),
    ),
    ("level", "part", "measure", "pathway", "category", "payer", "discounted"),
)
HELD_BACK = Table(
    "held_back",
    "What holds the policy back",
    "The policy with one thing relaxed, or all, less the policy as it is, over the horizon.",
    (RELAXATION, OUTCOME, UNIT, DISCOUNTED, VALUE, PAIRED),
    ("relaxation", "outcome", "discounted"),
)
REACHED = Table(
    "reached",
    "How far the offer reaches",
    "From everybody with chronic low back pain to those who start a course, from the year of the first offer; people "
    "who come back are counted again.",
    (
        Column("place", "integer", "Order of the steps.", nature="input"),
        Column("step", "string", "The step in words."),
        UNIT,
        Column("value", "number", "How many; empty where the model does not count them.", nature="row"),
        Column("mcse", "number", "Monte Carlo standard error.", nature="statistic"),
        Column("counted", "string", "Where it was counted, or that it is not."),
    ),
    ("place",),
)
