"""What a tab can ask for, each by its name; whatever else comes from a browser does nothing, and that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from shiny import reactive

from lbpsim.lab.laboratory import Laboratory
from lbpsim.lab.pictures import STYLES, SUBJECTS, Wanted
from lbpsim.lab.study_folder import Refused
from lbpsim.study import InputErrors

NOT_UNDERSTOOD = "This page asked for something that the lab does not know. Nothing was done."


class Asked(BaseModel):
    """One thing that a tab asks for: `do` names it; the others say at which lever, row or column, with which words."""

    model_config = ConfigDict(extra="forbid", strict=True)

    do: str
    path: str = ""
    row: int = 0
    column: int = 0
    words: str = ""
    fields: dict[str, str | bool] = {}
    number: int = 0


@dataclass
class Tab:
    """A tab of a browser: its lab, the chart that it shows, and its name (`session`)."""

    lab: Laboratory
    wanted: reactive.Value[Wanted]
    session: str = field(default="")

    def carry_out(self, given: Any) -> str:
        """Do what is asked for; what there is to say of it, "" for nothing."""
        try:
            asked = Asked.model_validate(given)
            return ACTIONS[asked.do](self, asked) or ""
        except (ValidationError, KeyError):
            return NOT_UNDERSTOOD
        except Refused as refused:
            return f"{refused}."
        except InputErrors as errors:
            return " ".join(map(str, errors.problems))
        except OSError as problem:
            return f"Could not read or write: {problem}."

    def look_at(self, subject: str) -> None:
        """Show another chart."""
        if subject in SUBJECTS:
            self.wanted.set(Wanted(subject, self.wanted.get().style))

    def lay_out(self, narrow: bool) -> None:
        """Charts for a narrow page, or a wide one."""
        wide, thin = STYLES
        self.wanted.set(Wanted(self.wanted.get().subject, thin if narrow else wide))


def _name(asked: Asked) -> str:
    return str(asked.fields.get("open-name", ""))


ACTIONS: Mapping[str, Callable[[Tab, Asked], str | None]] = {
    "set": lambda tab, asked: tab.lab.set(asked.path, asked.words, by=tab.session),
    "row": lambda tab, asked: tab.lab.set_row(asked.path, asked.row, asked.column, asked.words, by=tab.session),
    "pick": lambda tab, asked: tab.lab.pick(
        asked.path, asked.words, taken=asked.fields.get("taken") is True, by=tab.session
    ),
    "add-row": lambda tab, asked: tab.lab.add_row(asked.path),
    "remove-row": lambda tab, asked: tab.lab.remove_row(asked.path, asked.row),
    "edit": lambda tab, asked: tab.lab.edit(asked.row),
    "add": lambda tab, asked: tab.lab.add(_name(asked)),
    "open": lambda tab, asked: tab.lab.open(_name(asked)),
    "remove": lambda tab, asked: tab.lab.remove(),
    "undo": lambda tab, asked: tab.lab.undo(),
    "save": lambda tab, asked: tab.lab.save(
        str(asked.fields.get("save-name", "")), replacing=asked.fields.get("replacing") is True
    ),
    "save-assumptions": lambda tab, asked: tab.lab.save_assumptions(),
    "run": lambda tab, asked: tab.lab.start_full_run(draws=None if asked.fields.get("drawn") is True else 0),
    "stop": lambda tab, asked: tab.lab.full_run.stop(),
    "chart": lambda tab, asked: tab.look_at(asked.path),
    "width": lambda tab, asked: tab.lay_out(asked.row == 1),
}
