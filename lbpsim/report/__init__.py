"""What readers get: tables, charts, provenance and pages, written from results. Computes nothing of its own."""
