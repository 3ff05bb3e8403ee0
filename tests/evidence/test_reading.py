from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.evidence.reading import EvidenceError, parse_entries, parse_mapping, read_text


def test_reads_a_mapping_of_names() -> None:
    assert parse_mapping("a:\n  b: 1\n", "x.yaml") == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml, line 3: a is written twice"),
        ("a:\n  b: 1\n  b: 2\n", "x.yaml, line 3: b is written twice"),
        ("- a\n", "x.yaml should be a mapping"),
        ("", "x.yaml should be a mapping"),
        ("1: a\n", "x.yaml should be a mapping"),
        ("a: [1\n", "this is not YAML"),
        ("a: 2024-13-45\n", "this is not YAML"),
        ("a: 0o9\n? [b]\n: 1\n", "x.yaml, line 2: a list or a mapping cannot be a name"),
        ("a: &a [1]\nb: *a\n", "x.yaml, line 2: *a repeats another part"),
        ("a: &a [*a]\n", "x.yaml, line 1: *a repeats another part"),
        ("a: !!python/object/apply:os.getcwd []\n", "this is not YAML"),
    ],
)
def test_anything_else_is_refused(text: str, taught: str) -> None:
    with pytest.raises(EvidenceError) as error:
        parse_mapping(text, "x.yaml")
    assert taught in str(error.value)


def test_every_key_has_its_line() -> None:
    entries = parse_entries("a:\n  b: 1\n  c: 2\nd: 3\n", "x.yaml")
    assert [entries.place(*path) for path in (("a",), ("a", "c"), ("d",))] == [f"x.yaml, line {n}" for n in (1, 3, 4)]
    assert entries.place("a", "e") == "x.yaml, line 1"
    assert entries.place("e") == "x.yaml"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"a: \xff\n")
    with pytest.raises(EvidenceError, match=r"x\.yaml is not UTF-8 text"):
        read_text(tmp_path / "x.yaml")
    with pytest.raises(EvidenceError, match=r"y\.yaml cannot be read"):
        read_text(tmp_path / "y.yaml")
