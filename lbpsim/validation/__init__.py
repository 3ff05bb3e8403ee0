"""Does it hold? The emulated trial and published figures beside the model's."""
