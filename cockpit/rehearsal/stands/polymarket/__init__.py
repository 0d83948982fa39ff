"""The stand-in for Polymarket.com: listings, matching engine, prints and the market socket, in the wake of the stage's Kalshi books."""
