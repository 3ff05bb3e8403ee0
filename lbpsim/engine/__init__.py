"""How time passes: random numbers, budgets, waiting lists and the SimPy driver. Knows nothing of back pain."""
