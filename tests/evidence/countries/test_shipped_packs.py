"""What holds of every pack that ships beside the reference: whole, sourced, with a study in its own terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.evidence import country_folder
from lbpsim.evidence import shipped_countries as packs
from lbpsim.evidence.country import ByAge, Country
from lbpsim.evidence.country_folder import Pack
from lbpsim.study import load

BESIDE_THE_REFERENCE = ("england", "usa")
POLICIES = Path(__file__).parents[3] / "scenarios"  # of the reference


@pytest.fixture(params=BESIDE_THE_REFERENCE)
def country(request: pytest.FixtureRequest) -> Country:
    return packs.shipped(request.param)


def years_of_life(death: ByAge, sex: str) -> float:
    """Life expectancy at birth; who is older than the table dies at its last rate."""
    alive, lived = 1.0, 0.0
    for group in death:
        dying: float = getattr(group, sex)
        lived += alive * (1.0 - dying / 2.0)
        alive *= 1.0 - dying
    return lived + alive * (1.0 / dying - 0.5)


def test_packs_that_ship_are_those_tested_here() -> None:
    assert set(packs.folders()) == {packs.reference_folder(), *BESIDE_THE_REFERENCE}


def test_a_shipped_pack_passes_all_that_one_of_a_user_has_to(country: Country) -> None:
    pack = Pack(country.folder, country.files, country.folder)
    read = country_folder.read(pack, packs.common_registry(), packs.reference(), shipped=True, in_full=True)
    assert read == country


@pytest.mark.parametrize(
    ("folder", "men", "women"),
    [("england", 79.33, 83.12), ("usa", 75.82, 81.08)],  # as their tables print them
)
def test_people_live_as_long_as_the_published_table_says(folder: str, men: float, women: float) -> None:
    death = packs.shipped(folder).death
    assert years_of_life(death, "male") == pytest.approx(men, abs=0.05)
    assert years_of_life(death, "female") == pytest.approx(women, abs=0.05)


def test_ages_of_population_are_single_years(country: Country) -> None:
    assert [group.low for group in country.population] == list(range(len(country.population)))
    assert country.population[-1].high >= country.death[-1].low


def test_what_cites_nothing_is_an_assumption(country: Country) -> None:
    assert [name for name, each in country.own.items() if not each.sources and each.grade != "assumption"] == []


def test_every_source_of_a_pack_is_cited_in_it(country: Country) -> None:
    tables = {key for table in country.tables.values() for key in table.sources}
    cited = tables | {key for each in country.own.values() for key in each.sources}
    power = country.purchasing_power
    assert power is not None
    own = set(country.references) - set(packs.reference().references)
    assert own - cited - set(power.sources) == set()


def test_money_is_in_the_currency_and_of_the_price_year_of_the_country(country: Country) -> None:
    money = [each for each in country.own.values() if each.price_year is not None]
    assert len(money) > 10
    assert {each.unit.split()[0] for each in money} == {country.currency.code}
    assert {each.price_year for each in money} == {country.price_year}


def test_every_table_says_where_it_comes_from(country: Country) -> None:
    for name in country.tables:
        assert country.files[f"{name}.csv"].startswith("# ")


def test_limits_are_said_in_sentences(country: Country) -> None:
    assert 3 <= len(country.limits) <= 8
    assert [limit for limit in country.limits if not limit.endswith(".")] == []


def test_nobody_works_from_the_end_of_working_age_on(country: Country) -> None:
    retired = country.registry.parameters["work.retirement_age"].value
    assert country.employed[-1].high == retired - 1


def test_being_out_of_work_never_falls_with_age_from_mid_life_on(country: Country) -> None:
    later = [group.male for group in country.employed if group.low >= 45]
    assert later == sorted(later, reverse=True)


def test_norms_take_the_place_of_the_curve(country: Country) -> None:
    assert country.norms is not None
    assert country.registry.parameters["quality.norm_scale"].value == 1.0
    assert [name for name in country.borrowed if name.startswith("quality.norm_")] == []


def test_its_study_has_the_policies_of_the_reference_in_its_own_money(country: Country) -> None:
    study = load([str(packs.FOLDER / country.folder / "study")])
    assert study.country == country
    assert {policy.name for policy in study.policies} == {file.stem for file in POLICIES.glob("*.yaml")} - {"study"}
    assert study.price_year == country.price_year
    convention = country.registry.parameters["economics.threshold_convention"]
    assert convention.interval is not None
    assert {convention.value, *convention.interval} == set(study.thresholds)
    assert study.discount_rate == country.registry.parameters["economics.discount_rate"].value


def test_training_places_are_scaled_to_the_physiotherapists_there_are(country: Country) -> None:
    registered = country.registry.parameters["workforce.registered"].value
    there = packs.reference().registry.parameters["workforce.registered"].value
    places, here = (
        load([str(folder)]).policy("cft-rollout").cft.training_places
        for folder in (POLICIES, packs.FOLDER / country.folder / "study")
    )
    assert here == pytest.approx({year: some * registered / there for year, some in places.items()}, rel=0.02)
