"""The fit report in Markdown: what was fitted to what, before and after, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from lbpsim import __version__
from lbpsim.calibration.emulator import fewest
from lbpsim.calibration.fit import Fit
from lbpsim.calibration.fit_tables import HARDLY, LEARNT, direction_table, parameter_table, search_table, target_table
from lbpsim.calibration.plan import CalibrationPlan
from lbpsim.evidence import parameters
from lbpsim.evidence.units import format_in_unit, number_text

TIED = 0.3  # correlation from which two parameters are said to go together
SHOWN = 4  # significant digits
HEAD = """\
# Calibration

Written by `lbpsim calibrate --ship`; do not edit. The plan of the fit is in
`lbpsim/calibration/plan.yaml`; values, priors and targets are in the registry
([parameters](parameters.md)).
"""
METHOD = """\
## How it is done

Some numbers that the model needs have never been measured: how disabled people usually are, how often flares come,
how much worse those who seek care are, how strong the effect is behind a difference that floor and remission make
smaller. They are free parameters. Each has a prior, which says what was held likely before; it is the registry's
`prior`. The fit moves them all together, in one set, until the emulated trial and the country come near published
targets. There is no term by which usual care improves: its fall comes from people who enter in bad weeks, and from
remission. How bad those weeks are was fitted to its fall by week 13.

1. **Search.** Simulated moments by penalised least squares: the sum of squared distances from the targets, each in
   units of the distance that is acceptable, and of squared distances from the priors. Every simulation has the same
   people and random numbers, so that differences are the parameters' alone. {starts} searches start from different
   places and take at most {steps} steps. They only have to show where the next step looks: the base case is not
   the end of a search.
2. **Posterior.** {design} simulations around the best fit (a Latin hypercube over what a linear model finds likely,
   {spread:g} times as wide) are used to fit a quadratic for each figure ({terms} terms; {held_out} simulations are
   kept to test it). The posterior, prior times a normal likelihood, is sampled with these quadratics in the
   simulation's place, by elliptical slices. Their error is added to the acceptable distance.
3. **Base case.** The posterior's mean, to three significant digits. What the draws of a probabilistic analysis have
   in common is then the base case.

Read the posterior for what it is: a statement of which sets of parameters fit as well as asked, given the priors.
The acceptable distances are judgements on how well each target is known (below), the likelihood is an assumption,
and targets are taken as independent though many come from one trial.

**The trial's sampling error is counted once.** It is the registered distribution of the published effects
(`cft.rmdq_week13` and the like), drawn by itself. The latent scales only turn a published effect into the one behind
it, and are fitted as closely as the emulation allows. Benefit by disability at the start is not aimed at, because
`cft.moderation` is taken from it. What is aimed at, or used to build the model otherwise, is marked `calibrate` in the
registry and never counts as validation.

**Other things do overlap.** Mean, 10th and 90th percentile belong to one distribution. Some priors were chosen with a
target in view: those of flares so that people who enter in bad weeks fall by about the right amount. The posterior is
narrower for it than the evidence would make it, by how much is not known. Both arms of CFT have the same published
effect on disability at weeks 13 and 52 and are one figure in the model, so it is aimed at once.
"""
LIMITS = """\
## What the fit does not show

- **Agreement with a target that was aimed at is no evidence for the model.** It shows that one set of parameters
  can meet them all.
- **Parameters that go together are not known one by one.** Where the table of directions says "no", only the prior
  speaks. Rate, size and length of flares are such: many small flares do as well as few large ones. Leaving and
  returning to work are another pair, of which the target tells the ratio: only leaving is fitted, and how fast both
  are is drawn widely (`work.speed`).
- **Usual care goes on improving a little after week 13**, because some people's pain remits. The figure aimed at, no
  change, is derived from words of the trial's report and has a wide interval; the latent effects at week 52 and year 3
  are larger to make up for it.
- **Burden comes out a little higher than the published estimate**, well inside its interval, as there are more people
  than in 2019. What a case weighs cannot tell how disabled people are: weights are scaled to it.
- **The mean of participants' disability pulls against its percentiles.** "Around 13" was read in a secondary
  source; the middle of the percentiles is 12.5.
- **Effects after year three wane as the published ones do from week 52 to year 3**, not as the latent ones: the
  calibration does not touch what happens then.
- **The scales were fitted at the published effects.** A larger effect meets the floor more often. So that the emulated
  trial shows what is drawn or assumed, the effect behind it grows faster than in proportion (`cft.latent_bend`,
  `cft.latent_bend_pain`): at the ends of the published intervals it is then off by at most a tenth of the distance
  from the published value on pain, and an eighth on disability (`tests/validation/test_bend.py`).
"""
REPEAT = """\
## To repeat it

`lbpsim calibrate` writes tables, charts and this report into `outputs/calibration`, with the fitted values as
assumptions for a study file and the sample of the posterior. Simulations are kept there, under a name that holds
the hash of the code and of every other number: interrupted work goes on from where it was, and a change of either
starts afresh. The bytes of the results do not depend on the number of workers. `--ship` also writes values and laws
into the registry, the sample into `lbpsim/evidence/tables/posterior.csv`, and this page.
`tests/calibration/test_shipped.py` repeats the whole fit (`make verify`) and asks that every value comes
out within a fifth of its posterior standard deviation, and the sample with the means and widths of the one that ships.

This fit: lbpsim {version}; code and evidence at the time had the hash {key}, which any later change of either
changes.
"""


def fit_page(fit: Fit, plan: CalibrationPlan, *, charts: str) -> str:
    """The whole report; `charts`: the folder of the charts, from the page."""
    sizes = plan.settings
    method = METHOD.format(
        starts=sizes.starts, steps=sizes.search_steps, design=sizes.design, spread=sizes.spread,
        held_out=sizes.held_out, terms=fewest(len(plan.free)),
    )  # fmt: skip
    parts = [
        HEAD,
        _how_near(fit),
        f"![Distance of each figure from its target, before and after]({charts}/fit_targets.png)",
        "## Targets, before and after",
        "Before: at the means of the priors. Money is at the study's prices.",
        _targets(fit),
        "## Free parameters",
        "Value and interval are of the posterior; width and shift are in prior standard deviations, on the scale on "
        "which the prior is normal. The targets say much of a parameter where they cut its uncertainty below "
        f"{LEARNT:.0%} of the prior's, hardly anything from {HARDLY:.0%}.",
        _parameters(fit),
        f"![Prior and posterior of each parameter]({charts}/fit_parameters.png)",
        method,
        *_identifiability(fit),
        "## Does the sample hold?",
        _checks(fit),
        "## How near is near enough",
        _table(("Target", "Acceptable distance", "Because"), _distances(plan)),
        "## Used to build the model, and not aimed at",
        "Inputs are taken from them, or people selected to them. Whether they are met or not, they are no validation.",
        _table(("Target", "Because"), ((f"`{name}`", _plain(why)) for name, why in plan.by_construction.items())),
        "## Only to validate",
        "Never aimed at, and no input of the base case is taken from them.",
        _table(("Target", "Because"), ((f"`{name}`", _plain(why)) for name, why in plan.validation_only.items())),
        LIMITS,
        REPEAT.format(version=__version__, key=fit.key),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _how_near(fit: Fit) -> str:
    rows = target_table(fit)
    aimed = rows[rows["fitted"]]
    far = aimed[aimed["miss"].abs() > 1.0]
    met = (
        f"Of {len(aimed)} targets, the base case meets {len(aimed) - len(far)} within the acceptable distance, which "
        "is one standard deviation: some should lie farther off."
    )
    return met if far.empty else f"{met} Farther off are {'; '.join(_far(row) for _, row in far.iterrows())}."


def _far(row: pd.Series[float]) -> str:
    inside = row["low"] <= row["after"] <= row["high"]
    return (
        f"`{row['target']}`, {_number(row['after'])} for {_number(row['published'])}"
        f"{' (inside its published interval)' if inside else ''}"
    )


def _targets(fit: Fit) -> str:
    header = (
        *("Target", "Published", "Acceptable distance", "Before", "Base case", "Base case, other random numbers"),
        "Draws of the posterior: mean (sd)",
    )
    return _table(header, (_target_row(row) for _, row in target_table(fit).iterrows()))


def _target_row(row: pd.Series[float]) -> tuple[str, ...]:
    interval = "" if pd.isna(row["low"]) else f" ({_number(row['low'])} to {_number(row['high'])})"
    within = _number(row["within"]) if row["fitted"] else "not aimed at"
    numbers = (_number(row[name]) for name in ("before", "after", "other_luck"))
    draws = f"{_number(row['sample_mean'])} ({_number(row['sample_sd'], 2)})"
    return f"{_label(str(row['target']))}", f"{_number(row['published'])}{interval}", within, *numbers, draws


def _parameters(fit: Fit) -> str:
    header = ("Parameter", "Before", "Value", "95% interval", "Width", "Shift", "The targets say", "Goes with")
    rows = (
        (
            *(f"`{row.parameter}`", f"{_number(row.prior_mean)} (sd {_number(row.prior_sd, 2)})"),
            *(format_in_unit(float(row.value), str(row.unit)), f"{_number(row.low, 3)} to {_number(row.high, 3)}"),  # type: ignore[arg-type]
            *(f"{row.sd_ratio:.2f}", f"{row.shift:+.2f}", str(row.told), _partner(row.partner, row.correlation)),
        )
        for row in parameter_table(fit).itertuples()
    )
    return _table(header, rows)


def _partner(name: object, correlation: object) -> str:
    tie = float(str(correlation))
    return f"`{name}` ({tie:+.2f})" if abs(tie) >= TIED else ""


def _identifiability(fit: Fit) -> Iterator[str]:
    directions, searches = direction_table(fit), search_table(fit)
    yield "## What the targets can tell apart"
    yield (
        "Singular values of the sensitivities at the best fit, each with the parameters (in prior standard deviations) "
        "of its direction. Above 1 the targets say more than the prior, far below 1 only the prior speaks: "
        f"{int((directions['told'] == 'yes').sum())} of {len(directions)} directions are told."
    )
    rows = (
        (f"{row.direction}", f"{row.singular_value:.2f}", str(row.told), str(row.made_of))
        for row in directions.itertuples()
    )
    yield _table(("Direction", "Singular value", "Told", "Made of"), rows)
    yield "### Do the searches agree?"
    yield (
        "Loss is the sum of squares that is made small; the distance is that of the parameter that ended farthest from "
        "the best search, in prior standard deviations. A search ends when its loss hardly falls, or at its limit of "
        "steps."
    )
    ends = (
        (
            f"{row.search}",
            f"{row.loss_before:.1f}",
            f"{row.loss_after:.2f}",
            *(f"{row.steps}", str(row.ended)),
            f"{row.farthest_from_best:.2f}",
        )
        for row in searches.itertuples()
    )
    yield _table(
        ("Search", "Loss at the start", "Loss at the end", "Steps", "Ended as", "Distance from the best"), ends
    )


def _checks(fit: Fit) -> str:
    rows = target_table(fit)
    aimed = rows[rows["fitted"]]
    worst = (aimed["emulator_error"] / aimed["within"]).max()
    spread = ((aimed["sample_mean"] - aimed["after"]) / aimed["within"]).abs().max()
    moved = ((aimed["other_luck"] - aimed["after"]) / aimed["within"]).abs().max()
    return (
        f"In simulations that it was not fitted to, the emulator is off by at most {worst:.2f} of the acceptable "
        f"distance (root mean square, the worst figure). The {len(fit.sample):,} rows of the sample are worth "
        f"{fit.effective_rows:,.0f} independent ones for the parameter that mixes worst. {len(fit.checked)} of them "
        f"were simulated: their means lie within {spread:.2f} acceptable distances of the base case. With other people "
        f"and random numbers the base case moves by at most {moved:.2f}."
    )


def _distances(plan: CalibrationPlan) -> Iterator[tuple[str, ...]]:
    """Targets with the same distance for the same reason in one row."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for aim in plan.targets:
        grouped.setdefault((format_in_unit(aim.within, aim.target.unit), _plain(aim.because)), []).append(aim.name)
    for (distance, because), names in grouped.items():
        yield ", ".join(f"`{name}`" for name in names), distance, because


def _label(name: str) -> str:
    return f"{parameters()[name].label} (`{name}`)"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _number(value: object, digits: int = SHOWN) -> str:
    return number_text(float(f"{float(str(value)):.{digits}g}"))


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
