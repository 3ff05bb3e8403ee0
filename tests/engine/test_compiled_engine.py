"""A template is bound to a model's rules once, kept where nothing stale is run, and tells what it booked and logged."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lbpsim.engine import compiled_engine
from lbpsim.engine.compiled_engine import WATCH_EVERYBODY, EngineOutput, LogFullError, bind, needs_compiling, run
from lbpsim.engine.numba_cache import cache_folder
from lbpsim.engine.waiting_list import Booking, Clinic
from lbpsim.pathways import life
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.verification.models import bulk_queue
from tests.pathways.small_country import study

MODEL = life.__name__


def test_a_model_is_bound_once_and_imports_its_own_rules() -> None:
    bound = bind(MODEL)
    assert bind(MODEL) is bound and bind("lbpsim.verification.models.bulk_queue") is not bound
    path = Path(str(bound.__file__))
    assert path.parent == cache_folder(Path(compiled_engine.__file__).parents[1])
    text = path.read_text(encoding="utf-8")
    assert f"from {MODEL} import advance_to" in text and "from lbpsim.engine.protocol import" not in text


def test_it_is_known_whether_a_model_was_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "engine_0.py"
    monkeypatch.setattr(compiled_engine, "bind", lambda _: SimpleNamespace(__file__=str(copy)))
    assert needs_compiling(MODEL)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "engine_0.run-1.py311.1.nbc").touch()
    assert not needs_compiling(MODEL)


def test_a_copy_that_cannot_be_kept_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    told: list[str] = []
    monkeypatch.setattr(compiled_engine, "tell", told.append)
    monkeypatch.setattr(Path, "replace", full)
    compiled_engine._write(tmp_path / "engine_0.py", "text")
    assert len(told) == 1 and "No space left on device" in told[0] and not list(tmp_path.iterdir())


def test_bookings_come_week_by_week_in_the_order_of_the_clinics() -> None:
    clinics = tuple(Clinic(number, np.zeros(2), 0.5) for number in (1, 0))
    booked = np.arange(2 * 2 * 4).reshape(2, 2, 4)
    assert EngineOutput(0, clinics, booked, np.empty((0, 3))).bookings == [
        *(Booking(0.5, 1, 0, 1, 2, 3), Booking(0.5, 0, 8, 9, 10, 11)),
        *(Booking(1.0, 1, 4, 5, 6, 7), Booking(1.0, 0, 12, 13, 14, 15)),
    ]


def test_a_log_holds_what_is_watched_and_one_without_room_is_an_error() -> None:
    asked = study(people=20, years=2)
    inputs, prepared = build(asked, asked.policies[0], asked.values(asked.policies[0])), PreparedStudy(asked)

    def lived(watched: int, room: int) -> EngineOutput:
        return run(MODEL, prepared.persons(0).copy(), inputs, prepared.blank_totals(), watched=watched, room=room)

    everybody = lived(WATCH_EVERYBODY, 10_000)
    assert len(everybody.log) == everybody.events > 100
    one = lived(3, 10_000)
    assert one.events == everybody.events
    assert one.log.tolist() == everybody.log[everybody.log[:, 0] == 3].tolist()
    with pytest.raises(LogFullError, match=f"{everybody.events} events were watched, and the log has room for 5"):
        lived(WATCH_EVERYBODY, 5)


@pytest.mark.parametrize("by_priority", [False, True])
def test_bookings_made_some_weeks_at_a_time_are_the_same_bookings(by_priority: bool) -> None:
    """With those who wait given again, and whoever comes in the meantime; a part of a place is carried over."""
    weeks, model = 60, bulk_queue.__name__
    people = bulk_queue.new_people(bulk_queue.poisson_arrivals(3.0, weeks, seed=5))
    people["severity"] = np.sin(np.arange(len(people)))
    inputs = bulk_queue.new_inputs(horizon=weeks + 0.5, impatience=0.05, mortality=0.02)
    clinics = (Clinic(0, np.full(weeks, 2.3), 1.0, 0.4, by_priority, 4.0),)
    whole, sums = people.copy(), np.zeros((2, bulk_queue.COUNTS), np.int64)
    expected = run(model, whole, inputs, sums[0], clinics)
    events, booked, waiting, gone = 0, np.zeros_like(expected.booked), people[:0], []
    for first, last in ((0, 1), (1, 25), (25, 60)):
        coming = people[(people["now"] > first) & (people["now"] <= last)]
        some, entered = np.concatenate([waiting, coming]), len(waiting)
        lived = run(model, some, inputs, sums[1], clinics, entered=entered, booked=range(first, last))
        clinics, events, booked = lived.clinics, events + lived.events, booked + lived.booked
        waiting = some[some["present"] == 1]
        gone.append(some[some["present"] == 0])
    assert len(waiting) == 0 and expected.booked[0, 24, 3] > 3, "some wait from one part to the next"
    assert (booked.tolist(), events, clinics) == (expected.booked.tolist(), expected.events, expected.clinics)
    assert sums[0].tolist() == sums[1].tolist() and sums[0][bulk_queue.LEFT] > 10
    everybody = np.concatenate(gone)
    assert (everybody[np.argsort(everybody["id"])] == whole).all()
