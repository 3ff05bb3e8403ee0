"""Variants: the plain run when nothing is changed, the same whoever works, kept and taken up again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOMES, reported
from lbpsim.simulation import variants
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import Progress, run_study
from lbpsim.simulation.variants import Variant, VariantRunner, affected_policies, assuming
from lbpsim.simulation.workers import hired
from lbpsim.study import InputErrors
from tests.dsa.small_analysis import base, small

PAIR = ("usual-care", "cft")
ALL = (*PAIR, "stewardship")
LATER = {"cft.session_cost": 200.0}


def other(title: str = "dear sessions") -> Variant:
    return Variant(title, assuming(small(), LATER), PAIR)


def figures(workers: int, asked: list[Variant], folder: Path | None = None) -> list[np.ndarray]:
    with hired(workers) as pool:
        return [np.array(list(each.values())) for each in VariantRunner(pool, workers, folder).many(asked)]


def test_nothing_changed_is_the_plain_run() -> None:
    (found,) = figures(1, [base(ALL)])
    plain = run_study(small(), workers=1).summary
    names = reported(discounted=True)
    whole = plain[plain["discounted"]]["value"].to_numpy().reshape(len(ALL), len(names))
    mine = found.mean(axis=1)[:, [list(OUTCOMES).index(name) for name in names]]
    np.testing.assert_allclose(mine, whole, rtol=1e-12, equal_nan=True)


def test_any_workers_give_the_same_bytes() -> None:
    """Few variants are cut into parts for many workers; that changes nothing."""
    one, three = (figures(workers, [base(), other()]) for workers in (1, 3))
    assert [each.tobytes() for each in one] == [each.tobytes() for each in three]
    assert figures(7, [base()])[0].tobytes() == one[0].tobytes()


def test_the_same_variant_is_simulated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    count = counted(monkeypatch)
    one, again, _ = figures(1, [base(), Variant("another title", small(), PAIR), other()])
    assert one.tobytes() == again.tobytes()
    assert count == [0, 1]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the variants simulated from now on."""
    seen: list[int] = []
    plain = variants.simulate

    def simulate(asked: list[Variant], part: variants.VariantUnit) -> np.ndarray:
        seen.append(part.number)
        return plain(asked, part)

    monkeypatch.setattr(variants, "simulate", simulate)
    return seen


def test_what_is_kept_is_not_simulated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = figures(1, [base()], tmp_path)
    count = counted(monkeypatch)
    again, later = figures(1, [base(), other()], tmp_path)
    assert count == [0] and again.tobytes() == first.tobytes()
    assert later.tobytes() == figures(1, [other()])[0].tobytes()
    assert len(list(tmp_path.glob("*.kept"))) == 2 and not list(tmp_path.glob("*.part"))


def test_progress_is_told_to_the_last_part() -> None:
    told: list[Progress] = []
    with hired(1) as pool:
        VariantRunner(pool, 1, tell=told.append).many([base(), other()])
    assert [(now.done, now.pieces) for now in told] == [(1, 2), (2, 2)]
    assert told[-1].person_years == told[-1].all_person_years == 2 * 400 * 2 * 2


def test_who_is_not_offered_cft_does_not_feel_its_parameters() -> None:
    moved = {"cft.uptake": 0.9, "cft.rmdq_week13": -3.0, "biofeedback.device_cost": 1.0}
    assert affected_policies(small(), list(moved), ALL) == ("cft",)
    assert affected_policies(small(), ["cft.uptake", "work.exit_rate"], ALL) == ALL
    before, after = figures(1, [base(ALL), Variant("moved", assuming(small(), moved), ALL)])
    assert np.array_equal(before[[0, 2]], after[[0, 2]], equal_nan=True)
    assert not np.array_equal(before[1], after[1], equal_nan=True)


def test_what_makes_no_sense_is_refused_before_anything_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    count = counted(monkeypatch)
    wrong = Variant("opioids late", assuming(small(), {"opioids.effect_flat": 50.0}), PAIR)
    with pytest.raises(InputErrors, match="With opioids late"):
        figures(1, [base(), wrong])
    assert count == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        figures(1, [base()], tmp_path / "file" / "below")


def test_replications_of_a_part_are_those_of_the_whole() -> None:
    assert PreparedStudy(small()).replications == 4
    whole = variants.simulate([base()], variants.VariantUnit(0, 0, 4))
    halves = [
        variants.simulate([base()], part) for part in (variants.VariantUnit(0, 0, 1), variants.VariantUnit(0, 1, 4))
    ]
    assert np.concatenate(halves, axis=1).tobytes() == whole.tobytes()
