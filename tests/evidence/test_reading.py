from __future__ import annotations

import pytest

from lbpsim.evidence.reading import EvidenceError, parse_mapping


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
        ("a: [1\n", "x.yaml is not YAML"),
        ("a: !!python/object/apply:os.getcwd []\n", "x.yaml is not YAML"),
    ],
)
def test_anything_else_is_refused(text: str, taught: str) -> None:
    with pytest.raises(EvidenceError) as error:
        parse_mapping(text, "x.yaml")
    assert taught in str(error.value)
