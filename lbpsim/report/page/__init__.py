"""`report.html`: everything that a study found, in one file that opens offline, prints, and can be read by anyone."""

from __future__ import annotations

from lbpsim.report.page.assembly import page_text, write_page

__all__ = ["page_text", "write_page"]
