"""Settings: one tree of plain values, read from TOML, checked, and turned into the engine's configuration."""
