"""Parameters by a name, the beginning of one, or a word of what they are about; the nearest where nothing fits."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.registry import Parameter

MOST_OFFERED = 3  # near misses that an error offers
BOUNDARIES = "._"  # of the parts of a name


class UnknownParameterError(ValueError):
    """A name, a word, or a grade, that the registry does not have; the message offers the nearest."""


def find(name: str, known: Registry | None = None) -> Parameter:
    """The parameter called `name` in a registry, by default the package's.

    Raises UnknownParameterError, with the nearest names, when there is none.
    """
    among = (known or registry()).parameters
    found = among.get(name)
    if found is None:
        raise UnknownParameterError(f'there is no parameter "{name}"; {_nearest(name, among.values())}')
    return found


def matching(words: str, among: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Parameters that `words` mean, in the order of the registry.

    Each word has to fit: as a name or its first parts (`cft`, `cft.rmdq`), as its beginning with a star (`cft.r*`), or
    as the beginning of a word in the name, the label, the unit or a source (`utility`, `physio`, `kent2023`).

    Raises UnknownParameterError, with the nearest names or words, when nothing fits.
    """
    wanted, known = words.casefold().split(), tuple(among)
    named = tuple(one for one in known if one.name == words)
    found = named or tuple(one for one in known if wanted and all(_fits(word, one) for word in wanted))
    if not found:
        raise UnknownParameterError(
            f'no parameter has "{words}" in its name, label, unit or sources; {_nearest(words.casefold(), known)}'
        )
    return found


def _fits(word: str, parameter: Parameter) -> bool:
    name, beginning = parameter.name, word.rstrip("*")
    if name.startswith(beginning) and (word.endswith(("*", *BOUNDARIES)) or name[len(beginning) :][:1] in BOUNDARIES):
        return bool(beginning)
    return "." not in word and any(part.startswith(word) for part in _words_of(parameter))


def _words_of(parameter: Parameter) -> Iterator[str]:
    """Every word that is told of a parameter."""
    for text in (parameter.name, parameter.label, parameter.unit, *parameter.sources):
        yield from re.findall(r"[^\W_]+", text.casefold())


def _nearest(words: str, among: Iterable[Parameter]) -> str:
    """What may have been meant: names, else words, else what names begin with."""
    every = tuple(among)
    names = [one.name for one in every]
    near = difflib.get_close_matches(words, names, n=MOST_OFFERED, cutoff=0.8)
    if not near and "." not in words:
        known = sorted({word for one in every for word in _words_of(one)})
        near = difflib.get_close_matches(words, known, n=MOST_OFFERED, cutoff=0.8)
    if near:
        return f"did you mean {' or '.join(near)}?"
    beginnings = ", ".join(sorted({name.partition(".")[0] for name in names}))
    return f"names begin with {beginnings}; `lbpsim parameters` lists them all."
