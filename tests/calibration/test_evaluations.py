from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from lbpsim.calibration.evaluations import fingerprint
from lbpsim.simulation.workers import Here
from tests.calibration.toy import FIGURES, TRUTH, Counted, evaluations, figures
from tests.pathways.small_country import shipped

ASKED = [{**TRUTH, "toy.level": float(level)} for level in range(6)]


def test_answers_come_in_the_order_asked(tmp_path: Path) -> None:
    wanted = [[figures(values)[name] for name in FIGURES] for values in ASKED]
    assert np.array_equal(evaluations(tmp_path / "one", Here()).many(ASKED), wanted)
    with ThreadPoolExecutor(3) as pool:
        assert np.array_equal(evaluations(tmp_path / "many", pool).many(ASKED), wanted)


def test_nothing_is_simulated_twice(tmp_path: Path) -> None:
    first, again = Counted(), Counted()
    answers = evaluations(tmp_path, Here(), first).many(ASKED)
    assert np.array_equal(evaluations(tmp_path, Here(), again).many(ASKED[::-1]), answers[::-1])
    assert (first.asked, again.asked) == (6, 0)


def test_interrupted_work_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        evaluations(tmp_path, Here(), Counted(most=3)).many(ASKED)
    rest = Counted()
    evaluations(tmp_path, Here(), rest).many(ASKED)
    assert rest.asked == 3


def test_another_state_of_the_model_is_not_mixed_up(tmp_path: Path) -> None:
    evaluations(tmp_path, Here(), key="before").many(ASKED)
    after = Counted()
    evaluations(tmp_path, Here(), after, key="after").many(ASKED)
    assert after.asked == 6


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    model = evaluations(tmp_path, Here())
    model.tell = lambda done, of: told.append((done, of))
    model.many(ASKED)
    assert told == [(number, 6) for number in range(1, 7)]


def test_the_fingerprint_follows_everything_that_matters() -> None:
    study, free = shipped(), ("disability.trait_mean",)
    base = fingerprint(study, free, 1)
    assert fingerprint(study, free, 1) == base
    others = (
        fingerprint(study.with_changes(seed=1), free, 1),
        fingerprint(study.with_changes(people=500), free, 1),
        fingerprint(study, (), 1),
        fingerprint(study, free, 2),
    )
    assert len({base, *others}) == 5
