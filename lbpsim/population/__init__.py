"""Who they are: the people with chronic low back pain at the start, and those who join them."""
