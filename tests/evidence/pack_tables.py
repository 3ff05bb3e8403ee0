"""The tables of the reference country's pack as frames, with the columns that the model does not read."""

from __future__ import annotations

import io

import pandas as pd

from lbpsim.evidence.shipped_countries import reference


def pack_table(name: str) -> pd.DataFrame:
    """A table of the pack by the name of its file."""
    return pd.read_csv(io.StringIO(reference().files[f"{name}.csv"]), comment="#")
