"""Whether there were enough draws: how each probability moved as draws were added."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.psa.sample_size import Probabilities, probabilities, views
from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.page import NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_styles import FAINT, MUTED, comparator, looks
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import per_qaly

WIDTH, NARROW, HEIGHT = 10.0, 6.2, 6.2  # inches: of paper, of a column as laid out, of both
LABELS = 2.3  # inches at the right
PER_CENT = 100.0


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """The running probability that each policy is worth more than the comparator, at the highest threshold."""
    if not isinstance(results, ProbabilisticResults) or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    study = results.study
    found = probabilities(results.draws, study.thresholds)
    view = views(study.thresholds).index((study.perspective, max(study.thresholds)))
    figure, grid = page(
        results,
        Panels(right=LABELS, left=0.95),
        size=style.choose((WIDTH, HEIGHT), slide(), column(HEIGHT, width=NARROW)),
        title="How the probabilities settle as draws are added",
        subtitle=(
            f"Share of draws in which a policy is worth more than {comparator(results)} at "
            f"{per_qaly(max(study.thresholds))} ({study.perspective.replace('_', ' ')} perspective). Grey: the "
            f"last half of the draws, over which no probability of any view moved by more than "
            f"{found.last_move():.1%}; the 95% Monte Carlo error at the end is ± {found.worst_error():.1%} at worst."
        ),
        drawn=True,
    )
    _lines(grid[0][0], results, found, view)
    return figure


def _lines(axes: Axes, results: ProbabilisticResults, found: Probabilities, view: int) -> None:
    names, last = looks(results), found.draws[-1]
    axes.axvspan(last / 2, last, color=FAINT, alpha=0.45, linewidth=0)
    for place, name in enumerate(results.scenarios[1:], start=1):
        look = names[name]
        shares = PER_CENT * found.better[:, place, view]
        axes.plot(found.draws, shares, **look.line(), marker=look.marker, markevery=(place % 3, 3), clip_on=False)
    axes.set_ylim(0.0, PER_CENT)
    axes.set_xlim(0.0, last)
    axes.set_ylabel(f"Worth more than {comparator(results)}\n(% of draws so far)")
    axes.set_xlabel("Draws so far")
    axes.tick_params(axis="y", colors=MUTED)
    final = PER_CENT * found.better[-1, :, view]
    end_labels(
        axes,
        [
            policy_label(names[name], float(final[place]), f"{final[place]:.1f}%")
            for place, name in enumerate(results.scenarios)
            if place
        ],
    )
