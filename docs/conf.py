"""Settings of the documentation site; `make docs` builds it into docs/_build/html."""

from __future__ import annotations

import lbpsim

project = "lbpsim"
author = "The lbpsim developers"
copyright = author
version = release = lbpsim.__version__
language = "en-AU"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "README.md"]  # README.md lists the pages where there is no site
default_role = "code"  # docstrings put code between single backticks

myst_heading_anchors = 4
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_class_signature = "separated"
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"lbpsim {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
