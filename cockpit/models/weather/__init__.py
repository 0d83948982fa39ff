"""Daily high and low temperatures: forecasts blended per station, and what brackets on them are worth."""
