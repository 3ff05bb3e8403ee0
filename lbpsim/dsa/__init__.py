"""Deterministic sensitivity analysis: one-way, two-way, structural and threshold analysis."""
