"""A seeded world that speaks the venues' wire formats, with its truth known."""
