"""Whole runs in other countries: their own money everywhere, what is not known said, and nothing left of a run before.

England's shipped study, the American demonstration, and a made-up country whose folder is written as the guide says.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from lbpsim.evidence import in_force
from lbpsim.evidence.country import Country
from lbpsim.evidence.shipped_countries import from_name, reference
from lbpsim.report.file_names import PAGE_FILE
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import load
from tests.cli_runner import Said, ended
from tests.evidence.made_up import write_pack
from tests.report.galleries import few_files

pytestmark = pytest.mark.gate
SMALL = ("--people", 60, "--years", 2, "--workers", 1)
COUNTRIES = ("england", "usa", "zealand")
READ_AS_TEXT = (".csv", ".html", ".json", ".svg", ".txt", ".yaml")
TOLD_OF_OTHERS = re.compile(  # in their own money
    r"<tr(?:(?!</tr>).)*restore\.\w*_cost_difference.*?</tr>"  # what the trial found
    r"|where it is [A-Z]{3} [\d,.]+[^<(]*\(\d{4}\)"  # what a borrowed number is where it comes from
    r"|what costs AUD 1 in Australia",  # a comment in the made-up pack, whose files are kept with results
    re.DOTALL,
)
STUDY = """\
name: zealand
title: CFT in Zealand
country: zealand-pack
comparator: usual-care
start: 2026-01-01
years: 2
people: 60
replications: 2
seed: 7
perspective: societal
discount_rate: 3% per year
thresholds: [NZD 40000 per QALY]
price_year: 2025
"""
POLICIES = {
    "usual-care": "title: Usual care\n",
    "cft": "title: CFT\ncft:\n  offered: {2026-01-01: 60%}\n  trained_at_start: 900\n  training_places: {2026: 100}\n",
}


@dataclass(frozen=True)
class Ran:
    """A study of a country, the outputs of its run, and what the run said."""

    study: Path
    out: Path
    said: Said

    @property
    def country(self) -> Country:
        return load(self.study).country


def lbpsim(*words: object) -> Said:
    """Run the command line in this process; the fixture of that name serves one test only."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setenv("COLUMNS", "200")
        status = ended(patch, *words)
    return Said(status, out.getvalue(), err.getvalue())


def a_study(country: str, folder: Path) -> Path:
    """A study of a country: that which ships with it, or a small one of the made-up country."""
    if country != "zealand":
        assert lbpsim("init", folder, "--country", country).status == 0
        return folder
    write_pack(folder / "zealand-pack")
    for name, text in {"study": STUDY, **POLICIES}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=COUNTRIES)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """A whole small run, with draws but in the demonstration."""
    home = tmp_path_factory.mktemp(request.param)
    study = a_study(request.param, home / "study")
    said = lbpsim("run", study, *SMALL, "--draws", 0 if request.param == "usa" else 3, "--out", home / "out")
    assert said.status == 0, said
    yield Ran(study, home / "out", said)
    in_force.put(reference())


def texts_of(folder: Path) -> dict[str, str]:
    """What can be read in each file of outputs; of charts, each line of text, which is kept beside its outlines."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = {str(path.relative_to(folder)): path.read_text("utf-8") for path in files if path.suffix in READ_AS_TEXT}
    for path in files:
        if path.suffix == ".xlsx":
            found |= {f"{path.name}/{name}": text for name, text in sheets(path)}
        if path.suffix == ".parquet":
            frame = pd.read_parquet(path).select_dtypes(["object", "string", "category"])
            values = [value for name in frame for value in frame[name].astype(str).unique()]
            found[path.name] = "\n".join(map(str, [*frame, *values]))
    return {name: TOLD_OF_OTHERS.sub("", text) for name, text in found.items()}


def sheets(book: Path) -> Iterator[tuple[str, str]]:
    """The parts of a workbook as text."""
    with zipfile.ZipFile(book) as parts:
        yield from ((name, parts.read(name).decode()) for name in parts.namelist() if name.endswith(".xml"))


def naming_another_money(texts: dict[str, str], country: Country) -> dict[str, list[str]]:
    """Where another country's money is named, with what stands around it."""
    others = {each.currency for name in ("australia", "england", "usa") if (each := from_name(name)) != country}
    words = "|".join(rf"\b{other.code}\b|{other.name}" for other in others)
    found = {name: re.findall(rf".{{0,40}}(?:{words}).{{0,40}}", text) for name, text in texts.items()}
    return {name: places for name, places in found.items() if places}


def test_all_money_is_the_country_s(ran: Ran) -> None:
    texts = {**texts_of(ran.out), "console": ran.said.out + ran.said.err}
    assert {"report.html", "brief.html", "run.json", "results.xlsx/xl/workbook.xml", "charts/costs.svg"} <= texts.keys()
    assert naming_another_money(texts, ran.country) == {}
    for name in ("report.html", "brief.html", "charts/costs.svg", "tables/outcomes.csv", "console"):
        assert ran.country.currency.code in texts[name], name


def test_what_is_borrowed_and_the_limits_are_told(ran: Ran) -> None:
    page, brief = (" ".join((ran.out / name).read_text("utf-8").split()) for name in (PAGE_FILE, "brief.html"))
    count = re.compile(rf"{ran.country.name} borrows \d+ of the \d+ inputs that are of a country")
    assert count.search(page) and count.search(brief)
    for limit in ran.country.limits:
        assert limit.strip().replace("'", "&#39;") in page or limit.strip() in page


def test_a_demonstration_is_marked_wherever_it_is_seen(ran: Ran) -> None:
    texts = texts_of(ran.out)
    seen = [name for name in texts if name.endswith((".svg", PAGE_FILE, "brief.html"))]
    marked = [name for name in seen if "Demonstration," in texts[name]]
    assert marked == (seen if ran.country.demonstration else [])


def test_trace_why_sensitivity_and_check_speak_of_its_money(ran: Ran, tmp_path: Path) -> None:
    policy = "cft" if ran.country.name == "Zealand" else "cft-unlimited"
    few = ("--parameters", "surgery.cost")
    two = (ran.study / "usual-care.yaml", ran.study / f"{policy}.yaml")  # so that no column is cut on a narrow terminal
    said = {
        "check": lbpsim("check", ran.study),
        "trace": lbpsim("trace", *two, "--person", 3, "--people", 60),
        "why": lbpsim("why", ran.study, *SMALL, "--policy", policy, "--out", tmp_path / "why"),
        "sensitivity": lbpsim("sensitivity", ran.study, *SMALL, *few, "--out", tmp_path / "sensitivity"),
    }
    assert {name: each.err for name, each in said.items() if each.status} == {}
    texts = {**texts_of(tmp_path), **{name: each.out + each.err for name, each in said.items()}}
    assert naming_another_money(texts, ran.country) == {}
    money = {name for name in texts if ran.country.currency.code in texts[name]}
    assert {"why", "sensitivity", "trace"} <= money


def test_a_report_is_made_again_from_what_is_kept(ran: Ran) -> None:
    in_force.put(reference())
    before = (ran.out / PAGE_FILE).read_text("utf-8")
    assert lbpsim("report", ran.out).status == 0
    assert (ran.out / PAGE_FILE).read_text("utf-8") == before


def test_the_same_bytes_after_another_country_and_after_an_interruption(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {}
    with few_files():
        for name, study in (
            ("first", ran.study),
            ("other", a_study("australia", tmp_path / "s")),
            ("again", ran.study),
        ):
            assert lbpsim("run", study, *SMALL, "--draws", 0, "--out", tmp_path / name).status == 0
            tables[name] = bytes_of(tmp_path / name / "tables")
        with monkeypatch.context() as patch:
            patch.setattr(PreparedStudy, "simulate_all", after(3, PreparedStudy.simulate_all))
            assert lbpsim("run", ran.study, *SMALL, "--draws", 0, "--out", tmp_path / "cut").status == 1
        in_force.put(reference())
        assert lbpsim("run", ran.study, *SMALL, "--draws", 0, "--out", tmp_path / "cut", "--resume").status == 0
    assert tables["first"] == tables["again"] == bytes_of(tmp_path / "cut" / "tables") != tables["other"]


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def after(times: int, simulate: object) -> object:
    """`simulate` so many pieces; then it is interrupted."""
    left = iter(range(times))

    def cut(*given: object, **named: object) -> object:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return simulate(*given, **named)  # type: ignore[operator]

    return cut


def test_results_in_two_currencies_are_not_subtracted(ran: Ran, tmp_path: Path) -> None:
    with few_files():
        usual = lbpsim("run", a_study("australia", tmp_path / "study"), *SMALL, "--draws", 0, "--out", tmp_path / "out")
    assert usual.status == 0
    said = lbpsim("diff", tmp_path / "out", ran.out)
    assert (said.status, said.out) == (2, "")
    for words in (
        f"is of {ran.country.name}, in {ran.country.currency.name}",
        "in Australian dollars",
        "the two studies",
    ):
        assert words in said.words


def test_files_of_two_countries_tell_their_difference_each_in_its_money(ran: Ran, tmp_path: Path) -> None:
    said = lbpsim("diff", ran.study, a_study("australia", tmp_path / "study"))
    words = " ".join(said.out.split())
    assert (said.status, said.err) == (0, "")
    assert f"{ran.country} -> Australia" in words
    codes = re.findall(r"([A-Z]{3}) [\d,]+ per QALY", words)
    assert codes[0] == ran.country.currency.code and set(codes) == {codes[0], "AUD"}
