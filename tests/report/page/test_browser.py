"""The page in headless Chromium: quiet, alone, accessible, printed whole, explored by keys. Skipped without one."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.page.reading import read

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
MISSING = [name for name in ("playwright", "axe_playwright_python") if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: install one, such as Debian's package chromium"),
    pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed: pip install axe-playwright-python"),
]
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
PRINTED = {"width": 695, "height": 1016}  # A4 less its margins, in CSS pixels
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def file(full: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "report.html"
    path.write_text(full, encoding="utf-8")
    return path


def opened(browser: Any, file: Path, size: dict[str, int], **options: Any) -> Any:
    page = browser.new_context(viewport=size, **options).new_page()
    page.goto(file.as_uri())
    return page


@pytest.fixture(scope="module")
def desk(browser: Any, bare: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page to be used, of results that differ from year to year and between policies."""
    path = tmp_path_factory.mktemp("desk") / "report.html"
    path.write_text(bare, encoding="utf-8")
    page = opened(browser, path, DESK)
    yield page
    page.context.close()


def test_no_error_on_the_console_and_no_request(browser: Any, file: Path) -> None:
    page = browser.new_context(viewport=DESK).new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.keyboard.press("End")
    page.wait_for_timeout(200)
    page.context.close()
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


def test_a_hostile_title_runs_nothing(browser: Any, tmp_path: Path, full: str) -> None:
    hostile = re.sub(r"<h1>.*?</h1>", "<h1><script>document.title='run'</script></h1>", full, count=1)
    path = tmp_path / "hostile.html"
    path.write_text(hostile, encoding="utf-8")
    page = opened(browser, path, DESK)
    assert page.title() != "run"
    page.context.close()


@pytest.mark.parametrize("size", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")])
def test_axe_finds_nothing_serious(browser: Any, file: Path, size: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, file, size, bypass_csp=True)
    found = Axe().run(page).response["violations"]
    page.context.close()
    grave = [
        (each["id"], [node["html"][:150] for node in each["nodes"][:3]]) for each in found if each["impact"] in GRAVE
    ]
    assert grave == []


def test_a_phone_need_not_scroll_sideways(browser: Any, file: Path) -> None:
    page = opened(browser, file, PHONE)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert wide <= PHONE["width"]


def test_it_prints_without_a_chart_being_cut(browser: Any, file: Path, tmp_path: Path) -> None:
    page = opened(browser, file, PRINTED)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.whole')].map((each) => {
          const box = each.getBoundingClientRect();
          return [each.parentElement.id, box.height, box.right, getComputedStyle(each).breakInside];
        })"""
    )
    content = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    page.context.close()
    assert content.startswith(b"%PDF")
    assert len(boxes) > 10
    assert [box for box in boxes if box[1] > PRINTED["height"] or box[2] > PRINTED["width"] + 1] == []
    assert {box[3] for box in boxes} == {"avoid"}


def test_everything_that_is_folded_is_printed(browser: Any, file: Path) -> None:
    page = opened(browser, file, PRINTED)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 10
    page.context.close()


def test_the_script_draws_what_was_drawn_without_it(desk: Any, bare: str) -> None:
    """Otherwise a chart would jump when the first policy is switched off."""
    drawn = desk.evaluate("[...document.querySelectorAll('svg.lines .line')].map((each) => each.getAttribute('d'))")
    ticks = desk.evaluate("[...document.querySelectorAll('svg.lines .ticks text')].map((each) => each.textContent)")
    labels = desk.evaluate(
        "[...document.querySelectorAll('svg.lines .label text')].map((e) => Number(e.getAttribute('y')))"
    )
    svgs = [svg for svg in read(bare).every("svg") if svg.attributes.get("class") == "lines"]
    before = [path.attributes["d"] for svg in svgs for path in svg.every("path") if path.attributes["class"] == "line"]
    groups = [group for svg in svgs for group in svg.every("g")]
    assert ticks == [
        text.text for group in groups if group.attributes["class"] == "ticks" for text in group.every("text")
    ]
    y = [float(each.every("text")[0].attributes["y"]) for each in groups if each.attributes["class"] == "label"]
    assert labels == pytest.approx(y, abs=0.6)
    assert len(drawn) == len(before)
    for one, other in zip(drawn, before, strict=True):
        assert [float(n) for n in re.findall(r"-?[\d.]+", one)] == pytest.approx(
            [float(n) for n in re.findall(r"-?[\d.]+", other)], abs=0.6
        )


def test_without_a_script_charts_are_whole(browser: Any, file: Path) -> None:
    page = opened(browser, file, DESK, java_script_enabled=False)
    assert page.locator("svg.lines .line").count() > 20
    assert page.locator("svg.lines .line").first.bounding_box()["width"] > 50
    assert page.locator(".policies").count() == 0
    page.context.close()


def test_a_policy_switched_off_is_off_everywhere_and_axes_follow(desk: Any) -> None:
    ticks = "[...document.querySelectorAll('#qalys-change-benchmarks-svg .ticks text')].map((each) => each.textContent)"
    before = desk.evaluate(ticks)
    boxes = desk.locator(".policies input[value='cft-unlimited']")
    boxes.first.uncheck()
    assert desk.evaluate(ticks) != before
    assert desk.locator(".series[data-policy='cft-unlimited']:visible").count() == 0
    assert not any(box.is_checked() for box in boxes.all())
    boxes.first.check()
    assert desk.evaluate(ticks) == before


def test_all_and_none(desk: Any) -> None:
    block = desk.locator(".policies").first
    block.get_by_text("none", exact=True).click()
    assert desk.locator("#qalys-change .series:visible").count() == 0
    block.get_by_text("all", exact=True).click()
    assert desk.locator("#qalys-change .series:visible").count() > 3


def test_keys_read_a_chart_year_by_year(desk: Any) -> None:
    chart = desk.locator("#qalys-change .explored")
    chart.focus()
    desk.keyboard.press("ArrowRight")
    readout = desk.locator("#qalys-change .readout")
    assert readout.inner_text().startswith("2026:")
    desk.keyboard.press("ArrowRight")
    assert readout.inner_text().startswith("2027:")
    assert "CFT with movement sensors" in readout.inner_text()
    desk.keyboard.press("Escape")
    assert readout.inner_text() == ""


def test_a_pointer_reads_the_year_under_it(desk: Any) -> None:
    svg = desk.locator("#qalys-change-svg")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    desk.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    assert re.match(r"20\d\d:", desk.locator("#qalys-change .readout").inner_text())
    assert desk.locator("#qalys-change .series.near").count() == 1
    desk.mouse.move(1, 1)
    assert desk.locator("#qalys-change .series.near").count() == 0


def test_inputs_can_be_searched_by_word_and_grade(desk: Any) -> None:
    rows = desk.locator("#inputs-table tbody tr:visible")
    every = rows.count()
    desk.locator("#inputs-table input[type=search]").fill("uptake cft")
    assert 0 < rows.count() < every / 10
    desk.locator("#inputs-table input[type=search]").fill("")
    desk.locator("#inputs-table select").select_option("assumption")
    assert 0 < rows.count() < every
    assert all("assumption" in row.inner_text() for row in rows.all()[:20])
    desk.locator("#inputs-table select").select_option("")
    assert rows.count() == every


def test_the_first_stop_of_the_tab_key_skips_the_contents(browser: Any, file: Path) -> None:
    page = opened(browser, file, DESK)
    page.keyboard.press("Tab")
    focused = page.evaluate("[document.activeElement.className, getComputedStyle(document.activeElement).outlineStyle]")
    page.context.close()
    assert focused == ["skip", "solid"]
