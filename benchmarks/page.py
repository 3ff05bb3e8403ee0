"""Fills the tables of docs/performance.md and draws docs/performance.svg from what the other benchmarks have kept.

Example: python -m benchmarks.page
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl

from benchmarks import full_model, growth, where
from benchmarks.measuring import ROOT, Measured, read
from docs.pages import filled, table

mpl.use("svg")
from matplotlib import pyplot as plt

PAGE, FIGURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
INK, BLUE, ORANGE, GREY = "#1a1a1a", "#0072b2", "#c04a00", "#8c8c8c"
MILLION, GIGABYTE, KILOBYTE = 1e6, 1e9, 1024
SOURCES = ("full_model", "country", "sick_sicker_field", "growth", "where")

VERDICTS = {True: "met", False: "**missed**", None: "not measured"}

Targets = list[tuple[str, str, str, bool | None]]


def millions(number: float) -> str:
    """Events a second, in millions; two significant digits below one."""
    return f"{number / MILLION:.1f} million" if number >= MILLION else f"{number:,.0f}"


def targets(kept: Measured) -> Targets:
    """What was aimed at, the aim, what was measured, and whether it was reached (None: not measured)."""
    full, country = kept["full_model"], kept["country"]["runs"]
    two, simpy, ratio = full["speeds"]["compiled_2"], full["speeds"]["simpy_1"], full["ratios"]
    field = kept["sick_sicker_field"]["entries"]
    of_c = field["lbpsim_compiled"]["events_per_second"] / field["c"]["events_per_second"] if "c" in field else 0.0
    one, size = country["one"], full["memory"]["simpy"]["bytes_per_record"]
    speed, faster = two["events_per_second"], ratio["compiled_2_to_simpy"]
    found: Targets = [
        ("Full model, two threads", "8 million events/s", f"{millions(speed)} events/s", speed >= 8 * MILLION),
        ("Full model, two threads, to SimPy in one process", "150 times", f"{faster:.0f} times", faster >= 150),
        (
            "Speed of one thread, of that of two",
            "55%",
            f"{ratio['one_thread_of_two']:.0%}",
            ratio["one_thread_of_two"] >= 0.55,
        ),
        ("Sick-Sicker, one thread, of the C loop", "50%", f"{of_c:.0%}", of_c >= 0.5),
        ("The whole country, one policy", "60 s", f"{one['seconds']:.0f} s", one["seconds"] < 60),
        ("its memory", "4 GB", f"{one['peak_bytes'] / GIGABYTE:.1f} GB", one["peak_bytes"] < 4 * GIGABYTE),
        (
            "SimPy",
            "20,000 events/s",
            f"{simpy['events_per_second']:,.0f} events/s",
            simpy["events_per_second"] >= 20_000,
        ),
        ("SimPy, memory a simulated person", "2 KB", f"{size / KILOBYTE:.1f} KB", size < 2 * KILOBYTE),
    ]
    everything = "The whole country, all eleven policies"
    if "all" not in country:
        found.insert(6, (everything, "10 minutes", "", None))
    else:
        minutes = country["all"]["seconds"] / 60
        found.insert(
            6, ("The whole country, all eleven policies", "10 minutes", f"{minutes:.1f} minutes", minutes < 10)
        )
    return found


def targets_table(kept: Measured) -> str:
    """Aims and what was measured."""
    rows = [(what, aim, got, VERDICTS[met]) for what, aim, got, met in targets(kept)]
    return table(("Measure", "Target", "Measured", ""), rows)


def full_table(kept: Measured) -> str:
    """Both engines on the full model."""
    rows = [
        (
            full_model.ENTRIES[name],
            f"{run['people']:,}",
            f"{run['events']:,}",
            f"{run['seconds']:.1f} ({run['slowest']:.1f})",
            f"{run['events_per_second']:,.0f}",
            f"{run['engine_events_per_second']:,.0f}",
            f"{run['events_per_person_year']:.1f}",
        )
        for name, run in kept["full_model"]["speeds"].items()
    ]
    header = ("Engine", "People", "Events", "Seconds, best (worst)", "Events/s", "Engine alone", "Events a person-year")
    return table(header, rows)


def memory_table(kept: Measured) -> str:
    """Memory and time to start."""
    full = kept["full_model"]
    rows = [
        (
            engine,
            f"{one['few']:,} and {one['many']:,}",
            f"{one['bytes_per_record']:,.0f}",
            f"{one['bytes_per_person']:,.0f}",
        )
        for engine, one in full["memory"].items()
    ]
    return table(("Engine", "People compared", "Bytes a simulated person", "Bytes a person at the start"), rows)


def start_table(kept: Measured) -> str:
    """Time to compile."""
    start = kept["full_model"]["start"]
    rows = [("first ever, compiling", f"{start['first']:.0f}"), ("every later one", f"{start['second']:.1f}")]
    return table(("Start", "Seconds, the run of 100 people included"), rows)


def country_table(kept: Measured) -> str:
    """The whole country."""
    rows = [
        (
            str(run["policies"]),
            f"{run['people']:,}",
            f"{run['events']:,}",
            f"{run['seconds']:.0f}",
            f"{run['events'] / run['seconds']:,.0f}",
            f"{run['peak_bytes'] / GIGABYTE:.2f}",
        )
        for run in kept["country"]["runs"].values()
    ]
    return table(("Policies", "People at the start", "Events", "Seconds", "Events/s", "Most memory, GB"), rows)


def by_speed(kept: Measured) -> list[Measured]:
    """Entries of Sick-Sicker, the fastest first."""
    entries: list[Measured] = list(kept["sick_sicker_field"]["entries"].values())
    return sorted(entries, key=lambda run: -float(run["events_per_second"]))


def field_table(kept: Measured) -> str:
    """Sick-Sicker."""
    base = kept["sick_sicker_field"]["entries"]["lbpsim_compiled"]["events_per_second"]
    rows = [
        (
            run["title"],
            f"{run['people']:,}",
            f"{run['events_per_second']:,.0f}",
            f"{run['events_per_second'] / base:.2g}",
            f"{run['cost_off_by_errors']:+.1f}, {run['qalys_off_by_errors']:+.1f}",
        )
        for run in by_speed(kept)
    ]
    header = (
        "Engine",
        "People",
        "Events/s",
        "Of lbpsim compiled",
        "Cost and QALYs off the exact value, in standard errors",
    )
    return table(header, rows)


def growth_table(kept: Measured) -> str:
    """Growth along each axis."""
    names = {"people": "people", "years": "years", "policies": "policies", "workers": "threads"}
    return table(("Grows", "Events", "Seconds", "Events/s", "Most memory, MB"), _growth_rows(kept["growth"], names))


def _growth_rows(results: Measured, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for axis in growth.AXES:
        for run in results[axis]:
            yield (
                f"{run[axis]:,} {names[axis]}",
                f"{run['events']:,}",
                f"{run['seconds']:.1f}",
                f"{run['events'] / run['seconds']:,.0f}",
                f"{run['peak_bytes'] / MILLION:,.0f}",
            )


def where_table(kept: Measured) -> str:
    """Where the time goes."""
    split = where.shares(kept["where"])
    rows = [(part, f"{each:.0f}", f"{each / sum(split.values()):.0%}") for part, each in split.items()]
    return table(("Part", "Nanoseconds an event", "Share"), rows)


def figure(kept: Measured) -> Any:
    """Left: Sick-Sicker by engine. Right: seconds of the full model against people."""
    mpl.rcParams.update({"font.size": 10, "svg.hashsalt": "performance", "svg.fonttype": "path"})
    chart, (left, right) = plt.subplots(1, 2, figsize=(12, 4.2), layout="constrained", width_ratios=(5, 4))
    runs = by_speed(kept)[::-1]
    colours = [BLUE if "lbpsim" in run["title"] else GREY for run in runs]
    bars = left.barh([run["title"] for run in runs], [run["events_per_second"] for run in runs], color=colours)
    left.bar_label(bars, [millions(run["events_per_second"]) for run in runs], padding=4)
    left.set(xscale="log", xlim=(1e3, 1e9), title="Sick-Sicker on one core: events a second")
    grown = kept["growth"]["people"]
    right.plot([run["people"] for run in grown], [run["seconds"] for run in grown], "o-", color=BLUE)
    simpy = kept["full_model"]["speeds"]["simpy_1"]
    right.plot(simpy["people"], simpy["seconds"], "s", color=ORANGE)
    right.annotate("SimPy, one process", (simpy["people"], simpy["seconds"]), (8, -4), textcoords="offset points")
    right.annotate(
        "compiled, two threads", (grown[0]["people"], grown[0]["seconds"]), (4, -16), textcoords="offset points"
    )
    right.set(xscale="log", yscale="log", xlabel="people", title="Full model, ten years: seconds")
    right.set(xlim=(1e3, 3e6), ylim=(0.1, 300))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK)
    return chart


def machine_line(kept: Measured) -> str:
    """On what everything was measured."""
    return f"Measured on {kept['full_model']['machine']}, Python {kept['full_model']['python']}."


PARTS: dict[str, Callable[[Measured], str]] = {
    "machine": machine_line,
    "targets": targets_table,
    "full-model": full_table,
    "memory": memory_table,
    "start": start_table,
    "country": country_table,
    "field": field_table,
    "growth": growth_table,
    "where": where_table,
}
"""Generated parts of the page, by name."""


def main() -> None:
    """Write the page and its figure."""
    kept = {name: read(name) for name in SOURCES}
    PAGE.write_text(
        filled(PAGE.read_text(encoding="utf-8"), {name: part(kept) for name, part in PARTS.items()}), encoding="utf-8"
    )
    figure(kept).savefig(FIGURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
