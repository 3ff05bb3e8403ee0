"""What readers get: tables, charts, provenance and pages, written from results. Simulates nothing."""
