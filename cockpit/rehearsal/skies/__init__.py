"""Weather in the rehearsal world: one day's high at a station, the brackets on it, and who tells of readings and forecasts."""
