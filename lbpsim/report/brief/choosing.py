"""Which policies a brief is about, and which of these its chart shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_selection import only, ranked
from lbpsim.report.narrative.finding import Finding
from lbpsim.study.files.errors import did_you_mean, listed

MOST_LINES = 5  # beside the comparator, in a chart of half a page's width


class PolicyNotInStudyError(LookupError):
    """A name that no policy of the study has."""


class NothingToChooseError(ValueError):
    """Among the policies of a brief there is none that somebody could choose."""


def narrowed(results: Results, policies: Sequence[str]) -> Results:
    """The results of these policies and the comparator; of all where none is named.

    Raises PolicyNotInStudyError for a name that no policy has, with those that there are.
    """
    if not policies:
        return results
    for name in policies:
        if name not in results.scenarios:
            raise PolicyNotInStudyError(_unknown(name, results.scenarios))
    names = {results.scenarios[0], *policies}
    kept = only(results, names, results.study.thresholds)
    told = results.switches  # other readings of the model, of one policy
    return kept if told is None or set(told["scenario"]) <= names else replace(kept, switches=None)


def shown(results: Results, found: Finding | None) -> Results:
    """The results of the policies that the chart shows: the one that the finding is about, then those worth most.

    Benchmarks are left out, which would press all others flat. Raises NothingToChooseError where there is no finding.
    """
    if found is None:
        names = listed([policy.name for policy in results.study.policies[1:]] or ["none"], "and")
        raise NothingToChooseError(
            f"a brief is about policies that somebody could choose, and there is none among those beside the "
            f"comparator ({names}); `lbpsim report` writes the page of a study of benchmarks"
        )
    choices = [
        name for name in ranked(results) if name != found.policy and not results.study.policy(name).cft.only_compares
    ]
    kept = [found.policy, *choices][:MOST_LINES]
    more = len(choices) + 1 - len(kept)
    told = f"{more} more of the policies are in tables/." if more else ""
    return only(results, {results.scenarios[0], *kept}, results.study.thresholds, told)


def _unknown(name: str, known: Sequence[str]) -> str:
    hint = did_you_mean(name, known[1:]) or f"Its policies are {listed(known[1:], 'and')}."
    return f"there is no policy `{name}` in these results. {hint}"
