"""Kalshi: WebSocket messages and REST bodies in, events out. Facts: the exchange's AsyncAPI and OpenAPI, 2026."""
