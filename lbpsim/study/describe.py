"""A study in plain words: what is asked, what each policy changes against today's care, and what looks odd."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from lbpsim.evidence.layers import Registry
from lbpsim.evidence.units import MONEY_FOR_ONE, format_in_unit, format_quantity, number_text
from lbpsim.study.clock import in_words
from lbpsim.study.files.errors import WIDTH, listed
from lbpsim.study.model import Study
from lbpsim.study.notes import Note, notes
from lbpsim.study.options import BASE, OPTIONS
from lbpsim.study.phrasing import number_of
from lbpsim.study.policies import Policy

TO_DEATH = "After the last day nothing new begins, and everyone alive then is followed to death."


def describe(study: Study, more: Sequence[Note] = ()) -> str:
    """The study and each of its policies in words, then notes on what looks odd, and `more` of them."""
    blocks = [_paragraphs(study.title, _setting(study))]
    for policy in study.policies:
        role = ", the comparator" if policy.name == study.comparator else ""
        blocks.append(_paragraphs(f"{policy.name}: {policy.title}{role}", changes(study, policy)))
    odd = (*notes(study), *more)
    if odd:
        blocks.append(_paragraphs("Notes", [str(note) for note in odd]))
    return "\n\n".join(blocks) + "\n"


def _paragraphs(heading: str, lines: list[str]) -> str:
    wrapped = (textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines)
    return "\n".join([heading, *wrapped])


def _setting(study: Study) -> list[str]:
    people = "Every one" if study.people == "all" else f"{study.people:,} people"
    view = (
        "the health system's costs" if study.perspective == "health_system" else "society's costs, lost work included"
    )
    thresholds = " and ".join(format_in_unit(value, MONEY_FOR_ONE) for value in study.thresholds)
    return [
        f"{study.place}, {in_words(study.start)} to {in_words(study.last_day)}.",
        f"{people} with chronic low back pain at the start simulated, and those in remission beside them, in "
        f"{number_of(study.replications, 'replication')}, seed {study.seed}.",
        *([TO_DEATH] if study.to_death else []),
        f"Headline: {view}, at prices of {study.price_year}, {_discounting(study)}; a QALY may cost {thresholds}.",
        *_options(study.options, BASE),
        _structure(study.structure_weights),
        *_own_evidence(study),
        *_assumptions(study, study.assume, study.base_values),
    ]


def _own_evidence(study: Study) -> Iterator[str]:
    """What evidence.yaml puts in the place of the package's, and what new costs it brings."""
    known, registered = study.registry, study.country.registry.parameters
    for each in study.evidence.parameters:
        before = registered.get(each.name)
        instead = f"{format_in_unit(before.value, before.unit)} -> " if before is not None else "new cost, "
        law = f"drawn from {each.distribution}" if each.distribution else "fixed in draws"
        sources = listed(each.sources, "and") if each.sources else "no source"
        value = f"{format_in_unit(each.value, each.unit)}{_for_each(known, each.name)}"
        yield f"{each.name}: {instead}{value} ({each.grade}, {sources}), {law}."


def _for_each(known: Registry, name: str) -> str:
    """What a cost item is paid for, and what it is part of; "" for other parameters."""
    item = next((item for item in known.cost_items if item.name == name), None)
    if item is None:
        return ""
    return f" for each of {item.per.replace('_', ' ')}, part of the costs of {item.category.replace('_', ' ')}"


def _discounting(study: Study) -> str:
    costs, health = (
        f"{number_text(100 * rate)}% per year" for rate in (study.discount_rate_of_costs, study.discount_rate)
    )
    if study.cost_discount_rate is None:
        return f"costs and health discounted at {health}"
    return f"costs discounted at {costs}, health and all else at {health}"


def _structure(weights: Mapping[str, Mapping[str, float]]) -> str:
    """Which choices of structure the draws of a study make beside those of parameters."""
    if not weights:
        return "Draws vary parameters, and keep the structure of the study."
    drawn = "; ".join(f"{name.replace('_', ' ')}: {_weighed(each)}" for name, each in weights.items())
    return f"Draws vary parameters and, for averages over structures, also draw {drawn}."


def _weighed(weights: Mapping[str, float]) -> str:
    """Choices with their shares, or by themselves where they are alike."""
    drawn = {name.replace("_", " "): weight for name, weight in weights.items() if weight > 0.0}
    if len(set(drawn.values())) == 1:
        return ", ".join(drawn)
    whole = sum(drawn.values())
    return ", ".join(f"{name} ({number_text(100 * weight / whole)}%)" for name, weight in drawn.items())


def changes(study: Study, policy: Policy) -> list[str]:
    """What a policy changes against the base, one sentence or two each."""
    base = {**study.base_values, **study.assume}
    found = [
        *(text for _, key, value, part in policy.settings() for text in key.sentences(value, study.start, part)),
        *_options(policy.options, study.options),
        *_assumptions(study, policy.assume, base),
    ]
    return found or ["Today's care goes on; nothing changes."]


def _options(options: Mapping[str, str], base: Mapping[str, str]) -> Iterator[str]:
    for name, choice in options.items():
        if choice != base[name]:
            yield f"{name}: {base[name]} -> {choice}, which decides {OPTIONS[name][1]}."


def _assumptions(study: Study, assume: Mapping[str, float], base: Mapping[str, float]) -> Iterator[str]:
    for name, value in assume.items():
        parameter = study.registry.parameters[name]
        old, new = (format_quantity(amount, parameter.dimension) for amount in (base[name], value))
        yield f"{name}: {old} -> {new} ({parameter.grade}), throughout the study."
