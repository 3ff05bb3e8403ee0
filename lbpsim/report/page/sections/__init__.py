"""The sections of the page by topic, in the order in which they stand."""

from __future__ import annotations
