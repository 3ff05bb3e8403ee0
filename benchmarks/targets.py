"""What was aimed at, what was measured, and whether it was reached: computed from what the benchmarks have kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.measuring import Measured

MILLION, GIGABYTE, KILOBYTE, MINUTE = 1e6, 1e9, 1024, 60.0
BEFORE = 8.5 * MILLION  # lived events a second of the version before lives were shared, where the aims were set
BUSY = "busy"  # missed on the clock of a machine that had other work, and reached by the time of its processors
VERDICTS = {True: "met", BUSY: "met by processor time alone", False: "**missed**", None: "not measured"}


@dataclass(frozen=True)
class Target:
    """An aim: `what`, the aim in words, the benchmark that measures it and how to read the number there and show it.

    Reached where the number is at least `least`, or under `below`. `on_processors`: the same by the time of processors,
    shared out over those that worked at once, which other work on the machine disturbs less.
    """

    what: str
    aim: str
    source: str
    number: Callable[[Measured], float]
    shown: Callable[[float], str]
    least: float | None = None
    below: float | None = None
    on_processors: Callable[[Measured], float] | None = None

    def row(self, kept: Mapping[str, Measured]) -> tuple[str, str, str, bool | str | None]:
        """The aim beside what was measured, and whether it was reached; None: not measured."""
        try:
            number = self.number(kept[self.source])
            undisturbed = number if self.on_processors is None else self.on_processors(kept[self.source])
        except (KeyError, TypeError):
            return self.what, self.aim, "", None
        shown = self.shown(number)
        if self.on_processors is not None:
            shown = f"{shown}; {self.shown(undisturbed)} by processor time"
        return self.what, self.aim, shown, self._reached(number) or (self._reached(undisturbed) and BUSY)

    def _reached(self, number: float) -> bool:
        return number >= self.least if self.least is not None else number < (self.below or 0.0)


def millions(number: float) -> str:
    """Events a second, in millions; all digits below one."""
    return f"{number / MILLION:.1f} million" if number >= MILLION else f"{number:,.0f}"


def per_second(number: float) -> str:
    """Events a second."""
    return f"{millions(number)} events/s"


def times(number: float) -> str:
    """A ratio."""
    return f"{number:.2f} times" if number < 10 else f"{number:.0f} times"


def percent(number: float) -> str:
    """A share."""
    return f"{number:.0%}" if number >= 0.1 else f"{number:.1%}"


def seconds(number: float) -> str:
    """A time, in minutes where it is long."""
    if number >= 2 * MINUTE:
        return f"{number / MINUTE:.1f} minutes"
    return f"{number:.0f} s" if number >= 10 else f"{number:.1f} s"


def whole_bytes(number: float) -> str:
    """A small size of memory."""
    return f"{number:,.0f} bytes"


def gigabytes(number: float) -> str:
    """A size of memory."""
    return f"{number / GIGABYTE:.1f} GB"


def of_each_processor(run: Measured) -> float:
    """Processor seconds of a run, shared out over its workers."""
    return float(run["processor_seconds"] / run["workers"])


def events_per_processor_second(run: Measured) -> float:
    """Events a second, were every worker's processor its own."""
    return float(run["events"] / of_each_processor(run))


def of_the_c_loop(field: Measured) -> float:
    """Speed of the compiled engine on Sick-Sicker, as a share of that of the loop in C."""
    entries = field["entries"]
    return float(entries["lbpsim_compiled"]["events_per_second"] / entries["c"]["events_per_second"])


TARGETS = (
    Target(
        "Eleven policies together, faster than each in full",
        "2.6 times",
        "sharing",
        lambda found: found["ratios"]["faster"],
        times,
        least=2.6,
        on_processors=lambda found: found["ratios"]["faster_on_processors"],
    ),
    Target(
        "A policy that touches 1% of people, of the time of a full policy",
        "under 5%",
        "sharing",
        lambda found: found["ratios"]["added_cost"],
        percent,
        below=0.05,
    ),
    Target(
        "Full model, queues full, two threads, beside the version before, in turns",
        "1.65 times",
        "earlier",
        lambda found: found["faster"]["rollout"],
        times,
        least=1.65,
    ),
    Target(
        f"which is, where that makes {millions(BEFORE)} lived events/s",
        "14 million events/s",
        "earlier",
        lambda found: BEFORE * found["faster"]["rollout"],
        per_second,
        least=14 * MILLION,
    ),
    Target("Sick-Sicker, one thread, of the C loop", "70%", "sick_sicker_field", of_the_c_loop, percent, least=0.7),
    Target(
        "The whole country, one policy beside the comparator",
        "45 s",
        "country",
        lambda found: found["runs"]["one"]["seconds"],
        seconds,
        below=45.0,
        on_processors=lambda found: of_each_processor(found["runs"]["one"]),
    ),
    Target(
        "The whole country, all eleven policies",
        "2 minutes",
        "country",
        lambda found: found["runs"]["all"]["seconds"],
        seconds,
        below=2 * MINUTE,
        on_processors=lambda found: of_each_processor(found["runs"]["all"]),
    ),
    Target(
        "its memory",
        "3 GB",
        "country",
        lambda found: found["runs"]["all"]["peak_bytes"],
        gigabytes,
        below=3 * GIGABYTE,
    ),
    Target(
        "its memory a person in flight",
        "600 bytes",
        "country",
        lambda found: found["runs"]["all"]["bytes_in_flight"],
        whole_bytes,
        below=600.0,
    ),
    Target(
        "that of one policy beside the comparator",
        "600 bytes",
        "country",
        lambda found: found["runs"]["one"]["bytes_in_flight"],
        whole_bytes,
        below=600.0,
    ),
    Target(
        "1,000 draws under eleven policies, each lived once, as before structure was drawn",
        "5 minutes",
        "draws",
        lambda found: found["seconds_of_many_once"],
        seconds,
        below=5 * MINUTE,
    ),
    Target(
        "the same with structure drawn: each lived twice",
        "5 minutes",
        "draws",
        lambda found: found["seconds_of_many"],
        seconds,
        below=5 * MINUTE,
        on_processors=lambda found: of_each_processor(found) * found["seconds_of_many"] / found["seconds"],
    ),
    Target(
        "The best policy within limits, the shipped rollout",
        "10 minutes",
        "optimum",
        lambda found: found["seconds"],
        seconds,
        below=10 * MINUTE,
        on_processors=of_each_processor,
    ),
    Target(
        "The shipped study from command to page, with the draws of a run",
        "2 minutes",
        "start",
        lambda found: found["whole_study"]["seconds"],
        seconds,
        below=2 * MINUTE,
    ),
    Target(
        "those draws",
        "200",
        "start",
        lambda found: found["whole_study"]["draws"],
        lambda number: f"{number:.0f}",
        least=200,
    ),
    Target(
        "Start of `lbpsim run` to the first lives",
        "1.5 s",
        "start",
        lambda found: found["first_lives"]["seconds"],
        seconds,
        below=1.5,
        on_processors=lambda found: found["first_lives"]["processor_seconds"],
    ),
    Target(
        "Two policies, 10,000 people, to the page without files of charts: processor time",
        "5 s",
        "start",
        lambda found: found["page_alone"]["processor_seconds"],
        seconds,
        below=5.0,
    ),
    Target(
        "The rules compiled, two threads",
        "30 s",
        "start",
        lambda found: found["first_ever"] - found["few"]["seconds"],
        seconds,
        below=30.0,
    ),
    Target(
        "Full model, two threads, to SimPy in one process",
        "150 times",
        "full_model",
        lambda found: found["ratios"]["compiled_2_to_simpy"],
        times,
        least=150,
    ),
    Target(
        "Speed of one thread, of that of two",
        "55%",
        "full_model",
        lambda found: found["ratios"]["one_thread_of_two"],
        percent,
        least=0.55,
    ),
    Target(
        "SimPy",
        "20,000 events/s",
        "full_model",
        lambda found: found["speeds"]["simpy_1"]["events_per_second"],
        per_second,
        least=20_000,
        on_processors=lambda found: events_per_processor_second(found["speeds"]["simpy_1"]),
    ),
    Target(
        "SimPy, memory a simulated person",
        "2 KB",
        "full_model",
        lambda found: found["memory"]["simpy"]["bytes_per_record"],
        lambda number: f"{number / KILOBYTE:.1f} KB",
        below=2 * KILOBYTE,
    ),
)
