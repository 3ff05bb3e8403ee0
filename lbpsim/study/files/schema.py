"""The JSON Schema of scenario files, for editors; it follows from the declarations."""

from __future__ import annotations

from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.evidence_file import schema as of_evidence
from lbpsim.study.files.field_type import Schema
from lbpsim.study.files.pack_schema import country_file, parameters_file


def schema() -> Schema:
    """JSON Schema (draft 2020-12) of the study file, of policy files and of evidence.yaml, and of country.yaml and
    parameters.yaml of a country pack; each stands under `$defs`.

    It cannot say everything: dates out of order and quantities in the wrong unit are found by reading a file only.
    """
    files = {"study": study_file().schema(), "policy": policy_file().schema(), "evidence": of_evidence()}
    files |= {"country": country_file(), "country_parameters": parameters_file()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lbpsim scenario files",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in files],
        "$defs": files,
    }
