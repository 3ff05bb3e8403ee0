"""Calibration: the free parameters of the model fitted to published targets, and their posterior uncertainty."""
