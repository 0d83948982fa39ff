"""Frames in, events out: one sans-I/O parser per source."""
