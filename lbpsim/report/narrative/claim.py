"""What a report says of a policy: sentences, each with the topic it answers and the figures it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Topic = Literal["effect", "for whom", "by when", "cost", "sure", "limited by"]
TOPICS: tuple[Topic, ...] = get_args(Topic)


@dataclass(frozen=True)
class Claim:
    """One or two plain sentences: `topic` of `TOPICS`, `text`, and `basis`, the tables and columns it comes from."""

    topic: Topic
    text: str
    basis: str


@dataclass(frozen=True)
class Answer:
    """Everything said of one policy: `scenario` (its name), `title`, and `claims` in the order of their topics."""

    scenario: str
    title: str
    claims: tuple[Claim, ...]
