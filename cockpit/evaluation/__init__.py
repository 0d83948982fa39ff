"""Recordings in, verdicts out: how right the simulator and the models are."""
