"""Why a policy does what it does: its components one by one, what holds it back, how far it reaches."""
