"""Packs: read, completed from their donor, and refused with everything that is wrong in them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from lbpsim.evidence import distributions, in_force
from lbpsim.evidence.country import Country
from lbpsim.evidence.country_declaration import Pack, PackError, files_of
from lbpsim.evidence.country_folder import read
from lbpsim.evidence.registry import unfit
from lbpsim.evidence.shipped_countries import common_registry, folders, of_folder, reference, shipped
from lbpsim.evidence.soundness import off_its_mean
from tests.evidence.made_up import edit, write_pack

OTHERS = [folder for folder in folders() if folder != reference().folder]
WIDER = 1.5


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "zealand")


@pytest.fixture
def zealand(pack: Path) -> Country:
    return of_folder(pack)


def faults_of(pack: Path) -> list[str]:
    with pytest.raises(PackError) as error:
        of_folder(pack)
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize("folder", folders())
def test_a_shipped_pack_is_sound_in_full(folder: str) -> None:
    country = shipped(folder)
    donor = None if folder == reference().folder else reference()
    read(Pack(folder, country.files, folder), common_registry(), donor, in_full=True)
    for each in country.registry.parameters.values():
        assert list(unfit(each)) == [] and list(off_its_mean(each)) == [], each.name


@pytest.mark.parametrize("folder", folders())
def test_every_country_knows_every_input(folder: str) -> None:
    assert {each.name for each in shipped(folder).registry.inputs} == {
        each.name for each in reference().registry.inputs
    }
    assert list(shipped(folder).registry.parameters) == [
        name for name in reference().registry.parameters if name in shipped(folder).registry.parameters
    ], "in one order everywhere"


@pytest.mark.parametrize("folder", OTHERS)
def test_what_is_of_the_disease_is_the_same_everywhere(folder: str) -> None:
    here, there = shipped(folder).registry.parameters, reference().registry.parameters
    for name in there.keys() - reference().registry.of_country:
        assert here[name] == there[name]


@pytest.mark.parametrize("folder", OTHERS)
def test_all_money_of_a_country_is_in_its_currency(folder: str) -> None:
    country = shipped(folder)
    for each in country.registry.inputs:
        country.prices.refuse_other(each.unit)


def test_the_first_step_of_the_guide_is_enough(tmp_path: Path) -> None:
    country = of_folder(write_pack(tmp_path / "zealand", whole=False))
    inputs = {each.name for each in country.registry.inputs} & country.registry.of_country
    assert inputs <= set(country.borrowed)
    assert {"life_table.csv", "prevalence.csv", "employment.csv"} <= set(country.borrowed)
    assert all(country.registry.parameters[name].grade == "borrowed" for name in inputs)


def test_money_is_borrowed_by_purchasing_power(zealand: Country) -> None:
    there, here = (each.registry.parameters["surgery.cost"] for each in (reference(), zealand))
    assert here.value == pytest.approx(1.05 * there.value, rel=1e-3)
    assert (here.unit, here.price_year, here.grade) == ("NZD", 2025, "borrowed")
    assert here.note == "Borrowed from Australia by purchasing power, where it is AUD 54,000 (2024), graded derived."
    old, new = (each.registry.parameters["opioids.annual_cost"] for each in (reference(), zealand))
    assert new.value == pytest.approx(1.05 * reference().prices.carry(old.value, 2012, 2024), rel=1e-3)


def test_people_are_borrowed_per_head_and_rates_as_they_are(zealand: Country) -> None:
    share = sum(group.people for group in zealand.population) / sum(group.people for group in reference().population)
    births = zealand.registry.parameters["population.births"]
    assert births.value == pytest.approx(289_100 * share, rel=1e-3)
    assert zealand.registry.parameters["opioids.start_rate"].value == pytest.approx(0.034, rel=1e-3)


def test_what_is_borrowed_is_more_uncertain(zealand: Country) -> None:
    for name in ("surgery.cost", "opioids.on_at_start"):
        there, here = (each.registry.parameters[name] for each in (reference(), zealand))
        spread = [distributions.law(str(each.distribution)).std() / each.value for each in (there, here)]
        assert spread[1] / spread[0] == pytest.approx(WIDER, rel=0.02)


def test_what_is_known_there_is_not_borrowed(zealand: Country) -> None:
    assert "population.adult_prevalence" in zealand.own and "care.consultation_cost" in zealand.own
    assert zealand.registry.parameters["care.consultation_cost"].label == "Cost of a consultation"
    assert not {"population.adult_prevalence", "care.consultation_cost"} & set(zealand.borrowed)


def test_figures_to_compare_with_are_nobody_else_s(zealand: Country) -> None:
    targets = {name for name, each in reference().registry.parameters.items() if each.role == "target"}
    assert not targets & reference().registry.of_country & zealand.registry.parameters.keys()


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("country.yaml", "name: Zealand\n", "", "name: this key is missing"),
        ("country.yaml", "name: Zealand", "nome: Zealand", "there is no such key; did you mean name?"),
        ("country.yaml", "currency: {code: NZD, name: Zealand dollars}\n", "", "currency: this key is missing"),
        ("country.yaml", "code: NZD", "code: dollars", "currency.code: string should match"),
        ("country.yaml", "price_year: 2025", "price_year: this year", "price_year: "),
        ("country.yaml", "  population: {what", "  people: {what", "there is no such table"),
        ("country.yaml", "sources: [census]", "sources: [censos]", "censos is not under `sources:`"),
        ("country.yaml", "  value: 1.05", "  value: 0", "purchasing_power"),
        ("country.yaml", "sources: [oecd_ppp]", "sources: []", "no source, though graded unverified"),
        (
            "parameters.yaml",
            "unit: NZD",
            "unit: AUD",
            "AUD is not in NZD, the currency of this country",
        ),
        ("parameters.yaml", "unit: share", "unit: per year", "is kept in share, and this is per year"),
        ("parameters.yaml", "  price_year: 2025\n", "", "money without a price year"),
        ("parameters.yaml", "  price_year: 2025", "  price_year: 2019", "prices are known for 2025"),
        ("parameters.yaml", "value: 0.15", "value: 1.5", "1.5 share is no share"),
        ("parameters.yaml", "value: 0.15", "value: 0.18", "is not the mean of beta(30, 170)"),
        ("parameters.yaml", "[0.104, 0.203]", "[0.05, 0.3]", "is not the 95% interval of beta(30, 170)"),
        (
            "parameters.yaml",
            "care.consultation_cost",
            "care.consultation_price",
            "did you mean care.consultation_cost?",
        ),
        ("parameters.yaml", "care.consultation_cost", "cft.fidelity", "of the disease or its treatment"),
        ("parameters.yaml", "[health_survey]", "[helth_survey]", "helth_survey is not in country.yaml"),
        (
            "population.csv",
            "age_low,age_high,male,female",
            "age_low,age_high,male,women",
            "the column is missing: female",
        ),
        ("population.csv", "18,44,", "19,44,", "line 3: ages 18 to 18 are missing"),
        ("population.csv", "65,100,", "65,90,", "nobody older than 90 is in the table"),
    ],
)
def test_what_is_wrong_is_told(pack: Path, file: str, old: str, new: str, words: str) -> None:
    edit(pack / file, old, new)
    told = faults_of(pack)
    assert any(words in fault and file in fault for fault in told), told


def test_rates_over_one_and_prices_without_year_are_told(pack: Path) -> None:
    edit(pack / "country.yaml", "tables:\n", "tables:\n  employment: {what: Work, sources: [census], grade: cohort}\n"
         "  prices: {what: Prices, sources: [census], grade: cohort}\n")  # fmt: skip
    (pack / "employment.csv").write_text("age_low,age_high,male,female\n18,64,0.8,1.3\n")
    (pack / "prices.csv").write_text("index\n100\n")
    told = faults_of(pack)
    assert any("`1.3` under female cannot be" in fault for fault in told)
    assert any("the column is missing: year" in fault for fault in told)


def test_a_table_that_nothing_is_said_of_is_told(pack: Path) -> None:
    (pack / "life_table.csv").write_text("age,male_qx,female_qx\n")
    assert any("nothing says what life_table.csv is" in fault for fault in faults_of(pack))


def test_without_purchasing_power_no_price_can_be_borrowed(pack: Path) -> None:
    text = (pack / "country.yaml").read_text()
    before, _, after = text.partition("purchasing_power:")
    (pack / "country.yaml").write_text(before + after[after.index("sources:\n") :])
    (told,) = faults_of(pack)
    assert "purchasing_power: " in told and "write `purchasing_power: {value: ..." in told


def test_a_folder_without_its_declaration_is_told(tmp_path: Path) -> None:
    (told,) = faults_of(tmp_path)
    assert "there is no country.yaml" in told


def test_a_price_index_carries_prices_of_other_years(pack: Path) -> None:
    edit(pack / "country.yaml", "tables:\n", "tables:\n  prices: {what: Prices, sources: [census], grade: cohort}\n")
    (pack / "prices.csv").write_text("year,index\n2019,80\n2025,100\n")
    edit(pack / "parameters.yaml", "price_year: 2025", "price_year: 2019")
    assert of_folder(pack).registry.values(2025)["care.consultation_cost"] == pytest.approx(70 * 100 / 80)


def test_a_pack_arrives_in_another_process_as_it_is(zealand: Country) -> None:
    there = pickle.loads(pickle.dumps(zealand))
    assert there == zealand and there.registry.parameters == zealand.registry.parameters
    assert in_force.country() == zealand, "it came with a study"
    assert pickle.loads(pickle.dumps(reference())) is reference()


def test_packs_that_differ_are_different_countries(pack: Path, zealand: Country) -> None:
    edit(pack / "population.csv", "600000", "600001")
    assert of_folder(pack) != zealand


def test_files_of_other_programs_are_left_alone(pack: Path, zealand: Country) -> None:
    (pack / "notes.txt").write_text("x")
    assert of_folder(pack) == zealand and "notes.txt" not in files_of(pack)
