"""What is drawn, from which law, with what."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.evidence import Parameter, distributions, parameters, tables
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import Layer
from lbpsim.evidence.units import DIMENSIONS
from lbpsim.psa import parameter_sampling
from lbpsim.psa.parameter_sampling import (
    DEPENDENT_GROUPS,
    chance_of,
    effect_correlation,
    parameters_of,
    quantiles,
    sampled_parameters,
    study_of_draw,
    value_at,
)
from lbpsim.simulation.consistency import check
from lbpsim.study import Study, Timeline
from tests.offenders import offenders
from tests.pathways.small_country import MODES, shipped

DRAWS = 4000
EFFECTS, *ORDERED = DEPENDENT_GROUPS
Z_MOST = 4.5  # of some 130 means; a right one is further off in one run of a thousand


@pytest.fixture(scope="module")
def study() -> Study:
    return shipped()


@pytest.fixture(scope="module")
def shares() -> dict[str, npt.NDArray[np.float64]]:
    """Where each parameter stands in its law, over many draws."""
    each = [quantiles(7, draw, registry()) for draw in range(1, DRAWS + 1)]
    return {name: np.array([one[name] for one in each]) for name in each[0]}


def values(name: str, shares: dict[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    text = registry().uncertain[name].distribution
    assert text is not None
    return np.asarray(distributions.law(text).ppf(shares[name]))


def test_every_uncertain_input_is_drawn_and_nothing_else(study: Study) -> None:
    """TECH-VER, uncertainty: every uncertain parameter is in the analysis; the discount rate and horizon are not."""
    with_law = {name for name, one in parameters().items() if one.role == "input" and one.distribution}
    assert set(registry().uncertain) == with_law and len(with_law) > 100
    names = set(sampled_parameters(replace(study, assume={}, policies=(*study.policies, MODES))))
    assert with_law <= names <= set(parameters())
    assert not [name for name in names if "discount" in name or "horizon" in name or "threshold" in name]
    one = study_of_draw(study, 1)
    assert (one.discount_rate, one.years, one.thresholds) == (study.discount_rate, study.years, study.thresholds)


def test_the_point_estimate_is_recovered(shares: dict[str, npt.NDArray[np.float64]]) -> None:
    """TECH-VER, uncertainty: sampled means = point estimates."""

    def missed(parameter: Parameter) -> str:
        expected, found = distributions.law(str(parameter.distribution)), values(parameter.name, shares)
        if expected.mean() != pytest.approx(parameter.value, rel=0.03, abs=1e-9):
            return f"the law's mean {expected.mean()} is not {parameter.value}"
        z = float(abs(found.mean() - expected.mean()) / (expected.std() / math.sqrt(DRAWS)))
        return "" if z < Z_MOST else f"z = {z}"

    assert offenders(registry().uncertain, missed) == {}


def test_the_interval_is_recovered(shares: dict[str, npt.NDArray[np.float64]]) -> None:
    """TECH-VER, uncertainty: bounds are the distribution's interval; standard errors, not deviations, are sampled."""

    def missed(parameter: Parameter) -> Any:
        low, high = parameter.interval or (math.nan, math.nan)
        found = values(parameter.name, shares)
        tails = [float((found < low).mean()), float((found > high).mean())]
        return None if tails == pytest.approx([0.025, 0.025], abs=0.012) else (low, high, tails)

    assert all(math.isfinite(end) for one in registry().uncertain.values() for end in one.interval or (math.nan,))
    assert offenders(registry().uncertain, missed) == {}


def test_no_draw_leaves_the_range_of_its_dimension(study: Study) -> None:
    """TECH-VER, uncertainty: beta, gamma and lognormal where they belong; relative effects positive."""

    def outside(parameter: Parameter) -> list[float]:
        kind = DIMENSIONS[parameter.dimension]
        drawn = [value_at(parameter, share, study) for share in (1e-6, 0.5, 1 - 1e-6)]
        return [value for value in drawn if not kind.low <= value <= kind.high]

    def of_another_law(parameter: Parameter) -> str:
        law = str(parameter.distribution).partition("(")[0]
        relative = parameter.name.endswith(("_rr", "_irr", "_odds_ratio"))
        wrong = (parameter.dimension == "share" and law != "beta") or (relative and law != "lognormal")
        return law if wrong else ""

    assert offenders(registry().uncertain, outside) == {}
    assert offenders(registry().uncertain, of_another_law) == {}


def test_draws_are_uniform_where_nothing_ties_them(shares: dict[str, npt.NDArray[np.float64]]) -> None:
    every = np.concatenate([shares[name] for name in ("cft.uptake", "care.severity", "surgery.cost", "flares.rate")])
    counts, _ = np.histogram(every, bins=20, range=(0.0, 1.0))
    expected = len(every) / 20
    assert float(((counts - expected) ** 2 / expected).sum()) < 50  # chi-square of 19 degrees: p = 0.0001


def test_effects_of_cft_are_correlated_as_registered(shares: dict[str, npt.NDArray[np.float64]]) -> None:
    """TECH-VER, uncertainty: correlated parameters jointly, multivariate normal."""
    found = np.corrcoef([values(name, shares) for name in EFFECTS.members])
    expected = effect_correlation()
    assert np.abs(found - expected).max() < 0.05
    assert expected[0, 1] == parameters()["uncertainty.correlation_over_time"].value
    assert expected[0, 2] == pytest.approx(expected[0, 1] ** 2)
    assert np.linalg.eigvalsh(expected).min() > 0.0


@pytest.mark.parametrize("group", ORDERED, ids=lambda group: group.title)
def test_levels_keep_their_order(group: parameter_sampling.DependentGroup, study: Study) -> None:
    """Their laws overlap, so that alone some draws would have more absence at low impact than at moderate."""
    for share in np.linspace(1e-4, 1.0 - 1e-4, 400):
        levels = [value_at(registry().uncertain[name], float(share), study) for name in group.members]
        assert levels == sorted(levels)


@pytest.mark.parametrize("group", ORDERED, ids=lambda group: group.title)
def test_levels_share_their_luck(group: parameter_sampling.DependentGroup) -> None:
    assert len({quantiles(3, 11, registry())[name] for name in group.members}) == 1


def test_everything_else_is_independent(shares: dict[str, npt.NDArray[np.float64]]) -> None:
    tied = {name for group in DEPENDENT_GROUPS for name in group.members}
    alone = [shares[name] for name in registry().uncertain if name not in tied]
    ties = np.corrcoef(alone) - np.eye(len(alone))
    assert np.abs(ties).max() < 5.0 / math.sqrt(DRAWS)


def test_a_draw_can_be_made_alone_and_again(study: Study) -> None:
    assert parameters_of(study, 17) == parameters_of(study, 17) != parameters_of(study, 18)
    assert parameters_of(study, 17) != parameters_of(replace(study, seed=study.seed + 1), 17)


def test_a_new_parameter_moves_no_other() -> None:
    before = quantiles(1, 5, registry())
    new = parameters()["cft.uptake"].model_copy(update={"name": "a.new_one"})
    after = quantiles(1, 5, registry(Layer((new,))))
    assert after.pop("a.new_one") not in before.values()
    assert after == before


def test_no_two_parameters_have_the_same_chance() -> None:
    kinds = [chance_of(name) for name in parameters()]
    assert len(set(kinds)) == len(kinds)
    assert min(kinds) >= parameter_sampling.RESERVED


def test_what_the_analyst_assumes_stays(study: Study) -> None:
    asked = replace(study, assume={"cft.uptake": 0.9})
    assert "cft.uptake" not in sampled_parameters(asked)
    assert "cft.uptake" not in parameters_of(asked, 3)
    assert study_of_draw(asked, 3).assume["cft.uptake"] == 0.9
    policy = replace(study.policies[1], assume={"cft.attendance": 0.5})
    other = replace(study.policies[1], name="other")  # feels what the policy has set for itself
    one = study_of_draw(replace(study, policies=(study.policies[0], policy, other)), 3)
    assert one.values(policy)["cft.attendance"] == 0.5
    assert one.values(study.policies[0])["cft.attendance"] == parameters_of(study, 3)["cft.attendance"] != 0.5


def test_money_is_drawn_at_the_prices_of_the_study(study: Study) -> None:
    then, now = (
        value_at(registry().uncertain["usual_care.low"], 0.5, at) for at in (replace(study, price_year=2021), study)
    )
    low = study.values(study.policies[0])["usual_care.low"]
    assert now / then == pytest.approx(low / parameters()["usual_care.low"].value)


@pytest.mark.gate
def test_the_average_effect_of_cft_stays_uncertain_for_a_person(study: Study) -> None:
    """The centre of moderation belongs to the trial's people: were it moved so that the line of moderation kept its
    height at one disability, the week 13 effect drawn would cancel out of every person's effect.
    """
    effects, values = [], study.values(study.policies[0])
    for draw in range(1, 150):
        one = values | parameters_of(study, draw)
        effects.append(
            (
                one["cft.rmdq_week13"],
                one["cft.rmdq_week13"] - one["cft.moderation"] * (12 - one["cft.moderation_centre"]),
            )
        )
    drawn_effect, of_a_person = np.array(effects).T
    assert np.corrcoef(drawn_effect, of_a_person)[0, 1] > 0.9


def test_fitted_parameters_are_drawn_as_rows_of_the_posterior(study: Study) -> None:
    rows = tables.posterior()
    assert set(registry().fitted) == set(rows.columns) <= set(sampled_parameters(replace(study, assume={})))
    assert not {name for group in DEPENDENT_GROUPS for name in group.members} & set(registry().fitted)
    for draw in (1, 2, len(rows), len(rows) + 1):
        drawn_values = parameters_of(study, draw)
        assert {name: drawn_values[name] for name in registry().fitted} == rows.iloc[(draw - 1) % len(rows)].to_dict()


@pytest.mark.gate
def test_draws_make_sense_together(study: Study) -> None:
    """TECH-VER, uncertainty: the checks of parameters run on every draw."""
    alone = replace(study, policies=study.policies[:2])
    for draw in range(1, 25):
        check(study_of_draw(alone, draw))


def test_no_draw_passes_what_is_assumed_of_another_that_it_has_to_stay_below_or_above(study: Study) -> None:
    """Reoperations by year ten are no fewer than by year two, whichever of them the study or a policy assumes."""
    early, late = "surgery.reoperation_2y", "surgery.reoperation_10y"
    draws = range(1, 41)
    by_law = [parameters_of(study, draw) for draw in draws]
    for name, other, least in ((early, late, max), (late, early, min)):
        bound = float(np.median([values[other] for values in by_law]))
        assumed = replace(study, assume={**study.assume, name: bound})
        assert [parameters_of(assumed, draw)[other] for draw in draws] == [least(of[other], bound) for of in by_law]
        own = replace(study.policies[1], assume={name: bound})
        for draw, values in zip(draws, by_law, strict=True):
            one = study_of_draw(replace(study, policies=(study.policies[0], own)), draw)
            assert one.values(one.policies[0])[other] == values[other]  # of others it is as drawn
            assert one.values(one.policies[1])[other] == least(values[other], bound)
            check(one)


def test_what_every_policy_that_feels_it_sets_itself_is_not_drawn(study: Study) -> None:
    """It would have a value of information of nothing, unexplained."""

    def own(name: str, *, offering_only: bool) -> Study:
        policies = (
            replace(policy, assume={name: 0.5}) if policy.cft.makes_offers or not offering_only else policy
            for policy in study.policies
        )
        return replace(study, policies=tuple(policies), assume={})

    assert "cft.uptake" not in sampled_parameters(own("cft.uptake", offering_only=True))
    assert "work.exit_rate" in sampled_parameters(own("work.exit_rate", offering_only=True))
    assert "work.exit_rate" not in sampled_parameters(own("work.exit_rate", offering_only=False))


@pytest.mark.parametrize("mode", ["telehealth", "group"])
def test_what_is_of_a_mode_of_delivery_is_drawn_where_a_policy_uses_it(study: Study, mode: str) -> None:
    names = {f"cft.{mode}_{what}" for what in ("fidelity", "price", "places")}
    used = replace(MODES, cft=replace(MODES.cft, **{each: Timeline() for each in MODES.cft.modes if each != mode}))
    assert not names & set(sampled_parameters(study))
    with_it = replace(study, policies=(*study.policies, used))
    assert set(sampled_parameters(with_it)) == {*sampled_parameters(study), *names}
    assert all(with_it.feels(name) for name in names) and not study.feels(f"cft.{mode}_price")


def test_what_was_drawn_is_not_worked_out_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = parameters_of(study, 23)

    def refuse(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr(distributions, "law", refuse)
    assert parameters_of(study, 23) == drawn
