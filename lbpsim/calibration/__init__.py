"""Calibration: the free parameters of the model fitted to published targets, and how sure the fit is of them."""
