"""The brief in headless Chromium: quiet, alone, accessible, on a phone, printed on one page. Skipped without one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from lbpsim.outcomes.results import Results
from lbpsim.report.brief.content import brief_of
from lbpsim.report.brief.web import html
from tests.report.page import test_browser as page_tests

pytestmark = page_tests.pytestmark
browser = page_tests.browser


@pytest.fixture(params=["plain", "with_draws"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    results: Results = request.getfixturevalue(request.param)
    path = tmp_path / "brief.html"
    path.write_text(html(brief_of(results)), encoding="utf-8")
    yield path


def test_it_prints_on_one_page(browser: Any, file: Path) -> None:
    page = page_tests.opened(browser, file, page_tests.DESK)
    content = page.pdf(prefer_css_page_size=True)
    page.context.close()
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


@pytest.mark.parametrize("size", [page_tests.PHONE, page_tests.DESK], ids=["phone", "desk"])
def test_it_is_quiet_alone_and_accessible(browser: Any, file: Path, size: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_context(viewport=size, bypass_csp=True).new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert [each["id"] for each in found if each["impact"] in page_tests.GRAVE] == []
    assert (said, asked) == ([], [file.as_uri()])
    assert wide <= size["width"]
