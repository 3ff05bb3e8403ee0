"""Records: what was written with one is read as it was, or is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lbpsim import __version__
from lbpsim.report.file_records import DamagedError, Record, read_record, write_record

TOLD = {"lbpsim": __version__, "people": 7000, "study": {"name": "é", "rates": [0.05, 1e-12], "none": None}}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    (tmp_path / "deep" / "b.csv").write_text("x\n1\n")
    write_record(tmp_path / "run.json", TOLD, ["a.bin", "deep/b.csv"])
    return tmp_path / "run.json"


def test_what_was_written_is_read(record: Path) -> None:
    found = read_record(record)
    found.check()
    assert {key: found.told[key] for key in TOLD} == TOLD
    assert found.files == ("a.bin", "deep/b.csv")
    assert found.content("a.bin") == bytes(range(256))


def test_layout_does_not_matter(record: Path) -> None:
    """Editors and version control change spaces, ends of lines and the order of keys; nothing is lost by that."""
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_bytes(json.dumps(dict(reversed(told.items())), indent=7).replace("\n", "\r\n").encode())
    assert isinstance(read_record(record), Record)


@pytest.mark.parametrize(
    "changed",
    [
        {"people": 7001},
        {"people": "7000"},
        {"people": [[[7000]]]},
        {"study": "australia"},
        {"seed": 5},
        {"files": {}},
        {"seal": None},
        {"seal": {}},
        {"people": float("nan")},
    ],
)
def test_no_change_goes_unseen(record: Path, changed: dict[str, object]) -> None:
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(told | changed), encoding="utf-8")
    with pytest.raises(DamagedError, match=r"were not written by this run\.json"):
        read_record(record)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000, b'{"people": ' + b"9" * 9999 + b"}"],
)
def test_what_is_no_record_is_said_to_be_none(record: Path, content: bytes) -> None:
    record.write_bytes(content)
    with pytest.raises(DamagedError, match=r"run\.json"):
        read_record(record)


def test_another_version_is_named(record: Path) -> None:
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(told | {"lbpsim": "99.0.0"}), encoding="utf-8")
    with pytest.raises(DamagedError, match=r"written by version 99\.0\.0"):
        read_record(record)


@pytest.mark.parametrize("content", [b"", bytes(255), bytes(256), bytes(range(256)) + b"\0"])
def test_a_file_that_is_not_as_it_was_is_named(record: Path, content: bytes) -> None:
    (record.parent / "a.bin").write_bytes(content)
    with pytest.raises(DamagedError, match=r"a\.bin was not written by this run\.json"):
        read_record(record).check()


def test_a_file_that_is_not_there_is_named(record: Path) -> None:
    (record.parent / "deep" / "b.csv").unlink()
    with pytest.raises(DamagedError, match=r"b\.csv is missing"):
        read_record(record).check()
    (record.parent / "deep" / "b.csv").mkdir()
    with pytest.raises(DamagedError, match=r"b\.csv"):
        read_record(record).check()
