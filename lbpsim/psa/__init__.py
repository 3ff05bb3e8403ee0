"""Probabilistic sensitivity analysis: parameters drawn from their distributions, how many draws it takes."""
