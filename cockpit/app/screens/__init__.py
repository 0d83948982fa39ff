"""Small forms and lists over the market, which goes on moving behind them."""
