"""The stand-in for Polymarket US: its public gateway, polled, with the settlement index second by second."""
