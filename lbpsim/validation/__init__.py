"""Validation, is it the right model: the emulated trial and published figures beside the model's."""
