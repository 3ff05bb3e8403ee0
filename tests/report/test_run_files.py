"""Which files of a folder are a run's."""

from __future__ import annotations

import json
from pathlib import Path

from lbpsim.report.run_files import outputs_in


def test_a_users_own_package_of_data_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    about = {"sources": [{"title": "A survey"}], "resources": [{"path": "survey.csv"}]}
    (tmp_path / "tables" / "datapackage.json").write_text(json.dumps(about))
    (tmp_path / "tables" / "survey.csv").write_text("mine")
    assert outputs_in(tmp_path) == []
