"""Verification, is the model right: independent calculations beside the engine's and the model's."""
