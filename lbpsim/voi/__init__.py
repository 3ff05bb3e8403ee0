"""What information is worth: expected value of perfect and of partial perfect information."""
