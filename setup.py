"""What pyproject.toml cannot say: scenarios/ ships inside the package, as lbpsim/scenarios.

The study has one source, the folder that this repository's commands, pages and tests name; the build puts it into
wheels as the data of a package. `lbpsim.study.shipped` finds it in either place.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["lbpsim", "lbpsim.*"]), "lbpsim.scenarios"],
    package_dir={"lbpsim.scenarios": "scenarios"},
)
