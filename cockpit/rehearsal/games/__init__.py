"""Games of two leagues, invented: how they are played, what they are worth, and who says what of them."""
