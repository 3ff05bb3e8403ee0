"""A person's money and health worked out from the moments of their life, apart from the engine's own accrual.

Read as an accountant would: what was paid at each moment, and what ran on between two moments at rates that move
along a line. Nothing is taken from `lbpsim.outcomes` or from the tally; luck that a moment does not show (was a session
attended, was there a complication) is drawn again from its key.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from lbpsim.engine.random_numbers import uniform
from lbpsim.evidence import parameters
from lbpsim.outcomes.lives import Life, Moment
from lbpsim.pathways.person import ATTENDS, OFFERS, SURGERY_OUTCOME, TAPER, TAPER_ACCEPT, TAPER_OFFER, THINKS_AGAIN
from lbpsim.pathways.starting_disability import StartingDisability
from lbpsim.study import Policy, Study

NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)  # exact far beyond the last bit for spans of a year
WORKING, LEFT_WORK, OFF_AFTER_SURGERY = "working", "left work because of pain", "off work after surgery"
LEVELS = ("none", "low", "moderate", "high")
Amounts = dict[str, float]


def integral(first: float, last: float, start: float, end: float, force: float) -> float:
    """Discounted sum over time of a rate that moves on a line from `first` to `last`; times in years."""
    times = start + (end - start) * (NODES + 1.0) / 2.0
    rates = first + (last - first) * (NODES + 1.0) / 2.0
    return float((WEIGHTS * rates * np.exp(-force * times)).sum() * (end - start) / 2.0)


class Ledger:
    """One life under one policy, added up; `sex` 0 for men, 1 for women; `operations` before it began."""

    def __init__(
        self, study: Study, policy: Policy, life: Life, *, person: int, sex: int, operations: int, discounted: bool
    ) -> None:
        self.values: Mapping[str, float] = study.values(policy)
        self.study, self.policy, self.person, self.sex = study, policy, person, sex
        self.force = math.log(1.0 + study.discount_rate) if discounted else 0.0
        self.sums: Amounts = defaultdict(float)
        a_case = parameters()["country.yld_per_case"].value
        self.weight = a_case / StartingDisability(self.values).mean(lambda rmdq: rmdq)  # of a point
        self.courses = self.reviews = self.consultations = 0
        self.operations = operations
        self.tapered = False
        self.answers: list[tuple[bool, float]] = []  # to the offer of a taper, and when
        self.after: list[Amounts] = [{}]
        for old, new in pairwise(life.moments):
            self.run_on(old, new)
            self.pay(old, new)
            self.after.append(dict(self.sums))

    # --- what runs on ------------------------------------------------------------------------------------------------

    def run_on(self, old: Moment, new: Moment) -> None:
        """Between two moments the state is that after the first; disability moves on a line."""
        ends = (old.rmdq, new.rmdq_before)
        self.add_line("qalys", old, new, *(self.utility(old, rmdq) for rmdq in ends))
        self.add_line("rmdq_years", old, new, *ends)
        self.add_line("ylds", old, new, *(self.weight * rmdq for rmdq in ends))
        self.add_line("life_years", old, new, 1.0, 1.0)
        levels = [self.level(old, rmdq) for rmdq in ends]
        self.add_line("cost_usual_care", old, new, *(self.usual_care(level) for level in levels))
        self.add_line("cost_lost_work", old, new, *(self.lost_work(old, level) for level in levels))
        if old.on_opioids:
            self.add_line("cost_opioids", old, new, *[self.values["opioids.annual_cost"]] * 2)
        if old.treated:
            self.add_line("cost_disorder", old, new, *[self.values["opioids.disorder_treatment_cost"]] * 2)

    def add_line(self, outcome: str, old: Moment, new: Moment, first: float, last: float) -> None:
        self.sums[outcome] += integral(first, last, old.time, new.time, self.force)

    def utility(self, moment: Moment, rmdq: float) -> float:
        v, age = self.values, moment.age
        norm = v["quality.norm_intercept"] + v["quality.norm_age"] * age + v["quality.norm_age2"] * age * age
        norm = v["quality.norm_scale"] * (norm + (v["quality.norm_male"] if self.sex == 0 else 0.0))
        lost = v["opioids.disorder_utility_loss"] if moment.disorder else 0.0
        lost += v["opioids.utility_loss"] if moment.on_opioids else 0.0
        return norm * (v["quality.utility_at_zero"] - v["quality.slope"] * rmdq) / v["quality.utility_at_zero"] - lost

    def level(self, moment: Moment, rmdq: float) -> str:
        if not moment.in_pain:
            return "none"
        if rmdq < self.values["impact.moderate_from"]:
            return "low"
        return "moderate" if rmdq < self.values["impact.high_from"] else "high"

    def usual_care(self, level: str) -> float:
        return self.values[f"usual_care.{level}"] * self.values["usual_care.share_counted_here"]

    def lost_work(self, moment: Moment, level: str) -> float:
        if moment.work == WORKING:
            hours = self.values[f"work.absence_{level}"]
            return hours * (1.0 + self.values["work.reduced_effectiveness"]) * self.values["work.hourly_earnings"]
        full = self.values["work.weekly_earnings"] * 365.25 / 7.0
        left = moment.work == LEFT_WORK and self.study.options["lost_work"] == "human_capital"
        return full if left or moment.work == OFF_AFTER_SURGERY else 0.0

    # --- what is paid at a moment ------------------------------------------------------------------------------------

    def add(self, outcome: str, amount: float, new: Moment) -> None:
        self.sums[outcome] += amount * math.exp(-self.force * new.time)

    def luck(self, kind: int, occurrence: int) -> float:
        return float(uniform(self.study.seed, 0, self.person, kind, occurrence))

    def pay(self, old: Moment, new: Moment) -> None:
        operated = old.on_surgery_list and not new.on_surgery_list
        if new.event == "consultation":
            self.consult(old, new)
        elif new.event == "place found: CFT begins":
            self.begin_course(new)
        elif new.event == "CFT course review":
            self.review(new)
        elif new.event == "overdose":
            self.harm("cost_overdose", "opioids.overdose", new)
        elif new.event == "fracture":
            self.harm("cost_fractures", "opioids.fracture", new)
        elif new.event == "reoperation":
            self.operate("surgery.reoperation_cost", new)
        elif new.event in ("surgery date or review", "place found: operation") and operated:
            self.operate("surgery.cost", new)
        left = new.work == LEFT_WORK and old.work in (WORKING, OFF_AFTER_SURGERY)
        if left and self.study.options["lost_work"] == "friction":
            months = self.values["work.friction_period"]
            self.add("cost_lost_work", self.values["work.weekly_earnings"] * 365.25 / 7.0 * months, new)
        if new.on_opioids and not old.on_opioids:
            self.tapered = False

    def consult(self, old: Moment, new: Moment) -> None:
        self.consultations += 1
        self.add("cost_consultations", self.values["care.consultation_cost"], new)
        share = self.on_line(
            self.policy.opioids.tapering_offered.times, self.policy.opioids.tapering_offered.values, new
        )
        offered = self.luck(TAPER_OFFER, self.consultations) < share
        if new.on_opioids and (old.on_opioids and not self.tapered) and offered and self.agrees(new.time):
            self.tapered = True
            self.add("cost_opioids", self.values["opioids.taper_cost"], new)

    def agrees(self, now: float) -> bool:
        """To a taper: a mind made up when first asked; after a while a share of those who declined think again."""
        n = len(self.answers)
        said, when = self.answers[-1] if n else (False, -math.inf)
        if not said and now - when >= self.values["care.reconsider_after"]:
            thinks = n == 0 or self.luck(THINKS_AGAIN, OFFERS * n + TAPER) < self.values["care.reconsider_share"]
            said = thinks and self.luck(TAPER_ACCEPT, n) < self.values["opioids.taper_uptake"]
            self.answers.append((said, now))
        return said

    @staticmethod
    def on_line(times: tuple[float, ...], values: tuple[float, ...], new: Moment) -> float:
        if not times or new.time < times[0]:
            return 0.0
        return float(np.interp(new.time, times, values))

    def begin_course(self, new: Moment) -> None:
        self.courses += 1
        self.reviews = 0
        device = self.values["biofeedback.device_cost"] if self.policy.cft.biofeedback else 0.0
        self.add("cost_cft", self.values["cft.first_session_cost"] + device, new)
        self.sums["cft_courses"] += math.exp(-self.force * new.time)

    def review(self, new: Moment) -> None:
        """Reviews 1 to 6 are sessions, 7 is week 13, 8 the booster; then week 52 and the years."""
        self.reviews += 1
        booster = int(self.values["cft.sessions"]) + 1
        if self.reviews < booster - 1:
            attendance = self.values["cft.attendance"]
        elif self.reviews == booster:
            attendance = self.values["cft.booster_attendance"]
        else:
            return
        if new.in_pain and self.luck(ATTENDS, self.courses * 32 + self.reviews) < attendance:
            self.add("cost_cft", self.values["cft.session_cost"], new)

    def harm(self, category: str, what: str, new: Moment) -> None:
        self.add(category, self.values[f"{what}_cost"], new)
        self.add("qalys", -self.values[f"{what}_qaly_loss"], new)

    def operate(self, price: str, new: Moment) -> None:
        self.operations += 1
        self.add("cost_surgery", self.values[price], new)
        self.add("qalys", -self.values["surgery.qaly_loss"], new)
        death, complication = self.values["surgery.death"], self.values["surgery.complication"]
        luck = self.luck(SURGERY_OUTCOME, self.operations)
        if death <= luck < death + complication * (1.0 - death):
            self.add("cost_surgery", self.values["surgery.complication_cost"], new)
            self.add("qalys", -self.values["surgery.complication_qaly_loss"], new)
