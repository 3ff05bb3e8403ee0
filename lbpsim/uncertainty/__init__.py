"""A study run for each draw of its parameters, with other readings of the model beside it: psa and dsa together."""
