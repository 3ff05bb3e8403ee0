"""Variants: the plain run when nothing is changed, the same whoever works, kept and taken up again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOMES, reported
from lbpsim.simulation import variants
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import Progress, run_study
from lbpsim.simulation.variants import (
    MOST_TOGETHER,
    ONLY_CFT,
    Variant,
    VariantRunner,
    affected_policies,
    assuming,
    choosing,
    lived_together,
)
from lbpsim.simulation.workers import hired
from lbpsim.study import InputErrors
from tests.dsa.small_analysis import base, small

PAIR = ("usual-care", "cft")
ALL = (*PAIR, "stewardship")
LASTS = ("waning", "sustained", "gone_by_year_five", "gone_at_year_three")
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
    assert count == ["another title", "dear sessions"]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles of the variants simulated from now on."""
    seen: list[str] = []
    plain = variants.simulate

    def simulate(asked: list[variants.Together], part: variants.VariantUnit) -> list[np.ndarray]:
        seen.extend(variant.title for variant in asked[part.number])
        return plain(asked, part)

    monkeypatch.setattr(variants, "simulate", simulate)
    return seen


def test_what_is_kept_is_not_simulated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = figures(1, [base()], tmp_path)
    count = counted(monkeypatch)
    again, later = figures(1, [base(), other()], tmp_path)
    assert count == ["dear sessions"] and again.tobytes() == first.tobytes()
    assert later.tobytes() == figures(1, [other()])[0].tobytes()
    assert len(list(tmp_path.glob("*.kept"))) == 2 and not list(tmp_path.glob("*.part"))


def moved(names: Iterable[str]) -> list[Variant]:
    """The small study with one parameter moved a little in each, for a policy of CFT."""
    values = small().values(small().policies[0])
    return [Variant(name, assuming(small(), {name: values[name] * 0.9}), ("cft",)) for name in names]


def test_variants_of_cft_are_lived_together_and_come_to_the_same_bytes_as_apart() -> None:
    """Whatever of CFT is moved: its effect, who takes it up, places, prices, how long the effect lasts."""
    ours = [name for name in small().values(small().policies[0]) if name.startswith(ONLY_CFT)]
    whole = [name for name in ours if name not in ("cft.sessions", "cft.session_interval", "cft.booster_week")]
    assert len(whole) > 30
    choices = [Variant(choice, choosing(small(), {"after_year_three": choice}), ALL) for choice in LASTS]
    asked = [*moved(whole), *choices, base(ALL)]
    assert max(map(len, lived_together(asked))) == MOST_TOGETHER
    together = figures(1, asked)
    for variant, mine in zip(asked, together, strict=True):
        assert mine.tobytes() == figures(1, [variant])[0].tobytes(), variant.title


def test_what_touches_more_than_cft_is_lived_apart() -> None:
    usual, cft, _ = small().policies
    offering = dataclasses.replace(small(), policies=(dataclasses.replace(usual, cft=cft.cft), cft))
    offered = [Variant(str(cost), assuming(offering, {"cft.session_cost": cost}), PAIR) for cost in (100.0, 200.0)]
    seeds = [Variant(str(seed), dataclasses.replace(small(), seed=seed), PAIR) for seed in (1, 2)]
    fewer = Variant("half of them", small(), PAIR, replications=2)
    unlinked = Variant("no link", choosing(small(), {"severity_drives_opioids_and_surgery": "off"}), PAIR)
    work = Variant("work", assuming(small(), {"work.exit_rate": 0.01}), PAIR)
    apart = [*offered, *seeds, fewer, unlinked, work]
    assert [len(each) for each in lived_together(apart)] == [1] * len(apart)
    assert [len(each) for each in lived_together([base(), other()])] == [2]


def test_progress_is_told_to_the_last_part() -> None:
    told: list[Progress] = []
    apart = Variant("work", assuming(small(), {"work.exit_rate": 0.01}), PAIR)
    with hired(1) as pool:
        VariantRunner(pool, 1, tell=told.append).many([base(), apart])
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
    cuts = variants.VariantUnit(0, 0, 4), variants.VariantUnit(0, 0, 1), variants.VariantUnit(0, 1, 4)
    (whole,), *halves = (variants.simulate([(base(),)], part) for part in cuts)
    assert np.concatenate([mine for (mine,) in halves], axis=1).tobytes() == whole.tobytes()
