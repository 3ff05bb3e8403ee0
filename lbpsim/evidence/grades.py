"""Evidence grade of each number, from randomised trials down to assumptions."""

from __future__ import annotations

from typing import Literal, get_args

Grade = Literal[
    "trial", "review", "cohort", "official statistics", "derived", "borrowed", "unverified", "assumption"
]  # fmt: skip
GRADES: tuple[Grade, ...] = get_args(Grade)

MEANING: dict[Grade, str] = {
    "trial": "reported by a randomised trial",
    "review": "pooled by a systematic review",
    "cohort": "observed in a cohort, survey or register",
    "official statistics": "published by a statistical agency or a public payer",
    "derived": "calculated from published numbers; the note says how",
    "borrowed": "taken from another country by a stated rule; not known here",
    "unverified": "quoted without its source at hand; check before publishing",
    "assumption": "a judgement; no source gives it",
}
