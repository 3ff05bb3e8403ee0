"""Fills the tables of docs/performance.md and draws docs/performance.svg from what the other benchmarks have kept.

Example: python -m benchmarks.page
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl

from benchmarks import cluster, draws, earlier, full_model, growth, optimum, sharing, where
from benchmarks import start as start_of
from benchmarks.measuring import ROOT, Measured, read
from benchmarks.targets import GIGABYTE, MILLION, TARGETS, VERDICTS, gigabytes, millions, percent, seconds, times
from docs.pages import filled, table

mpl.use("svg")
from matplotlib import pyplot as plt

PAGE, FIGURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
INK, BLUE, ORANGE, GREY = "#1a1a1a", "#0072b2", "#c04a00", "#8c8c8c"


def targets_table(kept: Measured) -> str:
    """Aims and what was measured."""
    rows = [(what, aim, got, VERDICTS[met]) for what, aim, got, met in (target.row(kept) for target in TARGETS)]
    return table(("Measure", "Target", "Measured", ""), rows)


def sharing_table(kept: Measured) -> str:
    """Policies together and each in full."""
    runs, ratio = kept["sharing"]["runs"], kept["sharing"]["ratios"]
    names = {"together": "together, lives shared", "in_full": "each in full"}
    rows = [
        (
            f"{runs[name]['policies']} policies, {title}",
            f"{runs[name]['people']:,}",
            f"{runs[name]['seconds']:.1f} ({runs[name]['slowest']:.1f})",
            millions(runs[name]["events"] / runs[name]["seconds"]),
            millions(runs[name]["lived_events"] / runs[name]["seconds"]),
        )
        for name, title in names.items()
    ]
    header = ("Policies", "People", "Seconds, best (worst)", "Effective events/s", "Lived events/s")
    added = (
        f"Together they are {times(ratio['faster'])} faster and live {times(ratio['fewer_events'])} fewer events. "
        f"`{sharing.RARE}`, added to usual care and the rollout, takes {percent(ratio['added_cost'])} of the "
        f"processor time of living it in full, and {ratio['added_events']:.1%} of its events."
    )
    return f"{table(header, rows)}\n\n{added}"


def earlier_table(kept: Measured) -> str:
    """This version and an earlier one."""
    found = kept["earlier"]
    rows = [
        (
            {"rollout": "CFT rollout", "all": "all eleven"}[name],
            f"{then['people']:,}",
            f"{then['seconds']:.1f}",
            f"{now['seconds']:.1f}",
            times(found["faster"][name]),
        )
        for name, then, now in (
            (name, *(found["runs"][f"{name}_{when}"] for when in ("then", "now"))) for name in earlier.POLICIES
        )
    ]
    return table(("Policies", "People", f"Seconds at {found['commit']}", "Seconds now", "Faster"), rows)


def optimum_line(kept: Measured) -> str:
    """The search for the best policy in a sentence."""
    return f"{optimum.line(kept['optimum'])}."


def draws_line(kept: Measured) -> str:
    """Draws."""
    return f"{draws.line(kept['draws'])}."


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
    """Memory."""
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
    """From the command on."""
    start = kept["start"]
    first = {"seconds": start["first_ever"]}
    first["processor_seconds"] = start["compiling_on_processors"] + start["few"]["processor_seconds"]
    runs = [
        (f"first run ever, {start_of.FEW_PEOPLE} people, the rules compiled", first),
        (f"the same once compiled, {start_of.FEW_PEOPLE} people, to the page", start["few"]),
        ("to the first replication lived", start["first_lives"]),
        (f"to the page, {start['people']:,} people", start["page"]),
        ("the same with one worker", start["page_one"]),
        ("the same without files of charts (`--no-charts`)", start["page_alone"]),
    ]
    if whole := start["whole_study"]:
        runs.append((f"the shipped study with {whole['draws']} draws, to the page", whole))
    rows = [(what, seconds(run["seconds"]), seconds(run["processor_seconds"])) for what, run in runs]
    return table(
        ("`lbpsim run`, usual care and the rollout", "Time from the command on", "Processor time of the process"), rows
    )


def country_table(kept: Measured) -> str:
    """The whole country."""
    rows = [
        (
            str(run["policies"]),
            f"{run['people']:,}",
            f"{run['events']:,}",
            f"{run['lived_events']:,}",
            f"{run['seconds']:.0f}",
            f"{run['processor_seconds']:.0f}",
            millions(run["events"] / run["seconds"]),
            millions(run["lived_events"] / run["seconds"]),
            f"{run['peak_bytes'] / GIGABYTE:.2f}",
            f"{run['bytes_in_flight']:,.0f}",
        )
        for run in kept["country"]["runs"].values()
    ]
    header = ("Policies", "People at the start", "Effective events", "Lived events", "Seconds", "Processor seconds")
    speeds = ("Effective events/s", "Lived events/s", "Most memory, GB", "Bytes a person in flight")
    return table((*header, *speeds), rows)


def cluster_table(kept: Measured) -> str:
    """Real Dask workers beside threads."""
    found = kept["cluster"]
    rows = [
        (
            f"{number} {what}",
            f"{found['side_by_side'][f'{key}_{number}']['run']:.1f}",
            f"{found['side_by_side'][f'{key}_{number}']['draws']:.1f}",
        )
        for key, what in (("threads", "threads here"), ("dask", "Dask workers"))
        for number in cluster.REAL
    ]
    header = (
        "Workers",
        f"Seconds, run of {found['people']:,} people",
        f"Seconds, {found['draws']} draws of {found['draw_people']:,}",
    )
    cost, sizes = found["overhead"], found["result_bytes"]
    said = (
        f"A task that does nothing takes {1e3 * cost['empty']:.1f} ms, with the study sent along "
        f"({found['job_bytes'] / 1e3:.0f} kB); {1e3 * cost['draw']:.1f} ms with a result as large as that of a draw "
        f"({sizes['draw'] / 1e3:.0f} kB), {1e3 * cost['unit']:.0f} ms with that of a replication "
        f"({sizes['unit'] / 1e6:.1f} MB). A worker makes a study ready in {found['preparing']:.2f} s."
    )
    return f"{table(header, rows)}\n\n{said}"


def replay_table(kept: Measured) -> str:
    """Speed-up and idle share on simulated workers."""
    several = kept["cluster"]["replayed"]
    rows = [
        (str(each[0]["workers"]), *map(replayed, each))
        for each in zip(*(several[name] for name in ("draws", "country", "run")), strict=True)
    ]
    return table(("Workers", "1,000 draws", "The whole country", f"{kept['cluster']['people']:,} people"), rows)


def replayed(one: Measured) -> str:
    """What one number of workers comes to."""
    more = max(one["extra_work"], 0.0)
    return f"{one['speed_up']:.1f} times ({one['idle']:.0%} idle, {more:.0%} more work, {one['tasks']:,} tasks)"


def plan_table(kept: Measured) -> str:
    """10,000 draws of 50 policies with the whole country, on paper."""
    paper, run = kept["cluster"]["plan"], kept["country"]["runs"]["all"]
    held = paper["cases_at_once"] * run["bytes_in_flight"] * run["records"] / run["people"]
    rows = [
        ("tasks", f"{paper['draws']:,}, one a draw"),
        ("time of a task", seconds(paper["seconds_a_draw"])),
        ("processor hours", f"{paper['processor_hours']:,.0f}"),
        ("memory a worker thread, a replication of half the country", gigabytes(held + run["base_bytes"])),
        ("results, held where the command runs", gigabytes(paper["result_bytes"])),
        *((f"hours on {int(workers):,} workers", f"{hours:,.1f}") for workers, hours in paper["hours"].items()),
    ]
    title = f"{paper['draws']:,} draws, {paper['policies']} policies, {paper['cases']:,.0f} people in each"
    return table((title, ""), rows)


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
    header = ("Grows", "Effective events", "Lived events", "Seconds", "Lived events/s", "Most memory, MB")
    return table(header, _growth_rows(kept["growth"], names))


def _growth_rows(results: Measured, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for axis in growth.AXES:
        for run in results[axis]:
            yield (
                f"{run[axis]:,} {names[axis]}",
                f"{run['events']:,}",
                f"{run['lived_events']:,}",
                f"{run['seconds']:.1f}",
                f"{run['lived_events'] / run['seconds']:,.0f}",
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


PARTS: dict[str, tuple[Callable[[Measured], str], tuple[str, ...]]] = {
    "machine": (machine_line, ("full_model",)),
    "targets": (targets_table, ()),
    "sharing": (sharing_table, ("sharing",)),
    "earlier": (earlier_table, ("earlier",)),
    "draws": (draws_line, ("draws",)),
    "optimum": (optimum_line, ("optimum",)),
    "full-model": (full_table, ("full_model",)),
    "memory": (memory_table, ("full_model",)),
    "start": (start_table, ("start",)),
    "country": (country_table, ("country",)),
    "field": (field_table, ("sick_sicker_field",)),
    "growth": (growth_table, ("growth",)),
    "where": (where_table, ("where",)),
    "cluster": (cluster_table, ("cluster",)),
    "replay": (replay_table, ("cluster",)),
    "plan": (plan_table, ("cluster", "country")),
}
"""Generated parts of the page, by name: what writes each, and the benchmarks that it needs."""
FIGURE_NEEDS = ("full_model", "sick_sicker_field", "growth")


def main() -> None:
    """Write the parts of the page that were measured, and its figure; say what was not and stays as it is."""
    kept, missing = {}, []
    for name in sorted({source for _, needed in PARTS.values() for source in needed}):
        try:
            kept[name] = read(name)
        except SystemExit as told:
            missing.append(str(told))
    parts = {name: part(kept) for name, (part, needed) in PARTS.items() if kept.keys() >= set(needed)}
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")
    if kept.keys() >= set(FIGURE_NEEDS):
        figure(kept).savefig(FIGURE, metadata={"Date": None})
    print(*missing, sep="\n", end="\n" if missing else "")


if __name__ == "__main__":
    main()
