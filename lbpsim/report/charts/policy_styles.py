"""How each policy looks, the same in every chart: a hue and line style for its family, a shade and marker of its own.

Hues follow Okabe and Ito, so that colour-blind readers can tell them apart; shades differ in lightness and line styles
and markers differ in shape, so that a grey copy can be read too.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lbpsim.outcomes.results import Results
from lbpsim.study import Policy, Study

Dashes = tuple[float, tuple[float, ...] | None]
PlotStyle = dict[str, Any]  # arguments of what Matplotlib draws

INK = "#1a1a1a"
MUTED = "#5f5f5f"
FAINT = "#d9d9d9"


@dataclass(frozen=True)
class Family:
    """Policies of one kind: `title`, `shades` from dark to light, `dashes` of their lines."""

    title: str
    shades: tuple[str, ...]
    dashes: Dashes


COMPARATOR = Family("Comparator", (INK,), (0, None))
CFT = Family("CFT", ("#0072b2", "#0b3360", "#56b4e9", "#2a7f9e"), (0, None))
INSTEAD = Family("Instead of CFT", ("#c04a00", "#e69f00", "#7a2e00"), (0, (5, 1.6)))
TRENDS = Family("Trends", ("#8a2a67", "#cc79a7", "#521240"), (0, (5, 1.5, 1.2, 1.5)))
RESTRAINT = Family("Stewardship", ("#00654a", "#2fb58a", "#5b7f00"), (0, (1.4, 1.2)))
OTHER = Family("Other", ("#4d4d4d", "#8c8c8c", "#6b5b3e"), (0, (3, 1.2, 1, 1.2, 1, 1.2)))
FAMILIES = (COMPARATOR, CFT, INSTEAD, TRENDS, RESTRAINT, OTHER)

MARKERS = ("o", "s", "D", "^", "v", "P", "X", "<", ">", "p", "h", "*", "8")
ABBREVIATIONS = {"cft": "CFT", "gp": "GP", "gps": "GPs", "nsw": "NSW", "wa": "WA", "nt": "NT", "act": "ACT"}
LABEL_WIDTH = 24  # characters
LABEL_LINES = 2


@dataclass(frozen=True)
class PolicyStyle:
    """How one policy looks: short `label` for charts, `family`, `colour`, `dashes`, `marker` ("": comparator)."""

    label: str
    family: Family
    colour: str
    dashes: Dashes
    marker: str

    @property
    def one_line(self) -> str:
        """The label on one line, as in a sentence or left of a row."""
        return self.label.replace("\n", " ")

    def line(self, width: float = 1.6) -> dict[str, Any]:
        """Arguments of a line in this look; `width` in points."""
        return {"color": self.colour, "linestyle": self.dashes, "linewidth": width}


def looks(results: Results) -> Mapping[str, PolicyStyle]:
    """The look of every policy of a study by its name, in the study's order.

    Depends on the whole study, never on which policies a chart shows; of many policies, on those chosen to be shown.
    """
    return looks_of(results.study)


def looks_of(study: Study) -> Mapping[str, PolicyStyle]:
    """As `looks`, where there are no results yet. Benchmarks come last, so that choices look alike without them."""
    families, labels = _families(study), labels_of(study)
    found: dict[str, PolicyStyle] = {}
    known = Counter[str]()
    for place, name in enumerate(sorted(_by_family(study), key=lambda name: study.policy(name).cft.only_compares)):
        family = families[name]
        members, known[family.title] = known[family.title], known[family.title] + 1
        marker = "" if family is COMPARATOR else MARKERS[(place - 1) % len(MARKERS)]
        colour = family.shades[members % len(family.shades)]
        found[name] = PolicyStyle(labels[name], family, colour, family.dashes, marker)
    return {policy.name: found[policy.name] for policy in study.policies}


def mark(look: PolicyStyle, results: Results) -> str | None:
    """The marker on a policy's line; the comparator has one only where a single year leaves no line to see."""
    return look.marker or ("o" if len(results.years) == 1 else None)


def called(results: Results, name: str) -> str:
    """What a policy is called inside a sentence."""
    return in_sentence(looks(results)[name].one_line)


def by_family(results: Results) -> tuple[str, ...]:
    """Names of the policies, the comparator first, then family by family, in the study's order within each."""
    return _by_family(results.study)


def _by_family(study: Study) -> tuple[str, ...]:
    families = _families(study)
    return tuple(sorted(families, key=lambda name: FAMILIES.index(families[name])))


def _families(study: Study) -> dict[str, Family]:
    comparator, *others = study.policies
    return {comparator.name: COMPARATOR} | {policy.name: family_of(policy) for policy in others}


def comparator(results: Results) -> str:
    """What the comparator is called inside a sentence: its title, or where that is too long for the title of a panel,
    the name of its file in words.
    """
    first = results.study.policies[0]
    short = first.title if len(first.title) <= LABEL_WIDTH else short_label(first.name).replace("\n", " ")
    return in_sentence(short)


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: a small first letter unless it begins with an abbreviation.

    >>> in_sentence("Usual care"), in_sentence("CFT rollout")
    ('usual care', 'CFT rollout')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def family_of(policy: Policy) -> Family:
    """The family of a policy, by what it changes: another offer instead of CFT, CFT, growth, restraint, or other."""
    if policy.cft.replaced_by is not None:
        return INSTEAD
    if policy.cft.makes_offers:
        return CFT
    if policy.opioids.growth.times or policy.surgery.growth.times:
        return TRENDS
    restrained = (policy.opioids.initiation_change, policy.opioids.tapering_offered, policy.surgery.referral_change)
    return RESTRAINT if any(timeline.times for timeline in restrained) else OTHER


def labels_of(study: Study) -> Mapping[str, str]:
    """What charts call each policy, by its name: its title on at most two lines.

    Where titles are so long that two come to the same when cut, the names of the files tell these apart.
    """
    cut = {policy.name: _two_lines(policy.title) or short_label(policy.name) for policy in study.policies}
    known = Counter(cut.values())
    return {name: label if known[label] == 1 else short_label(name) for name, label in cut.items()}


def _two_lines(text: str) -> str:
    return "\n".join(textwrap.wrap(text, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder="\N{HORIZONTAL ELLIPSIS}"))


def short_label(name: str) -> str:
    """The name of a policy file as a label of at most two lines, where no title is known.

    >>> short_label("cft-rollout"), short_label("usual-care")
    ('CFT rollout', 'Usual care')
    """
    words = [ABBREVIATIONS.get(word.lower(), word) for word in name.replace("_", "-").split("-") if word]
    text = " ".join(words)
    text = text[:1].upper() + text[1:]
    return _two_lines(text) or name
