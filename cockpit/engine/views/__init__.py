"""What a screen may see, built from the engine's state when asked for."""
