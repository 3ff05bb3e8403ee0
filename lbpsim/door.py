"""The one door upward: a study can be run and results saved, though their rooms know nothing of simulation or report.

What studies and results offer to their users is in `lbpsim.api`. It is opened here when a function of it is asked for,
and never when lbpsim is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lbpsim.api import brief, optimise, research, run, save, save_optimum
    from lbpsim.optimisation.optimum import Optimum
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.research import Research

__all__ = ["Optimum", "Research", "Results", "brief", "optimise", "research", "run", "save", "save_optimum"]


def __getattr__(name: str) -> Any:
    """A function of `lbpsim.api`; Python asks for it here, as this module has none of that name."""
    if name not in __all__:
        raise AttributeError(f"there is no `{name}` behind the door")
    from lbpsim import api  # noqa: PLC0415

    return getattr(api, name)
