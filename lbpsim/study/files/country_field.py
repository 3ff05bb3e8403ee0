"""`country` in the study file: a country that ships with the package, or the folder of a pack of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lbpsim.evidence import shipped_countries
from lbpsim.evidence.country import Country
from lbpsim.evidence.country_declaration import DECLARATION, PackError
from lbpsim.evidence.reading import EvidenceError
from lbpsim.study.files.errors import did_you_mean, listed, short
from lbpsim.study.files.faults import problem_of
from lbpsim.study.files.field_type import FieldType, Location, Schema, WrongValue, scalar
from lbpsim.study.files.nodes import Node


@dataclass(frozen=True)
class CountryField(FieldType):
    """The name of a shipped country, or a folder as seen from the study file."""

    def read(self, node: Node, location: Location) -> Country | None:
        """The country; None, and the problems noted, where its pack is wrong."""
        text = scalar(node, "the name of a country, or the folder of a pack").text.strip()
        folder = Path(node.place.file).parent / text
        if not (folder / DECLARATION).is_file():
            return self._shipped(text, folder, node)
        try:
            return shipped_countries.of_folder(folder)
        except PackError as error:
            location.problems.extend(map(problem_of, error.faults))
        except EvidenceError as error:
            raise WrongValue(node.place, str(error), "Mend that file") from None
        return None

    def _shipped(self, text: str, folder: Path, node: Node) -> Country:
        try:
            return shipped_countries.from_name(text)
        except LookupError:
            known = list(shipped_countries.names().values())
            wrong = f"`{short(text)}` is no country that ships"
            if folder.is_dir():
                wrong = f"The folder {short(str(folder))} is no country pack: it has no {DECLARATION}"
            folders = [name for name in shipped_countries.names() if name.casefold() not in map(str.casefold, known)]
            near = did_you_mean(text, [*known, *folders])
            right = f"{near} The countries are {listed(known, 'and')}; another needs the folder of its pack".strip()
            raise WrongValue(node.place, wrong, right) from None

    def schema(self) -> Schema:
        """A string, of which the shipped countries are examples."""
        return {"type": "string", "examples": list(shipped_countries.names().values())}

    def words(self, value: Country) -> str:
        """Its name."""
        return value.name
