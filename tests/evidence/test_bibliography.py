from __future__ import annotations

import re

from lbpsim.evidence import parameters, tables
from lbpsim.evidence.bibliography import Reference, bibliography
from lbpsim.evidence.shipped_countries import reference

DOI = re.compile(r"^10\.\d{4,9}/\S+$")


def test_every_key_is_used_and_every_use_resolves() -> None:
    used = {key for parameter in parameters().values() for key in parameter.sources}
    used |= {key for entry in tables.index().values() for key in entry.sources}
    used |= {key for table in reference().tables.values() for key in table.sources}
    assert used == set(bibliography())


def test_identifiers_are_well_formed_and_nobody_s_twice() -> None:
    dois = [reference.doi for reference in bibliography().values() if reference.doi]
    assert all(DOI.match(doi) for doi in dois)
    assert len(dois) == len(set(dois))


def test_there_are_no_links() -> None:
    for described in bibliography().values():
        assert "http" not in f"{described.citation} {described.note}"


def test_known_traps_are_told() -> None:
    assert "correction" in bibliography()["agnoli2021"].note
    assert "errata" in bibliography()["kent2023"].note
    assert "errata" in bibliography()["santo2021"].note


def test_a_reference_reads_as_a_citation() -> None:
    assert str(Reference(citation="A 2020.", doi="10.1234/x")) == "A 2020. doi 10.1234/x"
    assert str(Reference(citation="A 2020.")) == "A 2020."
