"""What a country borrows from another, and for what it is not fit, in sentences for whoever reads its figures."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.evidence.country import Country
from lbpsim.study.files.errors import listed
from lbpsim.study.phrasing import number_of

DEMONSTRATION = "Demonstration, not for decisions"


def of_country(country: Country) -> Iterator[str]:
    """That its pack is a demonstration, and how much of it is borrowed; nothing of a country that borrows nothing."""
    if country.demonstration:
        yield f"{DEMONSTRATION}: too little is known of {country.in_a_sentence} for figures that anything may rest on."
    if country.borrowed:
        yield how_much(country)


def how_much(country: Country) -> str:
    """How many of the country's inputs and tables are borrowed, from whom, and what lists them."""
    inputs = [each.name for each in country.registry.inputs if each.name in country.registry.of_country]
    borrowed = [name for name in inputs if name in country.borrowed]
    tables = [name for name in country.borrowed if name.endswith(".csv")]
    named = f" and {number_of(len(tables), 'table')} ({listed(tables, 'and')})" if tables else ""
    folder = f'"{country.folder}"' if " " in country.folder else country.folder
    return (
        f"{country.name} borrows {len(borrowed)} of the {len(inputs)} inputs that are of a country{named} from "
        f"{country.donor}, by stated rules and with wider intervals: `lbpsim parameters --country {folder} --borrowed` "
        "lists them."
    )
