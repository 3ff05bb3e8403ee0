"""What follows from the totals: increments, the efficiency frontier, net benefit. Knows nothing of people or files."""
