"""Polymarket.com's wire: its names, objects and messages, for whoever tells of a market there."""
