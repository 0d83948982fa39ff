"""Snaps in, intents out: pure functions over named frozen parameters."""
