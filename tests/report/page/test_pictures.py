"""Printed charts inside a page: their names its own, small, or an image; nothing where there is nothing to draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from lbpsim.report.charts import NothingToDraw
from lbpsim.report.page import pictures
from lbpsim.report.page.pictures import from_folder, inlined, svg_markup

SVG = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "x" "y">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" viewBox="0 0 1 1">
<metadata><a>secret</a></metadata><style type="text/css">*{stroke: red}</style><!-- note -->
<defs><path id="glyph" d="M 1.23456 -2.98765" transform="scale(0.015625)"/></defs>
<use xlink:href="#glyph" x="3.14159"/><g clip-path="url(#clip)"/><clipPath id="clip"/></svg>"""


def plot() -> Figure:
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([1, 2, 3])
    return figure


def test_names_in_a_chart_become_the_pages_own() -> None:
    markup = svg_markup(SVG, "k", "A name")
    (name,) = re.findall(r'<path id="(\w+-glyph)"', markup)
    assert name != "glyph"
    assert f'href="#{name}"' in markup
    assert f"url(#{name.removesuffix('glyph')}clip)" in markup


def test_names_that_nothing_refers_to_go() -> None:
    assert "id=" not in svg_markup('<svg><g id="source"/><g id="source"/></svg>', "k", "A name")


def test_two_charts_share_no_name() -> None:
    one, other = ({*re.findall(r'id="([^"]*)"', svg_markup(SVG, key, "A name"))} for key in ("one", "other"))
    assert not one & other


def test_what_a_page_does_not_need_goes_and_scales_stay() -> None:
    markup = svg_markup(SVG, "k", "A name")
    assert not [
        word for word in ("xmlns", "metadata", "secret", "<style", "note", "DOCTYPE", "xlink") if word in markup
    ]
    assert 'd="M 1.2 -3.0"' in markup
    assert "scale(0.015625)" in markup


def test_a_name_is_read_out_and_escaped() -> None:
    assert 'role="img" aria-label="a &quot;b&quot; &lt;c&gt;"' in svg_markup(SVG, "k", 'a "b" <c>')


def test_a_chart_is_drawn_into_the_page() -> None:
    markup = inlined("k", "A plot", plot)
    assert markup is not None
    assert markup.startswith("<svg")


def test_a_large_chart_becomes_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_SVG", 100)
    markup = inlined("k", "A plot", plot)
    assert markup is not None
    assert markup.startswith('<img alt="A plot" src="data:image/png;base64,')


def test_a_chart_without_a_subject_is_left_out() -> None:
    def draw() -> Figure:
        raise NothingToDraw("nothing here")

    assert inlined("k", "A plot", draw) is None


def test_charts_of_another_command_are_taken_from_its_folder(tmp_path: Path) -> None:
    assert from_folder(tmp_path, "plot", "k", "A plot") is None
    (tmp_path / "plot.svg").write_text(SVG, encoding="utf-8")
    assert str(from_folder(tmp_path, "plot", "k", "A plot")).startswith("<svg")


def test_a_large_one_is_taken_as_an_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plot.svg").write_text(SVG, encoding="utf-8")
    (tmp_path / "plot.png").write_bytes(b"image")
    monkeypatch.setattr(pictures, "MOST_SVG", 10)
    assert str(from_folder(tmp_path, "plot", "k", "A plot")).startswith("<img")
