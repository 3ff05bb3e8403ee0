"""Cost-effectiveness analysis of national totals: frontier, net benefit, acceptability, budget impact, equity."""
