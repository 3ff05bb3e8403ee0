"""How sure the answer is: parameters drawn from their laws, the study run for each draw, and what the draws say."""
