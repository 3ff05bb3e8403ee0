"""The one bibliography: what every source key stands for."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError

from lbpsim.evidence.reading import HOME, EvidenceError, read_mapping


class Reference(BaseModel):
    """A source: its `citation`, its `doi` if it has one, a `note` on corrections or traps."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    citation: str
    doi: str | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.citation} doi {self.doi}" if self.doi else self.citation


@cache
def bibliography() -> dict[str, Reference]:
    """All references by key.

    Raises EvidenceError for an entry that is not complete.
    """
    try:
        return {key: Reference(**entry) for key, entry in read_mapping(HOME / "bibliography.yaml").items()}
    except (ValidationError, TypeError) as error:
        raise EvidenceError(f"bibliography.yaml: {error}") from None
