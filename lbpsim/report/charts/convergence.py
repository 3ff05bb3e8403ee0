"""Whether there were enough draws: how each probability moved as draws were added."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.cea.net_benefit import views
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.psa.sample_size import Probabilities, probabilities
from lbpsim.report.charts.forms.lines import draw_courses, name_ends
from lbpsim.report.charts.page import Panels, page, styled, with_draws
from lbpsim.report.charts.policy_styles import FAINT, comparator
from lbpsim.report.charts.styles import FULL, LINES, PRINT, Style
from lbpsim.report.format import PER_CENT, per_qaly, percent
from lbpsim.report.narrative.confidence import probability


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """The running probability that each policy is worth more than the comparator, at the highest threshold."""
    results = with_draws(results)
    study = results.study
    found = probabilities(results.draws, study.thresholds)
    view = views(study.thresholds).index((study.perspective, max(study.thresholds)))
    figure, grid = page(
        results,
        Panels(tall=4.2, right=2.45),
        style.sheet(style.choose(LINES, LINES, FULL)),
        title="How the probabilities settle as draws are added",
        subtitle=f"Share of draws in which a policy is worth more than {comparator(results)} at "
        f"{per_qaly(max(study.thresholds))} ({study.perspective.replace('_', ' ')} perspective). Grey: the "
        f"last half of the draws, over which no probability of any view moved by more than "
        f"{percent(found.last_move(), 1)}; the 95% Monte Carlo error at the end is ± "
        f"{percent(found.worst_error(), 1)} at worst.",
        drawn=True,
    )
    _lines(grid[0][0], results, found, view)
    return figure


def _lines(axes: Axes, results: ProbabilisticResults, found: Probabilities, view: int) -> None:
    last, shares = found.draws[-1], PER_CENT * found.better[:, :, view]
    axes.axvspan(last / 2, last, color=FAINT, alpha=0.45, linewidth=0)
    by_policy = {name: shares[:, place] for place, name in enumerate(results.scenarios) if place}
    draw_courses(axes, results, found.draws, by_policy)
    axes.set_ylim(0.0, PER_CENT)
    axes.set_xlim(0.0, last)
    axes.set_ylabel(f"Worth more than {comparator(results)}\n(% of draws so far)")
    axes.set_xlabel("Draws so far")
    ends = {name: float(share[-1]) for name, share in by_policy.items()}
    name_ends(axes, results, ends, {name: _told(end / PER_CENT, last) for name, end in ends.items()})


def _told(share: float, draws: int) -> str:
    """A probability; never certainty, however many draws agree."""
    return percent(share, 1) if 0.0 < share < 1.0 else probability(share, draws)
