"""What a model must offer to be driven: seven rules over the array of people, and eight more where lives are shared. A
stand-in for type checkers and readers.

A person record has the fields `id`, `now`, `present` and `joined` (one a waiting list; infinite when not on it). Until
they are gone (`present` 0), everybody must have something ahead: a model needs a date on which all leave.

`lbpsim.pathways.life` is the real thing for back pain; `lbpsim.verification.models` holds smaller ones.
"""

from __future__ import annotations

from typing import Any


def enter(people: Any, row: int, inputs: Any, totals: Any) -> None:
    """The person enters the model at their time `now`."""
    raise NotImplementedError


def next_event(people: Any, row: int) -> tuple[float, int]:
    """Time and kind of the person's next event if nothing comes between."""
    raise NotImplementedError


def advance_to(people: Any, row: int, time: float, inputs: Any, totals: Any) -> None:
    """Accrue from the person's time `now` to `time`, which becomes `now`; nothing happens in between."""
    raise NotImplementedError


def apply_event(people: Any, row: int, kind: int, inputs: Any, totals: Any) -> None:
    """The event of this kind happens now."""
    raise NotImplementedError


def start_service(people: Any, row: int, waiting_list: int, inputs: Any, totals: Any) -> bool:
    """A place on this list comes up for the person now; whether they take it. Who does not leaves the list."""
    raise NotImplementedError


def turn_away(people: Any, row: int, waiting_list: int, inputs: Any, totals: Any) -> None:
    """The list that the person has just joined is too long: they leave it now."""
    raise NotImplementedError


def begin_shadow(person: Any, shadow: Any, inputs: Any) -> None:
    """The person has just entered, and the branch of these inputs has done nothing to them: clear its `shadow`.

    A shadow has the field `parts_at`, one for each clock that branches may run at a pace of their own: when the life
    under the branch parts by it if nothing comes between.
    """
    raise NotImplementedError


def has_changed(person: Any, clock: int, marks: Any) -> bool:
    """Whether one of these clocks has changed since it was marked; it is marked now. `marks`: shape (clocks, 2)."""
    raise NotImplementedError


def follows(inputs: Any, clock: int) -> bool:
    """Whether the branch of these inputs runs this clock at a pace of its own."""
    raise NotImplementedError


def follow(person: Any, shadow: Any, clock: int, inputs: Any) -> None:
    """An event that the branch shares has changed this clock, which it follows."""
    raise NotImplementedError


def parts_at_events(inputs: Any) -> bool:
    """Whether a life under the branch of these inputs can part at an event."""
    raise NotImplementedError


def can_part(kind: int) -> bool:
    """Whether an event of this kind can be one at which a life parts."""
    raise NotImplementedError


def parts_by_event(person: Any, time: float, kind: int, branch: int, shadows: Any, branches: Any, sums: Any) -> bool:
    """Whether the life under a branch parts by the person's next event, of this kind at `time`.

    What the branch does without parting is counted in `sums[branch]`; the last of the `shadows` is to write on.
    """
    raise NotImplementedError


def hand_over(person: Any, shadow: Any, inputs: Any) -> None:
    """Make a copy of a person's record, taken before their life parts, that of the same person under the branch."""
    raise NotImplementedError


def priority(people: Any, rows: Any, time: float) -> Any:
    """Priority of each of these rows at `time`; shape as `rows`, the highest is served first."""
    raise NotImplementedError
