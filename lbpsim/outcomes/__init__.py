"""What is counted: accrual between events, discounting, and totals with their Monte Carlo errors."""
