"""The one writer: inputs in, effects out."""
