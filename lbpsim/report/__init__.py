"""What readers get: tables, charts, provenance and pages, written from results. It starts analyses too, for now."""
