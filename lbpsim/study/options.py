"""Structural choices, from options.yaml: what each decides, and its choices, the base case first."""

from __future__ import annotations

from importlib.resources import files

from lbpsim.evidence.reading import parse_mapping

FILE = "options.yaml"
OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    name: (tuple(told["choices"]), told["decides"])
    for name, told in parse_mapping((files("lbpsim.study") / FILE).read_text("utf-8"), FILE).items()
}
BASE = {name: choices[0] for name, (choices, _) in OPTIONS.items()}
# Structural choices that nothing known decides: draws of the inputs make them too.
DRAWN = ("after_year_three", "opioid_stopping", "severity_drives_opioids_and_surgery", "utility_slope",
         "disability_weights")  # fmt: skip
OF_A_POLICY = ("after_year_three",)
