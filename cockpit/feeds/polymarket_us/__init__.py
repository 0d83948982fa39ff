"""Polymarket US (polymarket.us): its public gateway, polled without a key."""
