"""The lab as an application for browsers, built on Shiny: one session a tab, all of one laboratory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from htmltools import Tag, tags
from shiny import App, Inputs, Outputs, Session, reactive, render, ui
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, Router

from lbpsim.lab import answer
from lbpsim.lab.actions import Tab
from lbpsim.lab.form import form, side_by_side
from lbpsim.lab.full_run import READ
from lbpsim.lab.laboratory import Laboratory
from lbpsim.lab.pictures import STYLES, SUBJECTS, WRONG, Painter, Wanted
from lbpsim.lab.security import POLICY
from lbpsim.lab.templates import part
from lbpsim.lab.writing import written

HERE = Path(__file__).parent
SECONDS = 0.15  # between two looks at whether anything is new
STOPPED = "The lab has stopped, or another program has cut it off. Start it again with `lbpsim lab`: your work is kept."
SANDBOX = f"{POLICY}; sandbox allow-scripts allow-downloads allow-popups"  # a report is no part of the lab
Seen = TypeVar("Seen")


def application(lab: Laboratory, painter: Painter) -> Router:
    """What is served: the page, and the results of the run that it started."""

    def results(request: Any) -> Response:
        name = request.path_params["name"]
        file = lab.full_run.folder / name
        if name not in READ or not file.is_file():
            return PlainTextResponse("There is no such result.\n", status_code=404)
        return FileResponse(file, headers={"content-security-policy": SANDBOX})

    def serve(input: Inputs, output: Outputs, session: Session) -> None:
        serve_tab(lab, painter, input, session)

    shiny_app = App(page(lab), serve)
    shiny_app.sanitize_errors = True
    return Router([Route("/results/{name}", results), Mount("/", app=shiny_app)])


def page(lab: Laboratory) -> Tag:
    """The page before anything is known."""
    return ui.page_fluid(
        ui.head_content(
            tags.link(rel="icon", href="data:,"),
            tags.style((HERE / "lab.css").read_text("utf-8")),
            tags.script((HERE / "lab.js").read_text("utf-8")),
        ),
        part("page.html", "page", study=lab.base, stopped=STOPPED, output=ui.output_ui, output_text=ui.output_text),
        title=f"Lab: {lab.base.title}",
        lang="en",
    )


def serve_tab(lab: Laboratory, painter: Painter, input: Inputs, session: Session) -> None:
    """One tab: it shows what is known as it grows, and passes on what its user does."""
    version = _watched(lambda: lab.view.version)
    shape = reactive.value(lab.view.drawn_for(session.id))
    titles = _watched(lambda: lab.view.comparison.titles)
    said = reactive.value("")
    tab = Tab(lab, reactive.value(Wanted(next(iter(SUBJECTS)), next(iter(STYLES)))), session.id)

    @reactive.effect
    async def _changed() -> None:
        version()
        view = lab.view
        with reactive.isolate():
            if view.drawn_for(session.id) != shape():  # what is set is told even where it is equal
                shape.set(view.drawn_for(session.id))
        await session.send_custom_message("problems", dict(view.reading.problems[view.comparison.edited]))
        await session.send_custom_message("text", {"words": written(view.comparison.draft)})

    @reactive.effect
    @reactive.event(input.act)
    def _act() -> None:
        said.set(tab.carry_out(input.act()))

    figures = _watched(lambda: lab.run.figures)
    running = _watched(lambda: lab.full_run.state)
    picture = _watched(lambda: painter.look(tab.wanted()) if lab.view.reading.study is not None else WRONG)
    show = partial(_show, session)
    show("policies", lambda: side_by_side(lab.view.comparison), shape, titles)
    show("levers", lambda: form(lab), shape)
    show("told", lambda: tags.p(said(), role="status", id="said") if said() else None)
    show("progress", lambda: answer.progress(lab.view, figures()), version)
    show("announced", lambda: answer.announced(lab.view, figures()), version, kind=render.text)
    show("table", lambda: answer.table(figures()))
    show("people", lambda: answer.people(figures()))
    show("words", lambda: answer.words(lab.view), version)
    show("chart_choice", lambda: answer.chart_choice(tab.wanted().subject))
    show("chart", lambda: answer.chart(picture()))
    show("full_run", lambda: answer.full_run(lab), running, version)


def _show(
    session: Session, name: str, drawn: Callable[[], Any], *watched: Callable[[], object], kind: Any = render.ui
) -> None:
    """Show what is `drawn` in a place of the page, and draw it anew when anything that is `watched` is another."""

    def shown() -> Any:
        for each in watched:
            each()
        return drawn()

    session.output(id=name)(kind(shown))


def _watched(look: Callable[[], Seen]) -> Callable[[], Seen]:
    """What is seen where one looks, now and again; who reads it is told when it is another."""

    @reactive.poll(look, SECONDS)
    def seen() -> Seen:
        return look()

    return seen
