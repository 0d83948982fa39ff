"""Prices and implied volatilities of the underlyings, from public sources that need no key; pairs are "BTC-USD" everywhere."""
