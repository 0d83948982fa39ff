"""Spot prices of the underlyings, from public sockets that need no key; symbols are "BTC-USD" on all of them."""
