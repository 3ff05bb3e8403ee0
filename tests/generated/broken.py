"""Right inputs made wrong: shipped files with lines moved, values changed, bytes flipped, the same for a number always.

What comes out is not wrong always: a line may be one that nothing needs, a number may still be in its range.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.study.conftest import FULL

SHIPPED = Path(__file__).parents[2] / "scenarios"
STUDY, COMPARATOR = "study.yaml", "usual-care.yaml"
POLICIES = ("cft-biofeedback", "opioid-stewardship", "opioids-instead", "surgery-expansion", "surgery-restraint")
NUMBERS = (
    *(
        "nan",
        ".nan",
        "inf",
        "-.inf",
        "1e308",
        "1e999",
        "5e-324",
        "-1",
        "-0",
        "0",
        "0.0",
        "0x10",
        "0o17",
        "1_000",
        "1,5",
    ),
    *("1.000,5", "3,5%", "1 000", "١٢", "½", "²", "9" * 400, "1." + "0" * 400, "10%%", "1/3", "50 percent"),
)
DATES = (
    *("0000-00-00", "9999-12-31", "2027-02-30", "2027-13-01", "2027-01-01T00:00:00Z", "27-1-1", "1.1.2027"),
    *("2027.0", "2027-1-1", "20270101", "2027-W01", "10000-01-01"),
)
UNITS = (
    *("12 weeks", "30%", "AUD 120", "AUD", "%", "per year", "6% per year", "-100% a year", "AUD -5 per QALY"),
    *("1e400 weeks", "AUD 1e25 per QALY", "0 weeks", "100% per year"),
)
SIGNS = (
    *(
        "",
        " ",
        "~",
        "null",
        "yes",
        "No",
        "TRUE",
        "on",
        "y",
        "[]",
        "{}",
        "[1, 2]",
        "{a: b}",
        "[[[]]]",
        "- x",
        "'",
        '"',
        "''",
    ),
    *("&a b", "*a", "!!python/none", "!x y", "|", ">", "%", "@", "a: b", "a #b", "../../x", "con", "x" * 5000),
    *("\\u0000", "\x1b[31m", "\u202e", "\u200b", "🦴"),
)
ODD = (*NUMBERS, *DATES, *UNITS, *SIGNS)
PAIR = re.compile(r"^(\s*)([^\s:#][^:#]*):[ \t]*(.*)$")

Lines = list[str]


@dataclass(frozen=True)
class Broken:
    """Files of a study, of which one is perhaps wrong: its name, and the content of all by name (None: a folder)."""

    wrong: str
    files: dict[str, bytes | None]

    def write(self, folder: Path) -> None:
        """Write them, and nothing else, to a folder that is not there."""
        folder.mkdir()
        for name, content in self.files.items():
            if content is None:
                (folder / name).mkdir()
            else:
                (folder / name).write_bytes(content)


def broken(number: int) -> Broken:
    """The broken study of that number."""
    chance = np.random.default_rng([number, 2])
    policy = chance.choice([*POLICIES, "full"])
    texts = {
        STUDY: (SHIPPED / STUDY).read_text(encoding="utf-8"),
        COMPARATOR: (SHIPPED / COMPARATOR).read_text(encoding="utf-8"),
        f"{policy}.yaml": FULL if policy == "full" else (SHIPPED / f"{policy}.yaml").read_text(encoding="utf-8"),
    }
    wrong = str(chance.choice(list(texts), p=(0.4, 0.1, 0.5)))
    files: dict[str, bytes | None] = {name: text.encode() for name, text in texts.items()}
    if chance.random() < 0.8:
        lines = texts[wrong].splitlines()
        for _ in range(int(chance.integers(1, 4))):
            lines = _one(OF_LINES, chance)(lines, chance)
        files[wrong] = "\n".join([*lines, ""]).encode(errors="surrogatepass")
    else:
        files[wrong] = _one(OF_BYTES, chance)(texts[wrong].encode(), chance)
    return Broken(wrong, files)


def _one(among: tuple[Callable[..., object], ...], chance: np.random.Generator) -> Callable[..., object]:
    return among[int(chance.integers(len(among)))]


# --- lines ----------------------------------------------------------------------------------------------------------


def _place(lines: Lines, chance: np.random.Generator) -> int:
    return int(chance.integers(max(len(lines), 1)))


def without_a_line(lines: Lines, chance: np.random.Generator) -> Lines:
    at = _place(lines, chance)
    return [*lines[:at], *lines[at + 1 :]]


def with_a_line_twice(lines: Lines, chance: np.random.Generator) -> Lines:
    at, to = _place(lines, chance), _place(lines, chance)
    return [*lines[:to], *lines[at : at + 1], *lines[to:]]


def with_a_line_indented(lines: Lines, chance: np.random.Generator) -> Lines:
    at = _place(lines, chance)
    by = str(chance.choice(["  ", " ", "\t", "      ", ""]))
    return [
        *lines[:at],
        *(by + line.lstrip() if by == "" else by + line for line in lines[at : at + 1]),
        *lines[at + 1 :],
    ]


def _pairs(lines: Lines) -> list[int]:
    return [at for at, line in enumerate(lines) if PAIR.match(line)]


def with_an_odd_value(lines: Lines, chance: np.random.Generator) -> Lines:
    found = _pairs(lines)
    if not found:
        return lines
    at = int(chance.choice(found))
    return [
        *lines[:at],
        PAIR.sub(lambda pair: f"{pair[1]}{pair[2]}: {chance.choice(ODD)}", lines[at]),
        *lines[at + 1 :],
    ]


def with_an_odd_number(lines: Lines, chance: np.random.Generator) -> Lines:
    """A number, a date or a share inside a line is another thing."""
    found = [(at, match) for at, line in enumerate(lines) for match in re.finditer(r"[0-9][0-9.,-]*%?", line)]
    if not found:
        return lines
    at, match = found[int(chance.integers(len(found)))]
    changed = lines[at][: match.start()] + str(chance.choice(ODD)) + lines[at][match.end() :]
    return [*lines[:at], changed, *lines[at + 1 :]]


def with_values_swapped(lines: Lines, chance: np.random.Generator) -> Lines:
    found = _pairs(lines)
    if len(found) < 2:
        return lines
    a, b = (int(at) for at in chance.choice(found, size=2, replace=False))
    one, other = PAIR.match(lines[a]), PAIR.match(lines[b])
    assert one is not None and other is not None
    swapped = list(lines)
    swapped[a], swapped[b] = f"{one[1]}{one[2]}: {other[3]}", f"{other[1]}{other[2]}: {one[3]}"
    return swapped


def with_a_key_misspelt(lines: Lines, chance: np.random.Generator) -> Lines:
    found = _pairs(lines)
    if not found:
        return lines
    at = int(chance.choice(found))
    pair = PAIR.match(lines[at])
    assert pair is not None
    letters = list(pair[2])
    letters[int(chance.integers(len(letters)))] = str(chance.choice(list("xé_-1 '\"[{")))
    return [*lines[:at], f"{pair[1]}{''.join(letters)}: {pair[3]}", *lines[at + 1 :]]


def with_a_sign_put_in(lines: Lines, chance: np.random.Generator) -> Lines:
    at = _place(lines, chance)
    if not lines:
        return lines
    line, column = lines[at], int(chance.integers(len(lines[at]) + 1))
    sign = str(chance.choice(list("{}[]:,&*!|>'\"%@`#-?\t\x00\x07\x85\u2028\ufeff")))
    return [*lines[:at], line[:column] + sign + line[column:], *lines[at + 1 :]]


OF_LINES = (
    *(without_a_line, with_a_line_twice, with_a_line_indented, with_values_swapped, with_a_key_misspelt),
    *(with_an_odd_value, with_an_odd_number, with_an_odd_value, with_an_odd_number, with_a_sign_put_in),
)


# --- bytes ----------------------------------------------------------------------------------------------------------


def with_bits_flipped(content: bytes, chance: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for _ in range(int(chance.integers(1, 5))):
        changed[int(chance.integers(len(changed)))] ^= 1 << int(chance.integers(8))
    return bytes(changed)


def cut_off(content: bytes, chance: np.random.Generator) -> bytes:
    return content[: int(chance.integers(len(content)))]


def with_a_mark_at_its_start(content: bytes, chance: np.random.Generator) -> bytes:
    return (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf")[int(chance.integers(4))] + content


def in_another_encoding(content: bytes, chance: np.random.Generator) -> bytes:
    encoding = str(chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-7", "cp500", "latin-1"]))
    return (content.decode() + "é").encode(encoding)


def with_ends_of_another_system(content: bytes, chance: np.random.Generator) -> bytes:
    return content.replace(b"\n", (b"\r", b"\r\n", b"\n\r")[int(chance.integers(3))])


def any_bytes(_: bytes, chance: np.random.Generator) -> bytes:
    return chance.bytes(int(chance.integers(0, 2000)))


def a_folder(_: bytes, chance: np.random.Generator) -> None:
    return None


def nothing(_: bytes, chance: np.random.Generator) -> bytes:
    return (b"", b"\n", b"# nothing\n", b"---\n", b"...\n", b"\x00", b" \t\n")[int(chance.integers(7))]


OF_BYTES = (
    *(with_bits_flipped, with_bits_flipped, cut_off, with_a_mark_at_its_start, in_another_encoding),
    *(with_ends_of_another_system, any_bytes, a_folder, nothing),
)
