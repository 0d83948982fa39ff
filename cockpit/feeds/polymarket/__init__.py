"""Polymarket (polymarket.com): public sockets and REST, no key."""
