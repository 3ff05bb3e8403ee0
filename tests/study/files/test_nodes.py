from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbpsim.study.files.errors import Problem
from lbpsim.study.files.nodes import LARGEST_FILE, MOST_KEYS, Items, Node, Pairs, Scalar, read


def parse(tmp_path: Path, content: str | bytes) -> tuple[Node | None, list[Problem]]:
    file = tmp_path / "file.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems: list[Problem] = []
    return read(file, "file.yaml", problems), problems


def plain(node: Node | None) -> object:
    if isinstance(node, Pairs):
        return {key.text: plain(value) for key, value in node.pairs}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def test_nodes_know_where_they_stand(tmp_path: Path) -> None:
    root, problems = parse(tmp_path, "title: T\ncft:\n  offered: {2027: 10%}\nlist: [a, 'b']\n")
    assert not problems
    assert plain(root) == {"title": "T", "cft": {"offered": {"2027": "10%"}}, "list": ["a", "b"]}
    assert isinstance(root, Pairs)
    cft = root.pairs[1][1]
    assert isinstance(cft, Pairs)
    assert (cft.pairs[0][0].place.line, cft.pairs[0][0].place.column) == (3, 3)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: [AUD 50,000 per QALY, AUD 1,250,000]", ["'AUD 50,000 per QALY'", "'AUD 1,250,000'"]),
        ("a: {b: AUD 8,000, c: AUD 9,000, d: 1}", ["'AUD 8,000'", "'AUD 9,000'"]),
        ("a: {2027: 1,200, 2028: 800}", ["`1200`"]),
        ("a: [1, 200]", []),
        ("a: [50,0000]", []),
        ("a: ['AUD 50,000', b,200]", []),
        ("a: {b: 5, 100: 6}", []),
        ("a: AUD 50,000 per QALY", []),
    ],
)
def test_a_comma_between_thousands_is_told_where_it_parts_values(tmp_path: Path, content: str, told: list[str]) -> None:
    """The number stays whole, so that nothing else is said of its pieces."""
    root, problems = parse(tmp_path, content)
    assert len(problems) == len(told)
    for problem, right in zip(problems, told, strict=True):
        assert "Between brackets a comma parts values" in problem.wrong and right in problem.right
    assert not told or "000" not in str(plain(root)).replace(",000", "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("word", "text"), ("'5'", "text"), ("5", "number"), ("0.1", "number"), ("yes", "yes or no"),
     ("2027-01-01", "date"), ("~", "empty"), ("", "empty"), ("30%", "text"), (".nan", "number")],
)  # fmt: skip
def test_kinds_of_scalars(tmp_path: Path, text: str, kind: str) -> None:
    root, _ = parse(tmp_path, f"key: {text}\n")
    assert isinstance(root, Pairs)
    value = root.pairs[0][1]
    assert isinstance(value, Scalar)
    assert value.kind == kind


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        ("", "empty", None),
        ("# only a comment\n", "empty", None),
        ("a: &x 1\n", "marks a part", 1),
        ("b: 1\na: *x\n", "repeats another part", 2),
        ("a: !!python/object:os.system {}\n", "tag", 1),
        ("a: !x 1\n", "tag", 1),
        ("a: 1\n---\nb: 2\n", "second document", 2),
        ("a:\n\tb: 1\n", "tab", 2),
        ("a: b: c\n", "colon", 1),
        ("a: [1, 2\n", "not YAML", 2),
        ("a: %5\n", "starts with `%`", 1),
        ("a: 'x\n", "not YAML", 2),
        ("[[[[[[[[[[[[[[[[", "nested", 1),
        ("[1]: 2\n", "cannot be a key", 1),
        ('a: "\\ud800"\n', "U+D800", 1),
        ("a: b\u202ec\n", "U+202E RIGHT-TO-LEFT OVERRIDE", 1),
        ("a: \u200b\u200b\n", "U+200B ZERO WIDTH SPACE", 1),
        ("a: \u3164\n", "U+3164 HANGUL FILLER", 1),
        ('a: "\\e[31m"\n', "U+001B", 1),
        ('a: "\\UFFFFFFFF"\n', "escape", None),
        ("a: 1\nb: \x01\n", "cannot stand", 2),
        (b"a: 1\nb: \xff\n", "UTF-8", 2),
        (b"\x89PNG\r\n\x1a\n", "UTF-8", 1),
        (b"x" * (LARGEST_FILE + 1), "bytes", None),
        ("".join(f"k{i}: 1\n" for i in range(MOST_KEYS + 1)), "keys", MOST_KEYS + 1),
    ],
)  # fmt: skip
def test_what_is_not_the_subset_is_refused(tmp_path: Path, content: str | bytes, said: str, line: int | None) -> None:
    root, problems = parse(tmp_path, content)
    assert root is None
    assert len(problems) == 1
    assert said in str(problems[0])
    assert problems[0].place.line == line


@pytest.mark.parametrize("sign", "*&%@`|>,]}")
@given(rest=st.text("abc'*:", min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_text_that_starts_with_a_sign_of_yaml_is_told_to_be_quoted(tmp_path: Path, sign: str, rest: str) -> None:
    text = f"{sign} {rest}*"
    _, problems = parse(tmp_path, f"title: {text}\ndescription: y\n")
    told = str(problems[0])
    assert f"`{text}` starts with `{sign}`" in told
    assert "Put text in quotes" in told
    quoted = told.partition("in quotes: `")[2].removesuffix("`.")
    assert plain(parse(tmp_path, f"title: {quoted}\n")[0]) == {"title": text}


def test_what_repeats_a_part_may_be_text_without_quotes(tmp_path: Path) -> None:
    for text in ("**x**", "*x*", "*x", "&x y"):
        _, problems = parse(tmp_path, f"title: {text}\n")
        assert "in quotes" in str(problems[0])


def test_a_billion_laughs_stop_at_the_first(tmp_path: Path) -> None:
    lines = [
        'a: &a ["lol"]',
        *(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
    _, problems = parse(tmp_path, "\n".join(lines))
    assert [problem.place.line for problem in problems] == [1]


def test_a_key_that_stands_twice_is_told_and_the_rest_read(tmp_path: Path) -> None:
    root, problems = parse(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert plain(root) == {"a": "1", "b": "2"}
    assert "twice" in str(problems[0])
    assert problems[0].place.line == 3


def test_no_file_and_no_permission_are_told(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read(tmp_path / "none.yaml", "none.yaml", problems) is None
    assert read(tmp_path, "folder", problems) is None
    assert read(Path("\0"), "zero", problems) is None
    assert len(problems) == 3


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(SCALARS, inner), max_leaves=12)


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_node_or_a_problem(tmp_path: Path, content: bytes) -> None:
    root, problems = parse(tmp_path, content)
    assert (root is not None) or problems


@given(TREES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_yaml_gives_a_node_or_a_problem(tmp_path: Path, tree: object) -> None:
    root, problems = parse(tmp_path, yaml.safe_dump(tree, allow_unicode=True))
    assert (root is not None) or problems
