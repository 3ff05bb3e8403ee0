"""The page in headless Chromium: quiet, alone, accessible, first screen and print as they should be."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
MISSING = [name for name in ("playwright", "axe_playwright_python") if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: install one, such as Debian's package chromium"),
    pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed: pip install axe-playwright-python"),
]
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 800}
MOST_PAGES = 25
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
    """A page to be used."""
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


@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
def test_the_first_screen_holds_the_finding(browser: Any, file: Path, size: dict[str, int]) -> None:
    """On a desk everything of it; on a telephone the sentence, the numbers and the head of the chart."""
    page = opened(browser, file, size)
    names = (".finding", ".numbers", *((".chart figure", "div.doubts") if size is DESK else (".chart caption",)))
    ends = {name: page.locator(name).first.bounding_box() for name in names}
    page.context.close()
    low = {name: box["y"] + box["height"] for name, box in ends.items() if box["y"] + box["height"] > size["height"]}
    assert low == {}


def test_sections_are_a_screen_each(browser: Any, file: Path) -> None:
    page = opened(browser, file, DESK)
    heights = page.evaluate(
        "[...document.querySelectorAll('main > section')].map((each) => [each.id, each.getBoundingClientRect().height])"
    )
    page.context.close()
    assert {name: height for name, height in heights if height > 1.3 * DESK["height"]} == {}


@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
def test_no_label_of_a_chart_lies_on_another(browser: Any, file: Path, size: dict[str, int]) -> None:
    page = opened(browser, file, size)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    charts = page.evaluate(
        """() => [...document.querySelectorAll('svg.lines, .forest tfoot svg')].map((svg) =>
          [...svg.querySelectorAll('text')].map((text) => {
            const box = text.getBoundingClientRect();
            return [text.textContent.trim(), box.left, box.top, box.right, box.bottom];
          }))"""
    )
    page.context.close()
    assert len(charts) > 10
    assert [pair for chart in charts for pair in covering(chart)] == []


def covering(boxes: list[list[Any]]) -> list[tuple[str, str]]:
    """Pairs of labels that lie on each other by more than a pixel, which is the air around letters."""
    return [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > 1.0 and min(one[4], other[4]) - max(one[2], other[2]) > 3.0
    ]


def test_labels_that_lie_on_each_other_are_found() -> None:
    assert covering([["a", 0, 0, 20, 20], ["b", 10, 10, 30, 30], ["c", 21, 0, 40, 9]]) == [("a", "b")]


def test_it_prints_on_few_pages_with_the_rest_folded(browser: Any, file: Path, tmp_path: Path) -> None:
    page = opened(browser, file, PRINTED)
    page.emulate_media(media="print")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.whole')].filter((each) => each.offsetParent).map((each) => {
          const box = each.getBoundingClientRect();
          return [each.parentElement.id, box.height, box.right, getComputedStyle(each).breakInside];
        })"""
    )
    content = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    page.context.close()
    assert len(PdfReader(io.BytesIO(content)).pages) < MOST_PAGES
    shown = [box for box in boxes if box[1] > 0]
    assert len(shown) > 8
    assert [box for box in shown if box[1] > PRINTED["height"] or box[2] > PRINTED["width"] + 1] == []
    assert {box[3] for box in shown} == {"avoid"}


def test_a_link_unfolds_what_it_leads_to(browser: Any, file: Path) -> None:
    page = opened(browser, file, DESK)
    assert page.locator("#limits").get_attribute("open") is None
    page.locator("footer a[href='#limits']").click()
    page.wait_for_function("document.getElementById('limits').open")
    page.context.close()


def test_without_a_script_everything_is_there(browser: Any, file: Path) -> None:
    page = opened(browser, file, DESK, java_script_enabled=False)
    assert page.locator("svg.lines .line").count() > 5
    page.locator("#inputs > summary").click()
    assert page.locator("#inputs-table tbody tr").count() > 100
    page.context.close()


def test_inputs_can_be_searched_by_word_and_grade(desk: Any) -> None:
    desk.locator("#inputs > summary").click()
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
