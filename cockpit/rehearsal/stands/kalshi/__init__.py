"""The Kalshi stand-in: public and signed REST, orders that really join the book, and the socket."""
