"""Results made up by a seeded generator: plausible in size, shaped like real ones, without simulating anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.dsa.model_readings import HEADLINE
from lbpsim.evidence.output_tables import output_table
from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes import payers
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import COST_CATEGORIES, COUNTED, OUTCOME_INDEX
from lbpsim.outcomes.results import Results
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.study.clock import Timeline
from lbpsim.study.model import Study
from lbpsim.study.policies import CftPolicy, OpioidPolicy, Policy, SurgeryPolicy
from tests.report.synthetic_treated import made_up

Numbers = npt.NDArray[np.float64]

FROM_2027 = Timeline((1.0,), (0.06,))
OFFERED = Timeline((1.0, 5.0), (0.1, 0.6))
PLACES = {2027: 400.0, 2028: 800.0, 2029: 1200.0}

ROLLOUT = CftPolicy(offered=OFFERED, training_places=PLACES)
TAPER = OpioidPolicy(tapering_offered=FROM_2027, initiation_change=Timeline((1.0,), (-0.2,)))
FEWER_FUSIONS = SurgeryPolicy(referral_change=Timeline((1.0,), (-0.3,)))

SHIPPED: tuple[Policy, ...] = (
    Policy("usual-care", "Usual care goes on as today", "Today's mix of care,\nat today's rates."),
    Policy("cft-rollout", "CFT offered in primary care", "Clinicians are trained over five years.", cft=ROLLOUT),
    Policy(
        "cft-biofeedback", "CFT with movement sensors", cft=CftPolicy(OFFERED, training_places=PLACES, biofeedback=True)
    ),
    Policy("cft-unlimited", "CFT without limits of capacity", cft=CftPolicy(OFFERED, capacity_limited=False)),
    Policy(
        "opioids-instead",
        "Opioids in place of CFT",
        cft=CftPolicy(OFFERED, training_places=PLACES, replaced_by="opioids"),
    ),
    Policy(
        "surgery-instead",
        "Surgery in place of CFT",
        cft=CftPolicy(OFFERED, training_places=PLACES, replaced_by="surgery"),
    ),
    Policy("opioid-expansion", "Opioids grow again", opioids=OpioidPolicy(growth=FROM_2027)),
    Policy("surgery-expansion", "Surgery grows again", surgery=SurgeryPolicy(growth=FROM_2027)),
    Policy("opioid-stewardship", "Supported tapering, tighter prescribing", opioids=TAPER),
    Policy("surgery-restraint", "Referral to surgery limited", surgery=FEWER_FUSIONS),
    Policy("cft-first", "CFT, stewardship and restraint together", cft=ROLLOUT, opioids=TAPER, surgery=FEWER_FUSIONS),
)

A_YEAR: Mapping[str, float] = {
    "pain_free_years": 5.2e5, "low_impact_years": 5.4e5, "moderate_impact_years": 7.3e5, "high_impact_years": 9.9e5,
    "opioid_years": 2.5e5, "disorder_years": 2.3e4, "treatment_years": 7e3, "working_age_years": 1.7e6,
    "employed_years": 1.2e6, "surgery_waiting_years": 3.2e3, "rmdq_years": 2.2e7, "pain_years": 1.1e7, "qalys": 1.62e6,
    "ylds": 3.0e5, "ylls": 3e3, "new_cases": 3e5, "remissions": 2.6e5, "recurrences": 2.1e5, "consultations": 9e6,
    "opioid_starts": 9e4, "overdoses": 570.0, "overdose_deaths": 75.0, "surgery_referrals": 4.4e3, "surgeries": 4.1e3,
    "surgery_deaths": 6.0, "reoperations": 500.0, "deaths": 4.5e4, "absence_hours": 7e7, "cost_consultations": 7e8,
    "cost_usual_care": 2.9e9, "cost_opioids": 1.4e8, "cost_disorder": 6e7, "cost_overdose": 9e6, "cost_fractures": 8e7,
    "cost_surgery": 2.6e8, "cost_lost_work": 1.9e10,
}  # fmt: skip
NOISE = {"overdose_deaths": 0.25, "surgery_deaths": 0.5, "surgeries": 0.06, "surgery_referrals": 0.06}
CFT_SHARE_AVERTED = {"ylds": 0.05, "high_impact_years": 0.1, "rmdq_years": 0.05, "pain_years": 0.03}
PAYER_SHARES = {"private_insurer": 0.2, "patient": 0.25, "government": 0.55}


class SyntheticResults(Results):
    """Real results but for the totals, which are made up, and the shares of payers, which need no registry."""

    @cached_property
    def costs(self) -> pd.DataFrame:
        """As the real ones."""
        yearly = self.yearly[self.yearly["outcome"].isin(COST_CATEGORIES)]
        rows = [
            (row.scenario, row.year, row.outcome.removeprefix("cost_"), payer, part)
            for row in yearly.itertuples()
            for payer, part in payers.split(row.value, _payers(row.outcome))
        ]
        return pd.DataFrame(rows, columns=["scenario", "year", "category", "payer", "cost"])


def _payers(outcome: str) -> Mapping[str, float]:
    return {"employer": 0.4, "society": 0.6} if outcome == "cost_lost_work" else PAYER_SHARES


def synthetic(
    policies: tuple[Policy, ...] = SHIPPED, *, years: int = 10, replications: int = 20, start: date = date(2026, 1, 1)
) -> Results:
    """Results of a study with these policies, the first being the comparator."""
    study = Study(
        "australia", "Policies for chronic low back pain", "", reference(), start, years, 7000, replications, 20250805,
        0.05, "societal", (28033.0, 50000.0), 2024, policies[0].name, {}, {}, policies,
    )  # fmt: skip
    years = len(study.calendar_years)
    generator = np.random.default_rng(1)
    luck = generator.standard_normal((replications, years, len(COUNTED)))
    each = [_policy(policy, years, luck, generator) for policy in policies]
    totals = np.zeros((len(policies), replications, 2, years, COUNTRY_WIDE + 1, len(COUNTED)), dtype=np.int64)
    for p, values in enumerate(each):
        discounted = values * (1.05 ** -np.arange(years))[None, :, None]
        for d, amount in enumerate((values, discounted)):
            totals[p, :, d] = _by_group(amount)
    return SyntheticResults(
        study=study,
        totals=totals,
        scales=np.ones(replications),
        national=np.zeros((len(policies), 2, years, len(COUNTED))),
        people=7000,
        country_cases=2.78e6,
        engine="compiled",
        events=1_234_567,
        seconds=12.5,
        treated=made_up(),
    )


READINGS = {"base": "As the study has it", "half_fidelity": "CFT half as strong", "sustained": "Effect lasts"}


def switched(results: Results, note: str = "") -> pd.DataFrame:
    """Made-up readings of the headline of the first policy beside the comparator: the base, half of it, and more.

    `note`: of the last.
    """
    rows = results.incremental
    rows = rows[(rows["scenario"] == results.scenarios[1]) & rows["discounted"] & rows["outcome"].isin(HEADLINE)]
    found = []
    for (switch, title), share in zip(READINGS.items(), (1.0, 0.5, 1.1), strict=True):
        mine = rows[["scenario", "outcome", "unit"]].assign(switch=switch, title=title, note="")
        mine["difference"], mine["mcse"] = rows["difference"] * share, rows["mcse"]
        mine["change"], mine["change_mcse"] = mine["difference"] - rows["difference"], rows["mcse"] * abs(share - 1.0)
        found.append(mine)
    found[-1]["note"] = note
    return pd.concat(found, ignore_index=True)[output_table("switches").names]


def followed_to_death(results: Results) -> Results:
    """The same results with something beyond the study's years: once more what its last year came to."""
    study = replace(results.study, follow="lifetime")
    return replace(results, study=study, beyond=results.totals[:, :, :, -1].copy())


def _by_group(amount: Numbers) -> npt.NDArray[np.int64]:
    """Spread over groups, shape (replications, years, groups, outcomes); clinics belong to no group."""
    shared = np.repeat(amount[:, :, None, :] / COUNTRY_WIDE, COUNTRY_WIDE + 1, axis=2)
    shared[:, :, COUNTRY_WIDE] = 0.0
    for outcome in COUNTED:
        if outcome.kind == "clinic" or outcome.name == "cost_training":
            number = OUTCOME_INDEX[outcome.name]
            shared[:, :, :COUNTRY_WIDE, number] = 0.0
            shared[:, :, COUNTRY_WIDE, number] = amount[:, :, number]
    return np.round(shared * FIXED_POINT).astype(np.int64)


def _policy(policy: Policy, years: int, luck: Numbers, generator: np.random.Generator) -> Numbers:
    """Made-up yearly amounts, shape (replications, years, outcomes)."""
    values = np.zeros(luck.shape)
    own = generator.standard_normal(luck.shape)
    come, changes = _reach(policy, years), policy.first_date < np.inf
    for name, amount in A_YEAR.items():
        k = OUTCOME_INDEX[name]
        noise = NOISE.get(name, 0.006)
        effect = _factor(policy, name, come)
        drift = 1.012 ** np.arange(years)
        private = 0.15 * noise * changes
        values[:, :, k] = amount * drift * effect * (1 + noise * luck[:, :, k] + private * own[:, :, k] * (effect != 1))
    _clinics(policy, years, values, own)
    return np.maximum(values, 0.0)


def _reach(policy: Policy, years: int) -> Numbers:
    """How far a policy has come, 0 to 1, by year."""
    begun = np.clip((np.arange(years) - 0.5) / 5.0, 0.0, 1.0)
    return np.zeros(years) if policy.first_date == np.inf else begun


def _factor(policy: Policy, name: str, come: Numbers) -> Numbers:
    change = 0.0
    if policy.cft.offered.times and policy.cft.replaced_by is None:
        size = 1.0 + 0.15 * policy.cft.biofeedback + 0.8 * (not policy.cft.capacity_limited)
        change -= size * CFT_SHARE_AVERTED.get(name, 0.0)
        change += size * {"pain_free_years": 0.0, "low_impact_years": 0.18, "qalys": 0.006}.get(name, 0.0)
        change -= size * {"cost_usual_care": 0.06, "cost_lost_work": 0.04}.get(name, 0.0)
    opioids = {"opioids": 0.9}.get(policy.cft.replaced_by or "", 0.0) + 0.5 * bool(policy.opioids.growth.times)
    opioids -= 0.35 * bool(policy.opioids.tapering_offered.times)
    surgery = {"surgery": 1.6}.get(policy.cft.replaced_by or "", 0.0) + 0.6 * bool(policy.surgery.growth.times)
    surgery -= 0.3 * bool(policy.surgery.referral_change.times)
    change += opioids * (name in {"overdose_deaths", "overdoses", "opioid_years", "cost_opioids", "cost_disorder"})
    change += surgery * (name in {"surgeries", "surgery_referrals", "cost_surgery", "reoperations", "surgery_deaths"})
    change += {"ylds": 0.004 * opioids - 0.002 * surgery, "qalys": -0.001 * opioids + 0.0004 * surgery}.get(name, 0.0)
    change += 0.01 * (abs(opioids) + abs(surgery)) * (name == "cost_lost_work")
    return np.asarray(1 + change * come)


def _clinics(policy: Policy, years: int, values: Numbers, own: Numbers) -> None:
    if not policy.cft.offered.times or policy.cft.replaced_by is not None:
        return
    come = _reach(policy, years)
    wiggle = 1 + 0.02 * own[:, :, 0]
    courses = 70_000 * come * wiggle
    values[:, :, OUTCOME_INDEX["cft_courses"]] = courses
    values[:, :, OUTCOME_INDEX["cft_joined"]] = courses * 1.4
    values[:, :, OUTCOME_INDEX["cost_cft"]] = courses * 1100
    if not policy.cft.capacity_limited:
        return
    values[:, :, OUTCOME_INDEX["cft_places"]] = 75_000 * come
    values[:, :, OUTCOME_INDEX["cft_places_unused"]] = np.maximum(75_000 * come - courses, 0) * (np.arange(years) > 5)
    values[:, :, OUTCOME_INDEX["cft_waiting_years"]] = 22_000 * np.sin(np.pi * come) * wiggle + 4000 * come
    values[:, :, OUTCOME_INDEX["cft_years_waited"]] = courses * 0.35 * (1.2 - come)
    values[:, :, OUTCOME_INDEX["cost_training"]] = 2e7 * (1 - come) * (come > 0)


def many_policies() -> Results:
    """Seventeen policies, six of them a user's own with long and odd names."""
    own: tuple[tuple[str, Any], ...] = (
        ("cft-in-rural-and-remote-areas-delivered-by-telehealth-from-2028", {"cft": ROLLOUT}),
        ("Böse_überlange", {"assume": {"cft.fidelity": 0.5}}),
        ("x", {"surgery": FEWER_FUSIONS}),
        ("a-b-c-d-e-f-g", {"opioids": TAPER}),
        ("cft-2", {"cft": ROLLOUT}),
        ("cft-3", {"cft": ROLLOUT}),
    )
    return synthetic((*SHIPPED, *(Policy(name, name, **changes) for name, changes in own)), years=4, replications=4)


def similar(policies: int) -> Results:
    """Results of so many policies, the comparator first: a third each offer CFT, taper opioids, restrain surgery."""
    kinds: tuple[dict[str, Any], ...] = ({"cft": ROLLOUT}, {"opioids": TAPER}, {"surgery": FEWER_FUSIONS})
    others = (Policy(f"choice-{n}", f"Choice {n}", **kinds[n % 3]) for n in range(policies - 1))
    return synthetic((SHIPPED[0], *others), years=3, replications=4)
