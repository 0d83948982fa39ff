"""Numbers in, probabilities out: pure functions."""
