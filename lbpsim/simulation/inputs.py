"""The inputs of the rules: every registered parameter by name, and what follows from them, in one read-only record.

A parameter `cft.uptake` is the field `cft_uptake`. Everything else in the record is derived here, and nowhere else.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lbpsim.engine.quantile_tables import CELLS, gamma_table, lognormal_table
from lbpsim.evidence import tables
from lbpsim.evidence.country import Country
from lbpsim.evidence.units import DAYS_A_WEEK, DAYS_A_YEAR
from lbpsim.outcomes.groups import OLDEST, age_bands
from lbpsim.pathways import opioids
from lbpsim.pathways.dated_multipliers import growth_steps, pace_of
from lbpsim.pathways.starting_disability import StartingDisability
from lbpsim.population.balance import remission
from lbpsim.population.demography import along_ages
from lbpsim.population.opioid_balance import stop_established
from lbpsim.population.people import HISTORY
from lbpsim.population.quintiles import uptake
from lbpsim.population.referrals import referrals_per_operation
from lbpsim.population.regions import offered_in
from lbpsim.simulation.cft_effect import cft_effect
from lbpsim.study import Policy, Study, Timeline
from lbpsim.study.limits import ADULT
from lbpsim.study.policies import MODES

KNOTS = 32
WEIBULL_YEARS = 11  # of use, after which its rate of stopping is taken not to fall any more
OPTION_FIELDS = {
    "employment": ("by_age", "only_by_pain"),
    "acceptance": ("of_the_person", "at_each_offer"),
    "at_the_place": ("assessed_again", "as_referred"),
    "after_year_three": ("waning", "sustained", "gone_by_year_five", "gone_at_year_three"),
    "lost_work": ("human_capital", "friction"),
    "productivity": ("by_impact", "trial_anchored"),
}
OFFERS = {None: 0, "opioids": 1, "surgery": 2}
REOPERATION_YEARS = (2.0, 10.0)  # of surgery.reoperation_2y and _10y

# By impact of pain: none, low, moderate, high.
USUAL_CARE = ("usual_care.none", "usual_care.low", "usual_care.moderate", "usual_care.high")
ABSENCE = ("work.absence_none", "work.absence_low", "work.absence_moderate", "work.absence_high")

Fields = dict[str, Any]


def build(study: Study, policy: Policy, values: Mapping[str, float], *, draw: int = 0) -> npt.NDArray[Any]:
    """The record for one policy, shape (1,): `values` are all parameters in canonical units, overrides included.

    Raises FloatingPointError where a number is too large, or is none, and `numpy.errstate` asks to be told.
    """
    shared, problem = _shared_by_policies(_Shared.of(study, policy, values, draw))
    if problem is not None and "raise" in np.geterr().values():
        raise problem
    own = _record(_together(_offered(study, policy, values), _dated(policy, float(study.years))))
    return _side_by_side(shared, own)


@dataclass(frozen=True)
class _Shared:
    """What those inputs depend on that are the same under most policies, as a `key`; and from what they are made."""

    key: tuple[Any, ...]
    study: Study = field(compare=False)
    policy: Policy = field(compare=False)
    values: Mapping[str, float] = field(compare=False)
    draw: int = field(compare=False)

    @classmethod
    def of(cls, study: Study, policy: Policy, values: Mapping[str, float], draw: int) -> _Shared:
        setting = (study.start, study.years, study.to_death, study.discount_rate, study.seed, draw)
        options = tuple(sorted({**study.options, **policy.options}.items())), tuple(sorted(study.options.items()))
        numbers = tuple(values.values()), tuple(study.values(study.policies[0]).values())
        return cls((setting, options, numbers, study.country, study.evidence), study, policy, values, draw)


@lru_cache(maxsize=8)
def _shared_by_policies(shared: _Shared) -> tuple[npt.NDArray[Any], FloatingPointError | None]:
    """Those inputs, and what NumPy had to let pass on the way to them."""
    try:
        with np.errstate(all="raise", under="ignore"):
            return _record(_worked_out(shared)), None
    except FloatingPointError as problem:
        return _record(_worked_out(shared)), problem


def _worked_out(shared: _Shared) -> Fields:
    study, policy, values = shared.study, shared.policy, shared.values
    prices = {item.name for item in study.registry.cost_items}  # of which no rule knows
    return _together(
        {name.replace(".", "_"): float(value) for name, value in values.items() if name not in prices},
        _setting(study, shared.draw),
        _options(study, policy, values),
        _laws(values),
        _averages(policy, study, values),
        _in_balance(study, policy, values),
        _utility(values, _choice(study, policy, "utility_slope")),
        _life_table(study.country),
        {"utility_norm": _norms(study.country, values)},
        _disability_weights(study, policy, values),
        _rates(values),
        {"uptake_by_quintile": uptake(values)},
    )


def _together(*parts: Fields) -> Fields:
    """All inputs; raises ValueError where two have one name, for one would be read as the other."""
    fields: Fields = {}
    for part in parts:
        if twice := fields.keys() & part.keys():
            raise ValueError(f"two inputs of the rules have one name: {', '.join(sorted(twice))}")
        fields |= part
    return fields


def _record(fields: Fields) -> npt.NDArray[Any]:
    columns = []
    for name, value in fields.items():
        array = np.asarray(value)
        kind = "i8" if array.dtype.kind in "iu" else "f8"
        columns.append((name, kind, array.shape) if array.shape else (name, kind))
    record = np.zeros(1, np.dtype(columns, align=True))
    for name, value in fields.items():
        record[name][0] = value
    record.flags.writeable = False
    return record


def _side_by_side(first: npt.NDArray[Any], then: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """One record with the fields of two; all of them are of eight bytes, or of several times eight."""
    record = np.concatenate([first.view(np.uint8), then.view(np.uint8)]).view(_all_fields(first.dtype, then.dtype))
    record.flags.writeable = False
    return record


@lru_cache(maxsize=8)
def _all_fields(first: np.dtype[Any], then: np.dtype[Any]) -> np.dtype[Any]:
    """Raises ValueError where two fields have one name."""
    return np.dtype([*first.descr, *then.descr], align=True)


def _choice(study: Study, policy: Policy, name: str) -> str:
    return policy.options.get(name, study.options[name])


def _setting(study: Study, draw: int) -> Fields:
    start = study.start
    first_year_end = study.clock(start.replace(year=start.year + 1, month=1, day=1))
    return {
        "seed": study.seed,
        "draw": draw,
        "horizon": float(study.years),
        "beyond": len(study.calendar_years) if study.to_death else 0,  # the last year of sums, which has all after it
        "first_year_end": first_year_end,
        "discount_force": math.log1p(study.discount_rate),
        "age_band": age_bands(),
        "known_to_live": 0.0,
        "employed": _employed(study.country),
    }


@cache
def _employed(country: Country) -> npt.NDArray[np.float64]:
    """Share of people with chronic low back pain who work, by sex and age; shape (2, OLDEST + 1)."""
    shares = np.zeros((2, OLDEST + 1))
    for group in country.employed:
        shares[:, group.low : group.high + 1] = [[group.male], [group.female]]
    return shares


def _options(study: Study, policy: Policy, values: Mapping[str, float]) -> Fields:
    fields: Fields = {name: choices.index(_choice(study, policy, name)) for name, choices in OPTION_FIELDS.items()}
    fields["severity_linked"] = int(_choice(study, policy, "severity_drives_opioids_and_surgery") == "on")
    severe = _choice(study, policy, "severe_mortality") == "on"
    within = _choice(study, policy, "years_of_life_lost") == "within_the_study"
    fields["lost_until"] = float(study.years) if within else math.inf
    fields["severe_mortality"] = values["mortality.severe_rr" if severe else "mortality.back_pain_rr"]
    return fields


def _laws(values: Mapping[str, float]) -> Fields:
    cv = values["cft.response_cv"]
    return {
        "flare_size": gamma_table(values["flares.size_mean"], values["flares.size_shape"]),
        "flare_length": lognormal_table(values["flares.duration_median"], values["flares.duration_sigma"]),
        "response": gamma_table(1.0, 1.0 / cv**2) if cv > 0.0 else np.ones(CELLS + 1),
        "surgery_wait": lognormal_table(values["surgery.wait_median"], values["surgery.wait_sigma"]),
        "off_work": lognormal_table(values["surgery.off_work_median"], values["surgery.off_work_sigma"]),
    }


def _averages(policy: Policy, study: Study, values: Mapping[str, float]) -> Fields:
    start = StartingDisability(values)
    linked = _choice(study, policy, "severity_drives_opioids_and_surgery") == "on"
    return_severity = _return_severity(study, values)
    return {
        "care_mean": start.mean_exp(values["care.severity"]),
        "work_mean": start.mean_exp(values["work.severity"]),
        "return_severity": return_severity,
        "return_mean": start.mean_exp(-return_severity),
        "opioids_mean": start.mean_exp(values["opioids.severity"], with_flares=linked),
        "surgery_mean": start.mean_exp(
            values["surgery.severity"], with_flares=linked, at_least=values["surgery.min_rmdq"]
        ),
    }


def remission_steepness(study: Study, values: Mapping[str, float]) -> float:
    """Fall of the log rate of remission for each point of usual disability; 0 where the study wants none."""
    return values["course.remission_severity"] if study.options["remission"] == "by_disability" else 0.0


def _return_severity(study: Study, values: Mapping[str, float]) -> float:
    return values["work.return_severity"] if study.options["return_to_work"] == "by_disability" else 0.0


def _in_balance(study: Study, policy: Policy, values: Mapping[str, float]) -> Fields:
    """What follows from the balance under usual care, the same for every policy, and the policy's own rates beside."""
    usual = study.values(study.policies[0]) | {name: values[name] for name in values if name.startswith("course.")}
    steepness = remission_steepness(study, values)
    rates, established = (
        remission(study.country, usual, steepness),
        stop_established(study.country, usual, steepness),
    )
    of_operations = study.options["surgery_rate"] == "of_operations"
    referrals = referrals_per_operation(study.country, usual, steepness) if of_operations else 1.0
    return {
        "remission_steepness": steepness,
        "remission_early": rates.early,
        "remission_late": rates.late,
        "referral_rate": values["surgery.referral_rate"] * referrals,
        **_opioid_stopping(study, values, established),
        "treatment_end_rate": max(treatment_end(usual, established), 0.0),
    }


def _opioid_stopping(study: Study, values: Mapping[str, float], established: float) -> Fields:
    """Stopping per year at each step of a spell of use, and the last step that changes anything."""
    choice = study.options["opioid_stopping"]
    if choice == "published":
        early, late = values["opioids.stop_early"], values["opioids.stop_established"]
        return {"opioid_stopping": _by_step([early, early, late]), "last_opioid_step": opioids.ESTABLISHED}
    if choice == "weibull":
        ends = np.arange(WEIBULL_YEARS + 1.0) / values["opioids.weibull_scale"]
        yearly = np.diff(ends ** values["opioids.weibull_shape"])
        return {"opioid_stopping": _by_step(yearly), "last_opioid_step": WEIBULL_YEARS}
    rates = [values["opioids.stop_first_year"], values["opioids.stop_second_year"], established]
    return {"opioid_stopping": _by_step(rates), "last_opioid_step": opioids.ESTABLISHED}


def _by_step(yearly: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rates by step of a spell: the first year has two, each later one."""
    steps = np.full(WEIBULL_YEARS + 2, float(yearly[-1]))
    steps[0] = yearly[0]
    steps[1 : len(yearly) + 1] = yearly
    return steps


def treatment_end(values: Mapping[str, float], stopping: float) -> float:
    """Rate at which treatment of disorder has to end for the share in treatment to hold while use is stopped as usual.

    Below 0 where more leave treatment by stopping use than begin it; nobody's treatment can end at such a rate.
    """
    share = values["opioids.treatment_at_start"]
    leaving = stopping + values["opioids.end_at_remission"] * values["course.remission_established"]
    return values["opioids.treatment_rate"] / _odds(share) - leaving if share > 0.0 else math.inf


def history(study: Study, values: Mapping[str, float], *, draw: int = 0) -> npt.NDArray[Any]:
    """The record under which people have lived before they come into the model, shape (1,): usual care without dates.

    Nobody consults or has flares, which leave no trace, and nobody dies of what everybody dies of: who comes into the
    model is alive. Opioids are stopped as in balance, whatever is chosen from the start of the study on.
    """
    usual = study.policies[0]
    plain = Policy(usual.name, usual.title, assume=usual.assume, options=usual.options)
    settled = dataclasses.replace(study, options={**study.options, "opioid_stopping": "in_balance"})
    record = build(settled, plain, values, draw=draw + HISTORY).copy()
    start = StartingDisability(values)
    quiet = {
        "horizon": math.inf,
        "first_year_end": math.inf,
        "known_to_live": 1.0,
        "care_consultation_rate": 0.0,
        "flares_rate": 0.0,
        "work_mean": start.mean_exp(values["work.severity"], with_flares=False),
        "return_mean": start.mean_exp(-_return_severity(study, values), with_flares=False),
        "opioids_mean": start.mean_exp(values["opioids.severity"], with_flares=False),
        "surgery_mean": start.mean_exp(
            values["surgery.severity"], with_flares=False, at_least=values["surgery.min_rmdq"]
        ),
    }
    for name, value in quiet.items():
        record[name] = value
    record.flags.writeable = False
    return record


def _utility(values: Mapping[str, float], choice: str) -> Fields:
    """Utility in pain: its level without disability or pain, and its slopes along both; people live on its ratio."""
    if choice == "with_pain":
        loss = values["quality.with_pain_odi"]
        zero = values["quality.with_pain_intercept"] - loss * values["quality.odi_at_zero"]
        slopes = loss * values["quality.odi_per_rmdq"], values["quality.with_pain_nrs"]
    else:
        zero = values["quality.utility_at_zero"]
        slopes = values["quality.slope" if choice == "within_person" else "quality.slope_cross_sectional"], 0.0
    return {"utility_at_zero": zero, "utility_slope": slopes[0], "utility_slope_pain": slopes[1]}


@cache
def _life_table(country: Country) -> Fields:
    life = np.array([(group.male, group.female) for group in country.death]).T
    return {"death_hazard": -np.log1p(-life[:, np.minimum(np.arange(OLDEST + 1), life.shape[1] - 1)])}


def _norms(country: Country, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Quality of life of everybody by sex and age: by the country's table, or where it has none, by a curve."""
    ages = np.arange(OLDEST + 1, dtype=float)
    if country.norms is not None:
        return values["quality.norm_scale"] * along_ages(country.norms, ages)
    women = values["quality.norm_intercept"] + values["quality.norm_age"] * ages + values["quality.norm_age2"] * ages**2
    return values["quality.norm_scale"] * np.array([women + values["quality.norm_male"], women])


def _disability_weights(study: Study, policy: Policy, values: Mapping[str, float]) -> Fields:
    choice = _choice(study, policy, "disability_weights")
    rmdq, weight = _weight_curve(choice, values["burden.dw_per_rmdq"])
    if _choice(study, policy, "disability_weight_level") == "rescaled":
        known = study.registry.parameters
        _, registered = _weight_curve(choice, known["burden.dw_per_rmdq"].canonical)
        mean = StartingDisability(values).mean(lambda disability: np.interp(disability, rmdq, registered))
        weight = weight * (known["country.yld_per_case"].canonical / mean)
    padded = np.zeros((2, KNOTS))
    padded[0, : len(rmdq)], padded[1, : len(rmdq)] = rmdq, weight
    return {"weight_rmdq": padded[0], "weight_value": padded[1], "weight_knots": len(rmdq)}


def _weight_curve(choice: str, a_point: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Knots of a curve: RMDQ, and weight. `a_point`: the slope of the linear one."""
    if choice == "linear":
        return np.array([0.0, 24.0]), np.array([0.0, 24.0 * a_point])
    curve = tables.disability_weight_curve(choice)
    return curve["rmdq"].to_numpy(), curve["weight"].to_numpy()


def _offered(study: Study, policy: Policy, values: Mapping[str, float]) -> Fields:
    arm = "biofeedback" if policy.cft.biofeedback else "cft"
    return {
        "offer": OFFERS[policy.cft.replaced_by],
        "waits_for_place": int(policy.cft.waits_for_place),
        "offered_from_rmdq": policy.cft.from_disability,
        "offered_from_age": policy.cft.from_age if policy.cft.from_age > ADULT else 0,  # no age is too young for adults
        "offered_to_age": policy.cft.to_age,
        "offered_fifths": policy.cft.to_fifth,
        "offered_in_region": offered_in(policy.cft.regions, study.names_of_regions),
        "cft_mode_fidelity": np.array([1.0, *(values[mode.fidelity] for mode in MODES.values())]),
        "cft_mode_price": np.array([1.0, *(values[mode.price] for mode in MODES.values())]),
        "cft_device_cost": values["biofeedback.device_cost"] if policy.cft.biofeedback else 0.0,
        **cft_effect(arm, values, study.registry, pooled=_choice(study, policy, "waning") == "pooled"),
    }


def _rates(values: Mapping[str, float]) -> Fields:
    odds = values["opioids.taper_odds_ratio"] * _odds(values["opioids.taper_control_stopped"])
    by_2, by_10 = -math.log1p(-values["surgery.reoperation_2y"]), -math.log1p(-values["surgery.reoperation_10y"])
    care = np.array([values[name] for name in USUAL_CARE])
    return {
        "taper_stop_hazard": math.log1p(odds) / values["opioids.taper_length"],
        "reoperation_early": by_2 / REOPERATION_YEARS[0],
        "reoperation_late": max(by_10 - by_2, 0.0) / (REOPERATION_YEARS[1] - REOPERATION_YEARS[0]),
        "usual_care_cost": care * values["usual_care.share_counted_here"],
        "absence_hours": np.array([values[name] for name in ABSENCE]),
        "yearly_earnings": values["work.weekly_earnings"] * DAYS_A_YEAR / DAYS_A_WEEK,
        "leaving_rate": values["work.speed"] * values["work.exit_rate"],
        "returning_rate": values["work.speed"] * values["work.return_rate"],
    }


def _odds(share: float) -> float:
    return share / (1.0 - share)


def _dated(policy: Policy, horizon: float) -> Fields:
    opioids = [_growth(policy.opioids.growth, horizon), _change(policy.opioids.initiation_change)]
    surgery = [_growth(policy.surgery.growth, horizon), _change(policy.surgery.referral_change)]
    starts, start_dates = pace_of(opioids, horizon)
    referrals, referral_dates = pace_of(surgery, horizon)
    booked = policy.surgery.operations_per_year
    offered, tapering = _padded(policy.cft.offered), _padded(policy.opioids.tapering_offered)
    telehealth, group = _padded(policy.cft.telehealth), _padded(policy.cft.group)
    return {
        "cft_telehealth_times": telehealth.times,
        "cft_telehealth_values": telehealth.values,
        "cft_telehealth_knots": telehealth.knots,
        "cft_group_times": group.times,
        "cft_group_values": group.values,
        "cft_group_knots": group.knots,
        "opioid_start_pace": starts,
        "opioid_start_dates": start_dates,
        "referral_pace": referrals,
        "referral_dates": referral_dates,
        "surgery_booked_from": booked.times[0] if booked is not None and booked.times else math.inf,
        "offered_times": offered.times,
        "offered_values": offered.values,
        "offered_knots": offered.knots,
        "tapering_times": tapering.times,
        "tapering_values": tapering.values,
        "tapering_knots": tapering.knots,
    }


def _growth(timeline: Timeline, horizon: float) -> list[tuple[float, float]]:
    return growth_steps(timeline.times, timeline.values, horizon)


def _change(timeline: Timeline) -> list[tuple[float, float]]:
    return [(time, 1.0 + change) for time, change in zip(timeline.times, timeline.values, strict=True)]


class Padded(NamedTuple):
    """A dated quantity in arrays of one length, whatever the number of its `knots`."""

    times: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]
    knots: int


def _padded(timeline: Timeline) -> Padded:
    padded = np.zeros((2, KNOTS))
    count = len(timeline.times)
    padded[0, :count], padded[1, :count] = timeline.times, timeline.values
    return Padded(padded[0], padded[1], count)
