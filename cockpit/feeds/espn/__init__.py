"""Scores, clocks and book lines of two leagues, from ESPN's public pages."""
