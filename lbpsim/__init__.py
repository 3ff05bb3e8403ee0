"""lbpsim: the policy laboratory for chronic low back pain.

In Python, with the folder of a study:

    study = lbpsim.load("scenarios/")
    results = study.run(people=2000)
    results.summary
"""

from __future__ import annotations

__version__ = "0.1.0"

from lbpsim.study import Study, load

__all__ = ["Study", "__version__", "load"]
