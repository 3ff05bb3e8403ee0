"""How time passes: random numbers, event clocks, waiting lists, two engines. Knows nothing of back pain."""
