"""Names of the files that outputs consist of, for all who write them, read them or look whether they are there."""

from __future__ import annotations

STORED, TABLES, CHARTS = "results.npz", "tables", "charts"
UNFINISHED = "unfinished"
WORKBOOK, PAGE_FILE = "results.xlsx", "report.html"
BRIEF_PAGE, BRIEF_SHEET = "brief.html", "brief.pdf"
WHY, FITTED, VALIDATED = "why.json", "calibration.json", "validation.json"
OPTIMISED, RESEARCHED = "optimum.json", "research.json"
