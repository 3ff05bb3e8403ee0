"""The levers and the assumptions as a form. What is wrong at a lever is told there, by `lab.js`."""

from __future__ import annotations

from collections.abc import Iterator

from htmltools import Tag, TagList, tags

from lbpsim.lab.assumptions import Assumption, Ranking
from lbpsim.lab.comparison import ASSUME, FOR_ALL, MOST, Comparison
from lbpsim.lab.draft import Draft
from lbpsim.lab.laboratory import Laboratory
from lbpsim.lab.levers import TOP, Lever, by_path, of_section, sections
from lbpsim.lab.writing import written

OPEN = (TOP, "cft")  # sections that are unfolded at first
LONG = "description"


def form(lab: Laboratory) -> Tag:
    """All that can be moved of the policy that is edited, and the assumptions."""
    comparison = lab.view.comparison
    return tags.div(
        opening(lab),
        *(section(name, title, comparison.draft) for name, title in sections().items()),
        own_assumptions(comparison.draft),
        assumptions(lab.assumptions, lab.ranking, lab),
        files(lab),
    )


def side_by_side(comparison: Comparison) -> Tag:
    """The policies side by side, and which of them is edited."""
    choices = [
        button(title, "edit", row=place, pressed=place == comparison.edited)
        for place, title in enumerate(comparison.titles)
    ]
    return tags.section(
        tags.h2("Policies", class_="h5"),
        tags.div(*choices, class_="line", role="group", aria_label="Which policy is edited"),
        aria_label="Policies side by side",
    )


def opening(lab: Laboratory) -> Tag:
    """How another policy comes beside those that are there, or in the place of one; how to go a step back."""
    comparison, names = lab.view.comparison, lab.folder.names()
    more = [
        button("Copy beside", "add", disabled=len(comparison.drafts) == MOST),
        button("Remove", "remove", disabled=len(comparison.drafts) == 1),
        button("Undo", "undo"),
    ]
    chosen = comparison.draft.name
    listed = (tags.option(name, value=name, selected="selected" if name == chosen else None) for name in names)
    which = tags.select(*listed, id="open-name", class_="form-select")
    from_folder = tags.div(
        tags.label("A policy of this folder", for_="open-name"),
        which,
        button("Open", "open", fields="open-name"),
        button("Open beside", "add", fields="open-name", disabled=len(comparison.drafts) == MOST),
        class_="line",
    )
    return tags.section(
        tags.div(*more, class_="line"), from_folder if names else None, aria_label="Other policies, and a step back"
    )


def section(name: str, title: str, draft: Draft) -> Tag | None:
    """The levers of one part of a policy, folded unless something is set there."""
    mine = [lever for lever in of_section(name) if lever.path != ASSUME]
    is_set = any(lever.path in draft.given for lever in mine)
    if not mine:
        return None
    return tags.details(
        tags.summary(title),
        *(lever_field(lever, draft) for lever in mine),
        open=True if name in OPEN or is_set else None,
        class_="part",
        id=f"part-{name}",
    )


def own_assumptions(draft: Draft) -> Tag:
    """Parameters that the policy that is edited sets for itself alone."""
    return tags.details(
        tags.summary("Assumptions of this policy alone"),
        lever_field(by_path()[ASSUME], draft),
        open=True if ASSUME in draft.given else None,
        class_="part",
        id=f"part-{ASSUME}",
    )


def lever_field(lever: Lever, draft: Draft) -> Tag:
    """One lever: its name, what it is, where its words stand, and what is wrong with them."""
    if lever.form == "rows":
        return tags.fieldset(
            tags.legend(lever.label), *_about(lever), _rows(lever, draft), _wrong(lever.path), **_lever(lever)
        )
    words = str(draft.values.get(lever.path, "") or "")
    given = _given(lever.path)
    if lever.form == "choice":
        field = _choice(lever, words, given)
    elif lever.key.name == LONG:
        field = tags.textarea(words, rows=3, **given, class_="form-control")
    else:
        field = tags.input(type="text", value=words, **given, class_="form-control", autocomplete="off")
    label = tags.label(lever.label, for_=given["id"])
    return tags.div(label, *_about(lever), field, _wrong(lever.path), **_lever(lever))


def _lever(lever: Lever) -> dict[str, str]:
    return {"class_": "lever", "data-lever": lever.path}


def _about(lever: Lever) -> Iterator[Tag]:
    example = f" For example {lever.example}." if lever.example and lever.form != "rows" else ""
    yield tags.p(f"{lever.means}.{example}", id=f"means-{identifier(lever.path)}", class_="means")


def _choice(lever: Lever, words: str, given: dict[str, str]) -> Tag:
    usual = f"not set: {_spaced(lever.usual)}" if lever.usual else "not set"
    options = [tags.option(usual, value=""), *(_option(each, words) for each in lever.choices)]
    return tags.select(*options, **given, class_="form-select")


def _option(word: str, chosen: str) -> Tag:
    return tags.option(_spaced(word), value=word, selected="selected" if word == chosen else None)


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def _rows(lever: Lever, draft: Draft) -> TagList:
    rows = draft.rows(lever.path)
    when, amount = lever.example.split(",")[0].split(": ", 1) if ": " in lever.example else ("", "")
    lines = [
        tags.div(
            _cell(lever, place, 0, row[0], f"{lever.when} of row {place + 1}", when),
            _cell(lever, place, 1, row[1], f"Value of row {place + 1}", amount),
            button(
                "Remove", "remove-row", path=lever.path, row=place, label=f"Remove row {place + 1} of {lever.label}"
            ),
            class_="line row-of-two",
        )
        for place, row in enumerate(rows)
    ]
    add = button("Add a row", "add-row", path=lever.path, row=len(rows), label=f"Add a row to {lever.label}")
    return TagList(*lines, add)


def _cell(lever: Lever, row: int, column: int, words: str, label: str, example: str) -> Tag:
    name = identifier(lever.path)
    return tags.input(
        {"data-do": "row", "data-path": lever.path, "data-row": str(row), "data-column": str(column)},
        type="text",
        value=words,
        id=f"{name}-{row}-{column}",
        placeholder=example,
        aria_label=f"{lever.label}: {label}",
        aria_describedby=f"means-{name} wrong-{name}",
        autocomplete="off",
        class_="form-control",
    )


def _given(path: str) -> dict[str, str]:
    name = identifier(path)
    described = f"means-{name} wrong-{name}"
    return {"data-do": "set", "data-path": path, "id": name, "aria-describedby": described}


def _wrong(path: str) -> Tag:
    return tags.p(id=f"wrong-{identifier(path)}", class_="wrong", hidden="hidden")


def identifier(path: str) -> str:
    """A path as the name of an element.

    >>> identifier("cft.training_places")
    'at--cft--training_places'
    """
    return f"at--{path.replace('.', '--')}"


def assumptions(shown: tuple[Assumption, ...], ranking: Ranking, lab: Laboratory) -> Tag:
    """The assumptions that matter most, each with what is known of it."""
    given = lab.view.comparison.assume
    order = f"They hold for every policy, usual care too. These are {ranking.by}."
    unsaved = button("Write into study.yaml", "save-assumptions", disabled=not any(given.values()))
    return tags.details(
        tags.summary("Assumptions for every policy"),
        tags.p(order, class_="means"),
        *(_assumption(each, given.get(each.parameter.name, "")) for each in shown),
        unsaved,
        class_="part",
        id="part-for-all",
        open=True if any(given.values()) else None,
    )


def _assumption(each: Assumption, words: str) -> Tag:
    path = f"{FOR_ALL}.{each.parameter.name}"
    given = _given(path)
    return tags.div(
        tags.label(each.parameter.label, for_=given["id"]),
        tags.p(
            tags.code(each.parameter.name),
            f", now {each.usual}; {each.known}.",
            id=f"means-{identifier(path)}",
            class_="means",
        ),
        tags.input(
            type="text", value=words, placeholder=each.usual, **given, class_="form-control", autocomplete="off"
        ),
        _wrong(path),
        **{"class_": "lever", "data-lever": path},
    )


def files(lab: Laboratory) -> Tag:
    """Saving the policy that is edited, and the text of its file."""
    draft = lab.view.comparison.draft
    name = tags.input(type="text", value=draft.name, id="save-name", class_="form-control", autocomplete="off")
    replacing = tags.input(type="checkbox", id="replacing", class_="form-check-input")
    return tags.section(
        tags.h2("Policy file", class_="h5"),
        tags.div(
            tags.label("Name of the file", for_="save-name"),
            name,
            tags.div(replacing, tags.label(" Replace a file of this name; its comments stay", for_="replacing")),
            button("Save as policy file", "save", fields="save-name replacing"),
            class_="line",
        ),
        tags.details(
            tags.summary("What the file will say"), tags.pre(tags.code(written(draft)), id="text", tabindex="0")
        ),
        aria_label="Policy file",
    )


def button(
    text: str,
    do: str,
    *,
    path: str = "",
    row: int | None = None,
    fields: str = "",
    label: str = "",
    pressed: bool | None = None,
    disabled: bool = False,
) -> Tag:
    """A button that asks the lab to do something; `fields`: names of fields whose words go with it."""
    given = {"data-do": do, "data-path": path, "data-row": "" if row is None else str(row), "data-fields": fields}
    look = "btn-primary" if pressed else "btn-outline-primary"
    return tags.button(
        {name: value for name, value in given.items() if value},
        text,
        type="button",
        class_=f"btn btn-sm {look}",
        aria_label=label or None,
        aria_pressed=None if pressed is None else str(pressed).lower(),
        disabled="disabled" if disabled else None,
        id=f"do-{do}-{identifier(path)}-{'' if row is None else row}" if path else None,
    )
