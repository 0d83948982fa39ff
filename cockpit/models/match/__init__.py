"""Matching of contracts across venues: typed terms, how two relate, and which are worth comparing."""
