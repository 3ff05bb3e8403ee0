"""The JSON Schema of scenario files, for editors; it follows from the declarations."""

from __future__ import annotations

from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.field_type import Schema


def schema() -> Schema:
    """JSON Schema (draft 2020-12) of the study file and of policy files; each stands under `$defs` too.

    It cannot say everything: dates out of order and quantities in the wrong unit are found by reading a file only.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lbpsim scenario files",
        "oneOf": [{"$ref": "#/$defs/study"}, {"$ref": "#/$defs/policy"}],
        "$defs": {"study": study_file().schema(), "policy": policy_file().schema()},
    }
