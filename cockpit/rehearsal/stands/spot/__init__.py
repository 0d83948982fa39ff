"""Stand-ins for the spot exchanges and the volatility venue: Coinbase, Kraken, Binance.US, Deribit, on the prices of the stage."""
